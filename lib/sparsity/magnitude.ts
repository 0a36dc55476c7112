import type { Floats, Matrix } from "../numeric/mod.ts";
import { dropLowest, type Mask, prunedCount } from "./mask.ts";
import { type Amount, keepMostSalient, type Scope } from "./saliency.ts";

/**
 * Which weights go when the smallest go? The oldest answer, and the one to beat: it needs no data, and is blind to what
 * a weight is multiplied with.
 *
 * @param weights `outputs` rows of `inputs` numbers.
 * @param amount A share, or a pattern such as 2:4.
 * @param scope Compare within a "row" or across the "matrix". Default "matrix", as is usual for magnitudes.
 * @throws {RangeError} when the amount is no share, the pattern does not divide a row, or a weight is NaN.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { magnitudeMask, twoOfFour } from "@fewer-bytes/sparsity";
 *
 * const weights = Matrix.from([[0.1, -4, 3, 0.2]]);
 * assertEquals(magnitudeMask(weights, 0.25), Uint8Array.of(0, 1, 1, 1));
 * assertEquals(magnitudeMask(weights, twoOfFour), Uint8Array.of(0, 1, 1, 0));
 * ```
 */
export function magnitudeMask(weights: Matrix, amount: Amount, scope: Scope = "matrix"): Mask {
  return keepMostSalient(weights.map(Math.abs), amount, scope);
}

/**
 * Which weights of a whole model go when the smallest of all go? Matrices of small weights may lose almost everything:
 * compare with {@linkcode magnitudeMask}, which takes the same share from each.
 *
 * @param sparsity The share of all weights together, from 0 to 1.
 * @returns A mask for each matrix, in the same order.
 * @throws {RangeError} when the sparsity is no share, or a weight is NaN.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { globalMagnitudeMasks } from "@fewer-bytes/sparsity";
 *
 * const masks = globalMagnitudeMasks([Matrix.from([[1, 2]]), Matrix.from([[8, 9]])], 0.5);
 * assertEquals(masks, [Uint8Array.of(0, 0), Uint8Array.of(1, 1)]);
 * ```
 */
export function globalMagnitudeMasks(matrices: readonly Matrix[], sparsity: number): Mask[] {
  const total = matrices.reduce((sum, { data }) => sum + data.length, 0);
  const all = new Float64Array(total);
  let end = 0;
  for (const { data } of matrices) {
    all.set(absolute(data), end);
    end += data.length;
  }
  const mask = dropLowest(all, prunedCount(sparsity, total));
  end = 0;
  return matrices.map(({ data }) => mask.slice(end, end += data.length));
}

function absolute(data: Floats): Floats {
  return data.map(Math.abs);
}
