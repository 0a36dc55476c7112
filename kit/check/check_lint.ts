import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { Problem } from "./problem.ts";
import { type NotebookCells, withExtractions } from "./read_notebooks.ts";
import { runDeno } from "../cells/mod.ts";

/** Rules that are right for modules and wrong for cells. */
const excluded = [
  // Each cell lies in a block, so that none of its declarations is at the root.
  "no-inner-declarations",
  // A reader may look at a value later, and the stub of an exercise does not use its arguments yet.
  "no-unused-vars",
  // A cell may try out a package that the course itself does not need.
  "no-import-prefix",
];

const report = z.object({
  diagnostics: z.array(z.object({
    filename: z.string(),
    range: z.object({ start: z.object({ line: z.number(), col: z.number() }) }),
    message: z.string(),
    code: z.string(),
    hint: z.string().nullish(),
  })),
});

/**
 * Lints the code cells of notebooks with Deno's recommended rules, as far as they make sense in cells: one run for all.
 * Rules see the whole notebook, so that a variable that a later cell changes is not taken for a constant.
 */
export async function checkLint(notebooks: readonly NotebookCells[]): Promise<Problem[]> {
  const some = notebooks.filter(({ cells }) => cells.some(({ syntax }) => !syntax.error));
  if (some.length === 0) return [];
  return await withExtractions(some, async (files, extractions) => {
    const args = [
      "lint",
      "--quiet",
      "--json",
      "--no-config",
      `--rules-exclude=${excluded}`,
      ...files,
    ];
    const { stdout, stderr } = await runDeno(args);
    if (!stdout.startsWith("{")) throw new Error(`Cannot lint the cells: ${stderr.trim()}`);
    return report.parse(JSON.parse(stdout)).diagnostics.flatMap(
      ({ filename, range: { start }, message, code, hint }) => {
        const index = files.findIndex((file) => pathToFileURL(file).href === filename);
        const [notebook, place] = [some[index], extractions[index]?.places[start.line - 1]];
        if (!notebook || !place) return [];
        // The linter counts characters; editors count UTF-16 units.
        const column = [...place.source].slice(0, start.col).join("").length + 1;
        const words = hint ? `${message} (${hint})` : message;
        return [
          {
            notebook: notebook.path,
            ...place,
            column,
            kind: "lint",
            code,
            message: words,
          } satisfies Problem,
        ];
      },
    );
  });
}
