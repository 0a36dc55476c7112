import { checkFormat } from "./check_format.ts";
import { checkLint } from "./check_lint.ts";
import { checkTypes } from "./check_types.ts";
import type { Problem } from "./problem.ts";
import { readNotebooks } from "./read_notebooks.ts";

export interface CheckOptions {
  /** The folder of the deno.json whose import map and compiler options apply. */
  readonly root: string;
  /** What to look for; all by default. */
  readonly kinds?: readonly Problem["kind"][];
}

/**
 * What is wrong in the cells of these notebooks? Deno itself neither type-checks nor lints notebooks, and the kernel
 * ignores types, swallows syntax errors and gives `undefined` for a name that a module does not export.
 *
 * @param paths relative to the root, or absolute
 * @returns the problems in the order of the notebooks, cells and lines; none when all is well.
 */
export async function checkNotebooks(
  paths: readonly string[],
  { root, kinds = ["type", "lint", "format"] }: CheckOptions,
): Promise<Problem[]> {
  const { notebooks, unreadable } = await readNotebooks(paths, root);
  const found = await Promise.all([
    kinds.includes("type") ? checkTypes(notebooks, root) : [],
    kinds.includes("lint") ? checkLint(notebooks) : [],
    kinds.includes("format") ? checkFormat(notebooks, root) : [],
  ]);
  const order = (problem: Problem) => paths.indexOf(problem.notebook);
  return [...unreadable, ...found.flat()].sort((a, b) =>
    order(a) - order(b) || a.cell - b.cell || a.line - b.line || a.column - b.column
  );
}
