import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { CellParser } from "../../cells/mod.ts";
import { extractNotebook, type ParsedNotebook, parseNotebooks } from "../../check/mod.ts";
import { codeCells, type Notebook, text } from "../../notebook/mod.ts";
import type { Position } from "./language_protocol.ts";

/** A place in extracted code, and the code. */
export interface ExtractedPlace {
  readonly uri: string;
  readonly code: string;
  readonly position: Position;
  /** The line of code up to the place. */
  readonly before: string;
}

/** The imports, and remarks, that a cell begins with. */
const leadingImports =
  /^(?:\s*(?:\/\/[^\n]*\n|\/\*[^]*?\*\/|import\b[^;"']*["'][^"'\n]*["'](?:\s*with\s*\{[^}]*\})?;?))*/;

/** A chapter as the language server sees it: one TypeScript module, beside the notebook but not on disk. */
export class LiveDocument {
  readonly uri: string;

  constructor(
    private readonly path: string,
    private readonly root: string,
    private readonly parser: CellParser,
  ) {
    this.uri = `${pathToFileURL(resolve(root, path)).href}.ts`;
  }

  /** The notebook with its cells parsed. */
  parse(book: Notebook): Promise<ParsedNotebook> {
    return this.#parse(book, this.parser.parse);
  }

  /**
   * Where is a place of a cell in the extracted code? The code of that cell stays in, even if it does not parse because
   * someone types in it: then the imports that it begins with are parsed alone, and all else stays where it is. Other
   * cells that do not parse are left out.
   *
   * @param line counted from 1, as the column
   * @returns undefined when the cell has no such place, or is not code.
   */
  async locate(
    book: Notebook,
    id: string,
    line: number,
    column: number,
  ): Promise<ExtractedPlace | undefined> {
    const asked = codeCells(book).find(({ cell }) => cell.id === id);
    if (!asked) return undefined;
    const code = text(asked.cell.source);
    const [imports = ""] = code.match(leadingImports) ?? [];
    // Typing waits for the parser only when something that it knows and a block may not have could stand further down.
    const simple = !/\b(?:import|export)\b/.test(code.slice(imports.length));
    const notebook = await this.#parse(book, async (codes) => {
      const shown = codes.map((other) => simple && other === code ? imports : other);
      const [alone, ...parsed] = await this.parser.parse([imports, ...shown]);
      return parsed.map((syntax, index) =>
        codes[index] === code && (simple || syntax.error) ? { syntax: alone?.syntax ?? [] } : syntax
      );
    });
    return this.#place(notebook, asked.number, line, column);
  }

  #place(
    notebook: ParsedNotebook,
    cell: number,
    line: number,
    column: number,
  ): ExtractedPlace | undefined {
    const { code, places } = extractNotebook(notebook);
    const lines = code.split("\n");
    const found = places.flatMap((place, index) =>
      place?.cell === cell && place.line === line ? [index] : []
    );
    // A line with an import is there twice: as the statement, and as what is left of it in the cell.
    const index = found.find((index) => /\S/.test(lines[index]?.slice(0, column) ?? "")) ??
      found.at(-1);
    if (index === undefined) return undefined;
    const position = { line: index, character: column - 1 };
    const before = lines[index]?.slice(0, position.character) ?? "";
    return { uri: this.uri, code, position, before };
  }

  async #parse(book: Notebook, parse: CellParser["parse"]): Promise<ParsedNotebook> {
    const [notebook] = await parseNotebooks([{ path: this.path, book }], this.root, parse);
    if (!notebook) throw new Error(`Cannot parse ${this.path}`);
    return notebook;
  }
}
