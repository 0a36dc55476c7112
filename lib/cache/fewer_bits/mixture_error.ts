import type { Matrix } from "../../numeric/mod.ts";

/**
 * How far is what attention returns from what it should be? The squared error of Σ share · value, over the size of the sum.
 *
 * Errors of tokens with small shares hardly count. So what matters is not the mean error of all values, but that of the few
 * that attention looks at: a scale of their own keeps the loud ones among the others from spoiling them.
 *
 * @param shares How attention is divided among the tokens.
 * @param values A token in each row.
 * @param back The same values as a cache gives them back; may be longer.
 * @returns 0 for a perfect cache.
 * @throws {TypeError} when there is not one share for each token.
 * @throws {RangeError} when the sum is zero.
 * @example Attention that looks at one token sees the error of this one
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mixtureError } from "@fewer-bytes/cache";
 * import { Matrix } from "@fewer-bytes/numeric";
 *
 * const values = new Matrix(2, 2, Float32Array.of(3, 4, 1, 1));
 * const back = Float32Array.of(3, 4.5, 9, 9);
 * assertEquals(mixtureError([1, 0], values, back), 0.01);
 * ```
 */
export function mixtureError(
  shares: ArrayLike<number>,
  values: Matrix<Float32Array>,
  back: Float32Array,
): number {
  const { rows, columns, data } = values;
  if (shares.length !== rows) {
    throw new TypeError(
      `Cannot mix values as each of ${rows} tokens needs a share: current number is ${shares.length}`,
    );
  }
  let [error, size] = [0, 0];
  for (let channel = 0; channel < columns; channel++) {
    let [whole, lost] = [0, 0];
    for (let token = 0; token < rows; token++) {
      const at = token * columns + channel;
      whole += shares[token]! * data[at]!;
      lost += shares[token]! * (data[at]! - back[at]!);
    }
    error += lost ** 2;
    size += whole ** 2;
  }
  if (!(size > 0)) {
    throw new RangeError("Cannot compare mixtures as the sum of values must not be zero");
  }
  return error / size;
}
