import { join } from "node:path";
import { parseNotebook, serializeNotebook, text } from "../notebook/mod.ts";
import type { Problem } from "./problem.ts";
import type { NotebookCells } from "./read_notebooks.ts";
import { runDeno, withTemporaryFolder } from "../cells/mod.ts";

/** Finds the cells that `deno fmt` would write differently, Markdown included: one run for all notebooks. */
export async function checkFormat(
  notebooks: readonly NotebookCells[],
  root: string,
): Promise<Problem[]> {
  if (notebooks.length === 0) return [];
  return await withTemporaryFolder(async (folder) => {
    const files = notebooks.map((_, index) => join(folder, `${index}.ipynb`));
    await Promise.all(
      notebooks.map(({ book }, index) =>
        Deno.writeTextFile(files[index] ?? "", serializeNotebook(book))
      ),
    );
    const { success, stderr } = await runDeno([
      "fmt",
      "--quiet",
      "--config",
      join(root, "deno.json"),
      ...files,
    ]);
    if (!success) throw new Error(`Cannot format the notebooks: ${stderr.trim()}`);
    const found = await Promise.all(
      notebooks.map(async ({ path, book }, index): Promise<Problem[]> => {
        const formatted = parseNotebook(await Deno.readTextFile(files[index] ?? ""), path);
        return book.cells.flatMap((cell, place) => {
          const is = text(cell.source).split("\n");
          const should = text(formatted.cells[place]?.source ?? "").split("\n");
          const line = is.findIndex((content, at) => content !== should[at]);
          const at = line < 0 ? is.length : line;
          if (line < 0 && is.length === should.length) return [];
          const message = should[at] === undefined
            ? "deno fmt ends the cell here"
            : `deno fmt writes: ${should[at].trim()}`;
          return [{
            notebook: path,
            cell: place + 1,
            line: at + 1,
            column: 1,
            kind: "format",
            code: "format",
            message,
            source: is[at] ?? "",
          }];
        });
      }),
    );
    return found.flat();
  });
}
