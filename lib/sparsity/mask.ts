import type { Floats, Matrix } from "../numeric/mod.ts";
import { requireAtLeast } from "../units/mod.ts";

/** Which values of a matrix are kept: 1 for kept, 0 for pruned, in the order of its data. */
export type Mask = Uint8Array<ArrayBuffer>;

/**
 * Sets what a mask prunes to zero, in a new matrix.
 *
 * @throws {TypeError} when mask and matrix differ in size.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { applyMask } from "@fewer-bytes/sparsity";
 *
 * assertEquals(applyMask(Matrix.from([[5, -6]]), Uint8Array.of(0, 1)).toRows(), [[0, -6]]);
 * ```
 */
export function applyMask<T extends Floats>(matrix: Matrix<T>, mask: Mask): Matrix<T> {
  if (mask.length !== matrix.data.length) {
    throw new TypeError(
      `Cannot apply a mask as it must have ${matrix.data.length} values: current length is ${mask.length}`,
    );
  }
  return matrix.map((value, index) => mask[index] ? value : 0);
}

/**
 * Which share of the values is not zero? Works for masks, weights and activations alike; NaN counts as a value.
 *
 * @returns From 0 to 1.
 * @throws {RangeError} for an empty list, which has no shares.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { density } from "@fewer-bytes/sparsity";
 *
 * assertEquals(density([0, 3, 0, -1]), 0.5);
 * ```
 */
export function density(values: ArrayLike<number>): number {
  requireAtLeast(values.length, 1, "measure density", "the number of values");
  let kept = 0;
  for (let index = 0; index < values.length; index++) if (values[index] !== 0) kept++;
  return kept / values.length;
}

/**
 * How many values does a sparsity prune? The whole number below `sparsity · count`; a hair of tolerance makes 29 % of
 * 100 be 29, although the product of floats is 28.999….
 *
 * @param sparsity The share to prune, from 0 to 1.
 * @throws {RangeError} when the sparsity is no share.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { prunedCount } from "@fewer-bytes/sparsity";
 *
 * assertEquals(prunedCount(0.29, 100), 29);
 * ```
 */
export function prunedCount(sparsity: number, count: number): number {
  requireAtLeast(sparsity, 0, "prune", "sparsity");
  if (sparsity > 1) {
    throw new RangeError(`Cannot prune as sparsity must be <= 1: current value is ${sparsity}`);
  }
  return Math.floor(sparsity * count + 1e-9);
}

/**
 * Which values are left when the lowest few go? Exactly so many go; among equals the first ones do, so that the answer
 * never depends on a sorting routine, and pruning twice is pruning once.
 *
 * @param scores What each value is worth.
 * @param count How many go.
 * @throws {RangeError} when a score is NaN.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dropLowest } from "@fewer-bytes/sparsity";
 *
 * assertEquals(dropLowest(Float64Array.of(2, 1, 2, 9), 2), Uint8Array.of(0, 0, 1, 1));
 * ```
 */
export function dropLowest(scores: Floats, count: number): Mask {
  if (scores.some(Number.isNaN)) {
    throw new RangeError("Cannot prune as every score must be a number: one is NaN");
  }
  const limit = count === 0 ? -Infinity : scores.toSorted()[count - 1]!;
  let equals = count;
  for (const score of scores) if (score < limit) equals--;
  return Uint8Array.from(scores, (score) => {
    if (score < limit) return 0;
    return score === limit && equals-- > 0 ? 0 : 1;
  });
}
