import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type CellSyntax, parseCells } from "../cells/mod.ts";
import { codeCells, type Notebook, text } from "../notebook/mod.ts";

/** A code cell as the checks see it. */
export interface CheckedCell {
  readonly number: number;
  readonly code: string;
  readonly syntax: CellSyntax;
}

/** A notebook, from wherever it comes: a file, or the memory of an editor. */
export interface NotebookSource {
  /** Relative to the root, or absolute. */
  readonly path: string;
  readonly book: Notebook;
}

/** A notebook with its code cells parsed. */
export interface ParsedNotebook extends NotebookSource {
  /** The URL of the folder against which cells import, with a slash at its end. */
  readonly folder: string;
  readonly cells: readonly CheckedCell[];
}

/** A cell that starts with a magic is for another language than TypeScript. */
const magic = /^\s*%%/;

/** Parses the code cells of notebooks, all in one run of Deno, or as `parse` does it. */
export async function parseNotebooks<Source extends NotebookSource>(
  sources: readonly Source[],
  root: string,
  parse: (codes: readonly string[]) => Promise<CellSyntax[]> = parseCells,
): Promise<(Source & ParsedNotebook)[]> {
  const read = sources.map((source) => {
    const cells = codeCells(source.book)
      .map(({ cell, number }) => ({ number, code: text(cell.source) }))
      .filter(({ code }) => code.trim() !== "" && !magic.test(code));
    const folder = new URL(".", pathToFileURL(resolve(root, source.path))).href;
    return { ...source, folder, cells };
  });
  const parsed = (await parse(read.flatMap(({ cells }) => cells.map(({ code }) => code)))).values();
  return read.map((notebook) => ({
    ...notebook,
    cells: notebook.cells.map((cell) => ({
      ...cell,
      syntax: parsed.next().value ?? { syntax: [] },
    })),
  }));
}
