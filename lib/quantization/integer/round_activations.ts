import { type MultiplyRows, multiplyRows } from "../../lm/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import type { UniformGrid } from "../uniform/grid.ts";
import { roundToNearest } from "../uniform/quantize.ts";

/**
 * What happens to a model when its activations are rounded too?
 *
 * Makes the step in which activations meet weights: each token's activations go to a grid and back,
 * then the product is done. The numbers are those of integer arithmetic, see `integerMultiply()`.
 * Give the model weights rounded when it is loaded, and both sides are quantized.
 *
 * @param grid By default one scale for each token ("row"). "tensor" shares one among all tokens of a
 * call, so a token's result depends on its company.
 * @returns For the option `multiply` of `forward()`, `score()` and `generate()`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { roundActivations } from "@fewer-bytes/quantization";
 *
 * const weight = { name: "w", outputs: 1, inputs: 2, data: Float32Array.of(1, 1) };
 * const y = new Float32Array(1);
 * roundActivations({ bits: 2 })(Float32Array.of(10, 4), 1, weight, y);
 * assertEquals(y[0], 10); // the marks are -10, 0 and 10
 * ```
 */
export function roundActivations(grid: UniformGrid): MultiplyRows {
  return (x, rows, weight, y) => {
    const activations = new Matrix(rows, weight.inputs, x.subarray(0, rows * weight.inputs));
    multiplyRows(roundToNearest(activations, grid).data, rows, weight, y);
  };
}
