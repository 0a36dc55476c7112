import { type Floats, Matrix } from "../numeric/mod.ts";
import { dropLowest, type Mask } from "./mask.ts";
import { type Pattern, requirePattern, twoOfFour } from "./n_to_m.ts";

/**
 * Which keys does a query keep when its scores are pruned on the fly? The n best of every m neighbors. Nothing is
 * predicted or learned: the scores are there when the choice is made, and it is made before they leave the chip.
 *
 * @param scores Of one query with all keys; those that it may not see are -Infinity.
 * @param pattern Default 2:4. A last group that is shorter keeps the same number, or all it has.
 * @throws {RangeError} when a score is NaN.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dynamicMask } from "@fewer-bytes/sparsity";
 *
 * assertEquals(dynamicMask(Float32Array.of(1, 4, 2, 3, 5)), Uint8Array.of(0, 1, 0, 1, 1));
 * ```
 */
export function dynamicMask(scores: Floats, pattern: Pattern = twoOfFour): Mask {
  const { kept, of } = requirePattern(pattern);
  const mask = new Uint8Array(scores.length);
  for (let start = 0; start < scores.length; start += of) {
    const group = scores.subarray(start, start + of);
    mask.set(dropLowest(group, Math.max(0, group.length - kept)), start);
  }
  return mask;
}

/**
 * Which weights does attention give to keys, of which some are pruned? Softmax over what is kept.
 *
 * @throws {RangeError} when no visible key is kept.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { maskedSoftmax } from "@fewer-bytes/sparsity";
 *
 * assertEquals(maskedSoftmax(Float32Array.of(1, 7, 1), Uint8Array.of(1, 0, 1)), Float64Array.of(0.5, 0, 0.5));
 * ```
 */
export function maskedSoftmax(scores: Floats, mask: Mask): Float64Array<ArrayBuffer> {
  let largest = -Infinity;
  scores.forEach((score, key) => largest = mask[key] ? Math.max(largest, score) : largest);
  if (!(largest > -Infinity && largest < Infinity)) {
    throw new RangeError(
      `Cannot attend as a query must see a key with a finite score: current largest score is ${largest}`,
    );
  }
  const weights = Float64Array.from(
    scores,
    (score, key) => mask[key] ? Math.exp(score - largest) : 0,
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * How much of what the full attention looks at is kept? The share of its softmax that falls on the kept keys. Keeping
 * keys at random keeps n/m on average; keeping the best of each group never keeps less than that.
 *
 * @returns From 0 to 1.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { keptMass } from "@fewer-bytes/sparsity";
 *
 * const scores = Float64Array.of(Math.log(4), Math.log(3), Math.log(2), Math.log(1));
 * assertAlmostEquals(keptMass(scores, Uint8Array.of(1, 1, 0, 0)), 0.7);
 * ```
 */
export function keptMass(scores: Floats, mask: Mask): number {
  const full = maskedSoftmax(scores, new Uint8Array(scores.length).fill(1));
  return full.reduce((sum, weight, key) => mask[key] ? sum + weight : sum, 0);
}

/**
 * Attention of some queries with their scores pruned on the fly.
 *
 * Source: Chen et al., "Dynamic N:M Fine-grained Structured Sparse Attention Mechanism" (2022).
 *
 * @param queries One a row.
 * @param keys One a row, as wide as the queries.
 * @param values One a row, as many as keys.
 * @param pattern Default 2:4; `{ kept: 1, of: 1 }` is full attention.
 * @throws {TypeError} when the shapes do not match.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { dynamicAttention } from "@fewer-bytes/sparsity";
 *
 * const values = Matrix.from([[10], [20], [30], [40]]);
 * const keys = Matrix.from([[0], [0], [9], [9]]);
 * assertEquals(dynamicAttention(Matrix.from([[1]]), keys, values).toRows(), [[35]]); // half of 30, half of 40
 * ```
 */
export function dynamicAttention(
  queries: Matrix,
  keys: Matrix,
  values: Matrix,
  pattern: Pattern = twoOfFour,
): Matrix<Float64Array> {
  if (keys.rows !== values.rows) {
    throw new TypeError(
      `Cannot attend as there must be a value for each of ${keys.rows} keys: current number is ${values.rows}`,
    );
  }
  const scores = queries.multiply(keys.transpose()).map((dot) => dot / Math.sqrt(keys.columns));
  const weights = new Matrix(queries.rows, keys.rows, new Float64Array(scores.data.length));
  for (let query = 0; query < queries.rows; query++) {
    const row = scores.row(query);
    weights.row(query).set(maskedSoftmax(row, dynamicMask(row, pattern)));
  }
  return weights.multiply(values);
}
