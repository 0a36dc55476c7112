import type { Matrix } from "../../numeric/mod.ts";
import { resolveGrid, type UniformGrid } from "./grid.ts";
import { quantize, roundHalfEven } from "./quantize.ts";

/**
 * How does a gradient pass through rounding, whose slope is 0 nearly everywhere?
 *
 * By pretending: the straight-through estimator takes rounding for the identity, so the gradient with
 * respect to a weight is the gradient with respect to its rounded value. Where a weight lies beyond
 * the last mark, it is 0: moving the weight a little would change nothing. The scale counts as fixed.
 *
 * Source: Bengio, Léonard and Courville, "Estimating or Propagating Gradients Through Stochastic
 * Neurons for Conditional Computation" (2013), section 4.
 *
 * @param gradient Of the loss with respect to the rounded weights.
 * @param weights The weights before rounding, of the same shape.
 * @returns The gradient to change the weights by.
 * @throws {TypeError} when the shapes differ.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { straightThrough } from "@fewer-bytes/quantization";
 *
 * const weights = new Matrix(1, 3, Float32Array.of(0.4, -3, 6));
 * const gradient = new Matrix(1, 3, Float32Array.of(5, 6, 7));
 * // Half the range is kept: the marks are -3 to 3, and 6 lies beyond.
 * assertEquals([...straightThrough(gradient, weights, { bits: 3, clip: 0.5 }).data], [5, 6, 0]);
 * ```
 */
export function straightThrough<T extends Float32Array | Float64Array>(
  gradient: Matrix<T>,
  weights: Matrix<Float32Array>,
  grid: UniformGrid,
): Matrix<T> {
  if (gradient.rows !== weights.rows || gradient.columns !== weights.columns) {
    throw new TypeError(
      `Cannot pass a gradient through as it must have the shape of the weights, ${weights.rows} x ${weights.columns}: current shape is ${gradient.rows} x ${gradient.columns}`,
    );
  }
  const { lowest, highest } = resolveGrid(grid, weights.rows, weights.columns);
  const { scales, zeroPoints, groupSize } = quantize(weights, grid);
  return gradient.map((slope, i) => {
    const group = Math.floor(i / groupSize);
    const mark = roundHalfEven(weights.data[i]! / scales[group]!) + (zeroPoints?.[group] ?? 0);
    return mark >= lowest && mark <= highest ? slope : 0;
  });
}
