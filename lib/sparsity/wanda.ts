import { Matrix } from "../numeric/mod.ts";
import type { InputStatistics } from "../quantization/mod.ts";
import type { Mask } from "./mask.ts";
import { type Amount, keepMostSalient } from "./saliency.ts";

/**
 * Which weights go when it counts what they are multiplied with? A weight is worth its magnitude times the norm of its
 * input: |w| · ‖x‖₂. A small weight on a loud channel stays, a large one on a silent channel goes.
 *
 * Scores are compared within a row, among the weights of one output. No weight is changed, so one pass over a few
 * samples is all it takes. If channels were uncorrelated, this would be the best mask of all: the squared error of an
 * output is then the sum of the squared scores that went.
 *
 * Source: Sun et al., "A Simple and Effective Pruning Approach for Large Language Models" (2023), equation 1.
 *
 * @param weights `outputs` rows of `inputs` numbers.
 * @param norms ‖x‖₂ of each input channel over the calibration samples. A common factor changes nothing.
 * @param amount A share of each row, or a pattern such as 2:4.
 * @throws {TypeError} when there is not one norm for each input.
 * @throws {RangeError} when a norm or weight is NaN, a norm is negative or infinite, or the amount does not fit.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { wandaMask } from "@fewer-bytes/sparsity";
 *
 * const mask = wandaMask(Matrix.from([[3, -1]]), [1, 10], 0.5);
 * assertEquals(mask, Uint8Array.of(0, 1)); // 3 · 1 < 1 · 10
 * ```
 */
export function wandaMask(weights: Matrix, norms: ArrayLike<number>, amount: Amount): Mask {
  const { rows, columns, data } = weights;
  if (norms.length !== columns) {
    throw new TypeError(
      `Cannot prune as there must be a norm for each of ${columns} inputs: current number is ${norms.length}`,
    );
  }
  const bad = Array.from(norms).find((norm) => !(norm >= 0 && norm < Infinity));
  if (bad !== undefined) {
    throw new RangeError(
      `Cannot prune as every norm must be finite and >= 0: current value is ${bad}`,
    );
  }
  const scores = Float64Array.from(
    data,
    (weight, index) => Math.abs(weight) * norms[index % columns]!,
  );
  return keepMostSalient(new Matrix(rows, columns, scores), amount, "row");
}

/**
 * How loud is each channel? Its Euclidean norm over all samples, which stands on the diagonal of XᵀX, squared.
 *
 * @param statistics Of the inputs, from `calibrate` or `inputStatistics`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { inputStatistics } from "@fewer-bytes/quantization";
 * import { channelNorms } from "@fewer-bytes/sparsity";
 *
 * const inputs = new Matrix(2, 2, Float32Array.of(3, 0, 4, 2));
 * assertEquals(channelNorms(inputStatistics(inputs)), Float64Array.of(5, 2));
 * ```
 */
export function channelNorms(
  { gram }: Pick<InputStatistics, "gram">,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(
    { length: gram.rows },
    (_, channel) => Math.sqrt(gram.get(channel, channel)),
  );
}
