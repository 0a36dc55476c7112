import type { ImportedName, ModuleSyntax, Range } from "../cells/mod.ts";
import type { CheckedCell, ParsedNotebook } from "./parse_notebooks.ts";

/** A place in a notebook that a line of extracted code comes from. */
export interface CellPlace {
  readonly cell: number;
  readonly line: number;
  /** The line as it stands in the cell. */
  readonly source: string;
}

/** The code of a notebook as one TypeScript module. */
export interface Extraction {
  readonly code: string;
  /** Where each line of the code comes from; undefined for the lines that join the cells. */
  readonly places: readonly (CellPlace | undefined)[];
}

type Import = Extract<ModuleSyntax, { kind: "import" }>;

/** Replaces text by spaces, so that what follows keeps its line and column. */
function blank(code: string, [start, end]: Range): string {
  return code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, " ") + code.slice(end);
}

function startOf(entry: ModuleSyntax): number {
  return entry.kind === "dynamic" ? entry.sourceRange[0] : entry.range[0];
}

/** Spells out where a relative import leads, as the module is written to another folder than the notebook's. */
function resolveSource(
  code: string,
  { source, sourceRange: [start, end] }: Pick<Import, "source" | "sourceRange">,
  folder: string,
) {
  return /^\.{0,2}\//.test(source)
    ? code.slice(0, start) + JSON.stringify(new URL(source, folder).href) + code.slice(end)
    : code;
}

/** Decides which names an import statement still brings in: each name once, and as a value if any cell asks for that. */
class Imports {
  readonly #values: Set<string>;
  readonly #taken = new Set<string>();

  constructor(imports: readonly Import[]) {
    const values = imports.flatMap(({ source, names }) =>
      names.filter(({ type }) => !type).map((name) => Imports.#key(source, name))
    );
    this.#values = new Set(values);
  }

  static #key(source: string, { imported, local }: ImportedName): string {
    return JSON.stringify([source, imported, local]);
  }

  /** Takes a name; false when it is there already. */
  take(source: string, name: ImportedName): boolean {
    const key = Imports.#key(source, name);
    if (this.#taken.has(key) || name.type && this.#values.has(key)) return false;
    this.#taken.add(key);
    return true;
  }
}

/** The text of an import statement without the names that are there already; undefined when none is left. */
function importText(cell: CheckedCell, statement: Import, imports: Imports): string | undefined {
  const { names, source } = statement;
  const repeated = names.filter((name) => !imports.take(source, name));
  if (names.length > 0 && repeated.length === names.length) return undefined;
  // A name goes together with the comma behind it; a comma that stays before `}` is allowed.
  return repeated.reduce((code, { range: [start, end] }) => {
    const comma = code.slice(end).match(/^\s*,/)?.[0].length ?? 0;
    return blank(code, [start, end + comma]);
  }, cell.code);
}

/**
 * Puts the code cells of a notebook into one TypeScript module, so that Deno can check them: imports first, then each
 * cell in a block of its own inside the block of the cell before. So a cell sees what earlier cells declare and may
 * declare a name again, as the kernel allows, and `await` stays at the top level. Lines and columns stay those of the
 * cell. Cells that do not parse are left out.
 */
export function extractNotebook({ cells, folder }: ParsedNotebook): Extraction {
  const head: { text: string; place: CellPlace | undefined }[] = [];
  const body: typeof head = [];
  const good = cells.filter(({ syntax }) => !syntax.error);
  const imports = new Imports(
    good.flatMap(({ syntax }) => syntax.syntax.filter((entry) => entry.kind === "import")),
  );
  let depth = 0;
  for (const cell of good) {
    const lines = cell.code.split("\n");
    const place = (index: number): CellPlace => ({
      cell: cell.number,
      line: index + 1,
      source: lines[index] ?? "",
    });
    let rest = cell.code;
    // From the end, so that the ranges before a change stay right.
    for (const entry of cell.syntax.syntax.toSorted((a, b) => startOf(b) - startOf(a))) {
      if (entry.kind === "dynamic") rest = resolveSource(rest, entry, folder);
      else rest = blank(rest, entry.range);
    }
    for (const entry of cell.syntax.syntax) {
      if (entry.kind !== "import" && entry.kind !== "reexport") continue;
      const kept = entry.kind === "import" ? importText(cell, entry, imports) : cell.code;
      if (kept === undefined) continue;
      const [start, end] = entry.range;
      const behind = kept.length - end;
      const resolved = resolveSource(kept, entry, folder);
      const column = start - (kept.lastIndexOf("\n", start - 1) + 1);
      const first = kept.slice(0, start).split("\n").length - 1;
      const statement = " ".repeat(column) + resolved.slice(start, resolved.length - behind);
      statement.split("\n").forEach((text, index) =>
        head.push({ text, place: place(first + index) })
      );
    }
    if (rest.trim() === "") continue;
    depth++;
    body.push({ text: "{", place: undefined });
    rest.split("\n").forEach((text, index) => body.push({ text, place: place(index) }));
  }
  const end = { text: `${"}".repeat(depth)} export {};`, place: undefined };
  const all = [...head, ...body, end];
  return {
    code: all.map(({ text }) => text).join("\n") + "\n",
    places: all.map(({ place }) => place),
  };
}
