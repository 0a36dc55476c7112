import { type MultiplyRows, multiplyRows } from "../../lm/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import { requireAtLeast } from "../../units/mod.ts";
import { roundToNearest } from "../uniform/quantize.ts";

/**
 * What if the few large activations are simply not rounded? LLM.int8() splits each product in two.
 *
 * Columns in which any token has an activation of at least the threshold are multiplied in floating point; all others in
 * 8 bits, with a scale for each token and one for each row of weights ("vector-wise"), taken over those columns alone. The
 * outliers are few columns, but always the same ones, and they would set the scale of every token.
 *
 * Source: Dettmers et al., "LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale" (2022), equation 8.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { MixedDecomposition } from "@fewer-bytes/quantization";
 *
 * const int8 = new MixedDecomposition();
 * const weight = { name: "w", outputs: 1, inputs: 4, data: Float32Array.of(1, 1, 1, 1) };
 * const y = new Float32Array(1);
 * int8.multiply(Float32Array.of(1000, 0.01, 0.02, 0.03), 1, weight, y);
 * assertAlmostEquals(y[0]!, 1000.06, 1e-3); // one 8-bit scale for all four would round the small ones to 0
 * assertEquals(int8.outlierShare, 0.25);
 * ```
 */
export class MixedDecomposition {
  #columns = 0;
  #outliers = 0;

  /**
   * @param threshold From which size on an activation is an outlier. The paper's is 6.
   * @throws {RangeError} when it is below zero.
   */
  constructor(readonly threshold = 6) {
    requireAtLeast(threshold, 0, "split a product", "the threshold");
  }

  /** The share of columns that were multiplied in floating point, over all products so far. */
  get outlierShare(): number {
    return this.#columns === 0 ? 0 : this.#outliers / this.#columns;
  }

  /** For the option `multiply` of `forward()`, `score()` and `generate()`; weights come as they are, and are rounded here. */
  readonly multiply: MultiplyRows = (x, rows, weight, y) => {
    const { inputs, outputs, data } = weight;
    const activations = x.subarray(0, rows * inputs);
    const isOutlier = new Uint8Array(inputs);
    activations.forEach((value, at) => {
      if (Math.abs(value) >= this.threshold) isOutlier[at % inputs] = 1;
    });
    const count = isOutlier.reduce((sum, outlier) => sum + outlier, 0);
    this.#columns += inputs;
    this.#outliers += count;

    // A column of zeros on both sides adds nothing, and sets no scale.
    const only = (values: Float32Array, wanted: 0 | 1) =>
      count === inputs * wanted
        ? values
        : values.map((value, at) => isOutlier[at % inputs] === wanted ? value : 0);
    const round = (height: number, values: Float32Array) =>
      roundToNearest(new Matrix(height, inputs, values), { bits: 8 }).data.slice();
    const codes = { ...weight, data: round(outputs, only(data, 0)) };
    multiplyRows(round(rows, only(activations, 0)), rows, codes, y);
    if (count === 0) return;
    const exact = new Float32Array(rows * outputs);
    multiplyRows(only(activations, 1), rows, weight, exact);
    for (let at = 0; at < exact.length; at++) y[at]! += exact[at]!;
  };
}
