import { Matrix } from "../../numeric/mod.ts";
import { bestProductKeys, type FoundKey } from "./product_keys.ts";

/** Half keys and values of one head. */
export interface ProductMemory {
  /** One row for each left half, as wide as half a query. */
  readonly left: Matrix;
  readonly right: Matrix;
  /** One row for each pair: row left × (rows of `right`) + right. */
  readonly values: Matrix;
}

/**
 * What does a memory answer to a query? It looks up the k values whose keys fit best, and mixes them by the softmax of their
 * scores: attention over a table that was learned, in which nearly nothing is read.
 *
 * @param query Its first half is compared with left halves, its second with right ones.
 * @returns The mixed value, and which ones it was mixed from.
 * @throws {TypeError} when widths or the number of values do not fit together.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recall } from "@fewer-bytes/experts";
 * import { Matrix } from "@fewer-bytes/numeric";
 *
 * const halves = Matrix.from([[1], [-1]]);
 * const memory = { left: halves, right: halves, values: Matrix.from([[10], [20], [30], [40]]) };
 * assertEquals(recall([5, -5], memory, 1).value, [20]); // left half 0, right half 1
 * ```
 */
export function recall(
  query: ArrayLike<number>,
  { left, right, values }: ProductMemory,
  few: number,
): { readonly value: number[]; readonly found: FoundKey[] } {
  if (query.length !== left.columns + right.columns || values.rows !== left.rows * right.rows) {
    throw new TypeError(
      `Cannot recall as a query must be ${left.columns} + ${right.columns} wide and values ${left.rows} x ${right.rows}: current values are ${query.length} and ${values.rows}`,
    );
  }
  const halves = Float64Array.from(query);
  const scores = (keys: Matrix, half: Float64Array) =>
    keys.multiply(new Matrix(keys.columns, 1, half)).data;
  const found = bestProductKeys(
    scores(left, halves.subarray(0, left.columns)),
    scores(right, halves.subarray(left.columns)),
    few,
  );
  const powers = found.map(({ score }) => Math.exp(score - found[0]!.score));
  const sum = powers.reduce((a, b) => a + b, 0);
  const value = new Array<number>(values.columns).fill(0);
  found.forEach(({ key }, place) =>
    values.row(key).forEach((part, column) => value[column]! += powers[place]! / sum * part)
  );
  return { value, found };
}
