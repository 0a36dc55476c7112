import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** Which attention: how heads share, and which keys a query sees. */
export interface HeadAttentionOptions {
  /** Heads of the queries. Default 1. */
  readonly queryHeads?: number;
  /** Heads of keys and values, a divisor of the query heads: as many is MHA, one is MQA. Default: as many. */
  readonly keyValueHeads?: number;
  /** Whether a query sees only what stands before it, and itself. Default true. */
  readonly causal?: boolean;
  /** How far a query sees to either side, itself included: a key is seen at a smaller distance. Default: all. */
  readonly window?: number;
  /** Sees a pair of a query's and a key's position; false hides it. Applied besides the others. */
  readonly mask?: (query: number, key: number) => boolean;
  /** What scores are multiplied with. Default 1/√(head dimension). */
  readonly scale?: number;
}

/**
 * How much does each query of one head look at each key?
 *
 * softmax(scale · Q Kᵀ) with hidden pairs left out. With fewer queries than keys, as when decoding, the last query stands
 * at the last key. A query that sees nothing gets zeros, not NaN.
 *
 * @param queries One head's queries, one in each row.
 * @param keys One head's keys.
 * @returns One row for each query; it sums to 1.
 * @throws {TypeError} when queries and keys differ in width.
 * @example Two keys alike share equally
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { headWeights } from "@fewer-bytes/attention";
 *
 * const keys = Matrix.from([[3], [3]]);
 * assertEquals(headWeights(Matrix.from([[2]]), keys).toRows(), [[0.5, 0.5]]);
 * ```
 */
export function headWeights(
  queries: Matrix,
  keys: Matrix,
  options: HeadAttentionOptions = {},
): Matrix<Float64Array> {
  if (queries.columns !== keys.columns) {
    throw new TypeError(
      `Cannot compare queries with keys as their widths must be equal: current widths are ${queries.columns} and ${keys.columns}`,
    );
  }
  const { causal = true, window = Infinity, mask, scale = 1 / Math.sqrt(keys.columns) } = options;
  if (window !== Infinity) requireInteger(window, 1, "attend", "window");
  const ahead = keys.rows - queries.rows;
  const weights = new Matrix(queries.rows, keys.rows, new Float64Array(queries.rows * keys.rows));
  for (let row = 0; row < queries.rows; row++) {
    const position = row + ahead;
    const shares = weights.row(row);
    let largest = -Infinity;
    for (let key = 0; key < keys.rows; key++) {
      const seen = !(causal && key > position) && Math.abs(position - key) < window &&
        (mask?.(position, key) ?? true);
      shares[key] = seen ? scale * dot(queries.row(row), keys.row(key)) : -Infinity;
      largest = Math.max(largest, shares[key]!);
    }
    if (largest === -Infinity) {
      shares.fill(0);
      continue;
    }
    let sum = 0;
    for (let key = 0; key < keys.rows; key++) sum += shares[key] = Math.exp(shares[key]! - largest);
    for (let key = 0; key < keys.rows; key++) shares[key]! /= sum;
  }
  return weights;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
