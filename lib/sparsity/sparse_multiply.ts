import { type MultiplyRows, multiplyRows } from "../lm/mod.ts";
import { columnOf, type CompressedTwoFour } from "./compressed_two_four.ts";

/**
 * Multiplies rows of activations with a compressed 2:4 matrix, into `y`: half of the multiplications, and the same
 * sums to the last digit, because what is left out was added as zero.
 *
 * Every kept weight fetches the activation that its index names. A tensor core does that with a selector in hardware;
 * here it is an indirection in the inner loop.
 *
 * @param x `rows` rows of as many activations as the matrix has columns.
 * @param y Takes `rows` rows of as many results as the matrix has rows.
 * @throws {TypeError} when x or y has another size.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { compressTwoFour, multiplyTwoFour } from "@fewer-bytes/sparsity";
 *
 * const compressed = compressTwoFour(Matrix.from([[0, 2, 0, 3], [1, 0, 0, 0]]));
 * const y = new Float32Array(2);
 * multiplyTwoFour(Float32Array.of(5, 6, 7, 8), 1, compressed, y);
 * assertEquals(y, Float32Array.of(2 * 6 + 3 * 8, 5));
 * ```
 */
export function multiplyTwoFour(
  x: Float32Array,
  rows: number,
  compressed: CompressedTwoFour,
  y: Float32Array,
): void {
  const { rows: outputs, columns: inputs, values } = compressed;
  if (x.length !== rows * inputs || y.length !== rows * outputs) {
    throw new TypeError(
      `Cannot multiply as x and y must have ${rows * inputs} and ${
        rows * outputs
      } values: current lengths are ${x.length} and ${y.length}`,
    );
  }
  const half = inputs / 2;
  const columns = new Uint32Array(half);
  for (let output = 0; output < outputs; output++) {
    for (let k = 0; k < half; k++) columns[k] = columnOf(compressed, output * half + k);
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let k = 0; k < half; k++) {
        sum += values[output * half + k]! * x[row * inputs + columns[k]!]!;
      }
      y[row * outputs + output] = sum;
    }
  }
}

/**
 * Runs a model from compressed matrices: pass the result to `forward`, `score` or `generate` as `multiply`.
 *
 * @param compressed Matrices by the names of the weights that they stand for; others are multiplied as they are.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { compressTwoFour, multiplyCompressed } from "@fewer-bytes/sparsity";
 *
 * const data = Float32Array.of(0, 2, 0, 3);
 * const multiply = multiplyCompressed(new Map([["up", compressTwoFour(new Matrix(1, 4, data))]]));
 * const y = new Float32Array(1);
 * multiply(Float32Array.of(1, 1, 1, 1), 1, { name: "up", outputs: 1, inputs: 4, data }, y);
 * assertEquals(y[0], 5);
 * ```
 */
export function multiplyCompressed(
  compressed: ReadonlyMap<string, CompressedTwoFour>,
): MultiplyRows {
  return (x, rows, weight, y) => {
    const own = compressed.get(weight.name);
    if (own) multiplyTwoFour(x, rows, own, y);
    else multiplyRows(x, rows, weight, y);
  };
}
