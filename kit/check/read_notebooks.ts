import { resolve } from "node:path";
import { withTemporaryFolder } from "../cells/mod.ts";
import { parseNotebook } from "../notebook/mod.ts";
import { type Extraction, extractNotebook } from "./extract_notebook.ts";
import { type ParsedNotebook, parseNotebooks } from "./parse_notebooks.ts";
import type { Problem } from "./problem.ts";

/** The notebook of a file with its code cells parsed. */
export interface NotebookCells extends ParsedNotebook {
  /** The text of the file. */
  readonly json: string;
}

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
  const sources = await Promise.all(paths.map(async (path) => {
    try {
      const json = await Deno.readTextFile(resolve(root, path));
      return [{ path, json, book: parseNotebook(json, path) }];
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof Deno.errors.NotFound)) throw error;
      const message = error instanceof SyntaxError ? error.message : "there is no such file";
      const nowhere = { cell: 0, line: 0, column: 0, source: "" };
      unreadable.push({ notebook: path, ...nowhere, kind: "format", code: "notebook", message });
      return [];
    }
  }));
  return { notebooks: await parseNotebooks(sources.flat(), root), unreadable };
}

/** Notebooks as TypeScript files that exist as long as they are used: one file a notebook, in the same order. */
export function withExtractions<T>(
  notebooks: readonly ParsedNotebook[],
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
