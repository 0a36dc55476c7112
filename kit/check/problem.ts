/** Something wrong in a notebook, at a place that its author can go to. */
export interface Problem {
  /** The notebook's path, as it was asked for. */
  readonly notebook: string;
  /** The cell's position among all cells, counted from 1; 0 when the file as a whole is meant. */
  readonly cell: number;
  /** The line in the cell, counted from 1. */
  readonly line: number;
  /** The column in the line, counted from 1 in UTF-16 units, as editors do. */
  readonly column: number;
  /** The compiler's or linter's name of it: "TS2322", "no-debugger", "syntax", "format". */
  readonly code: string;
  readonly message: string;
  readonly kind: "type" | "lint" | "format";
  /** The line of code that it is about; empty when there is none to show. */
  readonly source: string;
}

/**
 * A problem in words: the place, the message, and the line of code with a caret below the column.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const place = { notebook: "notebooks/01_memory_wall.ipynb", cell: 7, line: 3, column: 7 };
 * const message = "Type 'string' is not assignable to type 'number'.";
 * assertEquals(
 *   formatProblem({ ...place, kind: "type", code: "TS2322", message, source: `const n: number = "4";` }),
 *   `notebooks/01_memory_wall.ipynb, cell 7, line 3: TS2322: Type 'string' is not assignable to type 'number'.
 *     const n: number = "4";
 *           ^`,
 * );
 * ```
 */
export function formatProblem(
  { notebook, cell, line, column, code, message, source }: Problem,
): string {
  const place = cell === 0 ? notebook : `${notebook}, cell ${cell}, line ${line}`;
  const indented = message.trim().split("\n").join("\n    ");
  if (source.trim() === "") return `${place}: ${code}: ${indented}`;
  // Tabs stay, so that the caret lands where the terminal draws the character.
  const gap = source.slice(0, column - 1).replace(/[^\t]/gu, " ");
  return `${place}: ${code}: ${indented}\n    ${source}\n    ${gap}^`;
}
