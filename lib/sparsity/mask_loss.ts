import { Matrix } from "../numeric/mod.ts";
import type { InputStatistics } from "../quantization/mod.ts";
import { requirePositive } from "../units/mod.ts";
import { type Pattern, patterns, twoOfFour } from "./n_to_m.ts";

/** How logits become soft masks. */
export interface SoftMask {
  /** Default 2:4. */
  readonly pattern?: Pattern;
  /** Low ones make masks hard. Default 1. */
  readonly temperature?: number;
  /** Added to the logits. Default none. */
  readonly noise?: Float64Array;
}

/**
 * What does a soft mask cost, and which way is down? Each group mixes its patterns by softmax of `(logits + noise) / T`.
 * The cost is the squared error of the layer's outputs, relative to their own square: 0 when nothing is lost, 1 when
 * nothing is kept.
 *
 * The gradient takes the chain rule backwards: outputs, masked weights, shares of the patterns, logits.
 *
 * @param weights `outputs` rows of `inputs` numbers.
 * @param statistics Of the layer's inputs: with XᵀX, the error is exact without X.
 * @param logits One for each pattern of each group: groups in the order of the weights, patterns in that of `patterns`.
 * @throws {TypeError} when there are not so many logits, or the inputs are others.
 * @example Logits that do not care mix all patterns: every weight counts half, and a quarter of the error is made
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { maskLoss } from "@fewer-bytes/sparsity";
 *
 * const identity = Matrix.from([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
 * const { loss } = maskLoss(Matrix.from([[1, 2, 3, 4]]), { gram: identity }, new Float64Array(6));
 * assertAlmostEquals(loss, 0.25);
 * ```
 */
export function maskLoss(
  weights: Matrix,
  { gram }: Pick<InputStatistics, "gram">,
  logits: Float64Array,
  { pattern = twoOfFour, temperature = 1, noise }: SoftMask = {},
): { loss: number; gradient: Float64Array } {
  requirePositive(temperature, "mix masks", "the temperature");
  const choices = patterns(pattern);
  const { rows, columns, data } = weights;
  const groups = data.length / pattern.of;
  if (logits.length !== groups * choices.length || gram.rows !== columns) {
    throw new TypeError(
      `Cannot mix masks as there must be ${
        groups * choices.length
      } logits and ${columns} inputs: current numbers are ${logits.length} and ${gram.rows}`,
    );
  }
  const shares = new Float64Array(logits.length);
  const exact = new Matrix(rows, columns, Float64Array.from(data));
  const change = exact.map((weight) => -weight); // masked weights minus weights
  for (let group = 0; group < groups; group++) {
    const start = group * choices.length;
    const scores = choices.map((_, k) =>
      (logits[start + k]! + (noise?.[start + k] ?? 0)) / temperature
    );
    const largest = Math.max(...scores);
    const sum = scores.reduce((total, score) => total + Math.exp(score - largest), 0);
    choices.forEach((choice, k) => {
      const share = shares[start + k] = Math.exp(scores[k]! - largest) / sum;
      choice.forEach((kept, i) => {
        const at = group * pattern.of + i;
        if (kept) change.data[at]! += share * data[at]!;
      });
    });
  }
  const slope = change.multiply(gram); // half of the gradient in the masked weights
  const dot = (a: Matrix<Float64Array>, b: Matrix<Float64Array>) =>
    a.data.reduce((sum, value, i) => sum + value * b.data[i]!, 0);
  const energy = dot(exact.multiply(gram), exact);
  const gradient = new Float64Array(logits.length);
  for (let group = 0; group < groups; group++) {
    const start = group * choices.length;
    const byShare = choices.map((choice) =>
      choice.reduce((sum, kept, i) => {
        const at = group * pattern.of + i;
        return sum + kept * 2 * slope.data[at]! * data[at]!;
      }, 0)
    );
    const mean = byShare.reduce((sum, value, k) => sum + value * shares[start + k]!, 0);
    byShare.forEach((value, k) => {
      gradient[start + k] = shares[start + k]! * (value - mean) / temperature / energy;
    });
  }
  return { loss: dot(slope, change) / energy, gradient };
}
