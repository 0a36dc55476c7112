import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { codeCells, type Notebook, parseNotebook, text } from "../notebook/mod.ts";
import { type Extraction, extractNotebook } from "./extract_notebook.ts";
import { type CellSyntax, parseCells, withTemporaryFolder } from "../cells/mod.ts";
import type { Problem } from "./problem.ts";

/** A code cell as the checks see it. */
export interface CheckedCell {
  readonly number: number;
  readonly code: string;
  readonly syntax: CellSyntax;
}

/** A notebook with its code cells parsed. */
export interface NotebookCells {
  readonly path: string;
  /** The text of the file. */
  readonly json: string;
  readonly book: Notebook;
  /** The URL of the folder against which cells import, with a slash at its end. */
  readonly folder: string;
  readonly cells: readonly CheckedCell[];
}

/** A cell that starts with a magic is for another language than TypeScript. */
const magic = /^\s*%%/;

/** The notebooks that could be read, and what is wrong with the other files. */
export interface ReadNotebooks {
  readonly notebooks: readonly NotebookCells[];
  readonly unreadable: readonly Problem[];
}

/**
 * Reads notebooks and parses their cells, all in one run of Deno.
 *
 * @param paths relative to the root, or absolute
 */
export async function readNotebooks(
  paths: readonly string[],
  root: string,
): Promise<ReadNotebooks> {
  const unreadable: Problem[] = [];
  const books = await Promise.all(paths.map(async (path) => {
    const file = resolve(root, path);
    try {
      const json = await Deno.readTextFile(file);
      const book = parseNotebook(json, path);
      const cells = codeCells(book).map(({ cell, number }) => ({ number, code: text(cell.source) }))
        .filter(({ code }) => code.trim() !== "" && !magic.test(code));
      return [{ path, json, book, folder: `${pathToFileURL(dirname(file)).href}/`, cells }];
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof Deno.errors.NotFound)) throw error;
      const message = error instanceof SyntaxError ? error.message : "there is no such file";
      const nowhere = { cell: 0, line: 0, column: 0, source: "" };
      unreadable.push({ notebook: path, ...nowhere, kind: "format", code: "notebook", message });
      return [];
    }
  }));
  const readable = books.flat();
  const parsed = (await parseCells(readable.flatMap(({ cells }) => cells.map(({ code }) => code))))
    .values();
  const notebooks = readable.map((book) => ({
    ...book,
    cells: book.cells.map((cell) => ({ ...cell, syntax: parsed.next().value ?? { syntax: [] } })),
  }));
  return { notebooks, unreadable };
}

/** Notebooks as TypeScript files that exist as long as they are used: one file a notebook, in the same order. */
export function withExtractions<T>(
  notebooks: readonly NotebookCells[],
  use: (files: string[], extractions: Extraction[], folder: string) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    const extractions = notebooks.map(extractNotebook);
    const files = extractions.map((_, index) => `${folder}/${index}.ts`);
    await Promise.all(
      extractions.map(({ code }, index) => Deno.writeTextFile(files[index] ?? "", code)),
    );
    return await use(files, extractions, folder);
  });
}
