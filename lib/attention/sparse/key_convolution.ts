import { type Floats, Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/**
 * How can neighbors of a relevant key be made relevant, too? A short convolution along the sequence mixes each key with the
 * few before it, channel by channel: k + SiLU(Σ wⱼ ⊙ k₋ⱼ). What a block holds of a query's interest then spreads over several
 * keys, and survives the mean. Its weights must be trained; it costs a few operations for each value, and the last few keys.
 *
 * Source: Xiao, Guo, Mazaheri and Han, "Optimizing Mixture of Block Attention" (2025); lengths 3 and 5.
 *
 * @param keys One row for each token; before the first there are zeros.
 * @param weights One row for each distance from 0 on, as wide as the keys.
 * @throws {TypeError} when the widths differ.
 * @throws {RangeError} when there is no weight.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { convolveKeys } from "@fewer-bytes/attention";
 *
 * const zeros = Matrix.from([[0], [0], [0]]);
 * assertEquals(convolveKeys(Matrix.from([[3], [4]]), zeros).toRows(), [[3], [4]]); // it starts as no change
 * ```
 */
export function convolveKeys(keys: Matrix<Floats>, weights: Matrix<Floats>): Matrix<Float64Array> {
  requireInteger(weights.rows, 1, "convolve keys", "the number of weights");
  if (keys.columns !== weights.columns) {
    throw new TypeError(
      `Cannot convolve keys as weights must be as wide: current widths are ${keys.columns} and ${weights.columns}`,
    );
  }
  const { rows, columns, data } = keys;
  const mixed = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let back = 0; back < weights.rows && back <= row; back++) {
        sum += weights.data[back * columns + x]! * data[(row - back) * columns + x]!;
      }
      mixed[row * columns + x] = data[row * columns + x]! + sum / (1 + Math.exp(-sum));
    }
  }
  return new Matrix(rows, columns, mixed);
}
