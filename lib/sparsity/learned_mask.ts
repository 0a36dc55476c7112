import type { Matrix, Random } from "../numeric/mod.ts";
import type { InputStatistics } from "../quantization/mod.ts";
import { requireInteger, requirePositive } from "../units/mod.ts";
import { magnitudeMask } from "./magnitude.ts";
import type { Mask } from "./mask.ts";
import { maskLoss } from "./mask_loss.ts";
import { type Pattern, patterns, twoOfFour } from "./n_to_m.ts";

/** How a mask is learned. The defaults suit layers of some hundred groups. */
export interface MaskLearning {
  /** Default 2:4. */
  readonly pattern?: Pattern;
  /** Default 400. */
  readonly steps?: number;
  /** How far logits move on the relative error of one group. Default 4. */
  readonly rate?: number;
  /** Softmax temperature at the first and the last step. Default from 2 to 0.3. */
  readonly temperatures?: readonly [first: number, last: number];
  /** How much the logits favor each value that the magnitude mask keeps. Default 1. */
  readonly prior?: number;
}

/**
 * Can a mask be learned as weights are? Each group of four has six possible masks, and a logit for each. Gumbel noise
 * draws one of them at random, softly, so that the error of the layer has a gradient in the logits; gradient descent
 * then moves them, while the weights stay frozen. At the end each group takes its likeliest mask.
 *
 * Unlike a score, this sees how groups work together: what one drops, another may already carry.
 *
 * Source: Fang et al., "MaskLLM" (2024), in small: one layer and its calibration inputs in place of a model
 * and a corpus, plain gradient descent in place of Adam.
 *
 * @param weights `outputs` rows of `inputs` numbers.
 * @param statistics Of the layer's inputs.
 * @param random Where the noise comes from; the same source gives the same mask.
 * @throws {RangeError} when an option is out of range, or the pattern does not divide a row.
 * @example The best pair shares its output, and magnitudes do not tell
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { learnMask } from "@fewer-bytes/sparsity";
 *
 * const weights = Matrix.from([[3, 2, 2, 1]]);
 * // Channels 0 and 1 cancel each other: of these two, dropping both costs least.
 * const gram = Matrix.from([[4, -5.9, 0, 0], [-5.9, 9, 0, 0], [0, 0, 4, 0], [0, 0, 0, 4]]);
 * assertEquals(learnMask(weights, { gram }, seeded(1)), Uint8Array.of(0, 0, 1, 1));
 * ```
 */
export function learnMask(
  weights: Matrix,
  statistics: Pick<InputStatistics, "gram">,
  random: Random,
  options: MaskLearning = {},
): Mask {
  const {
    pattern = twoOfFour,
    steps = 400,
    rate = 4,
    temperatures: [first, last] = [2, 0.3],
    prior = 1,
  } = options;
  requireInteger(steps, 1, "learn a mask", "steps");
  requirePositive(rate, "learn a mask", "rate");
  const choices = patterns(pattern);
  const start = magnitudeMask(weights, pattern);
  const groups = weights.data.length / pattern.of;
  const logits = Float64Array.from({ length: groups * choices.length }, (_, index) => {
    const group = Math.floor(index / choices.length);
    const shared = choices[index % choices.length]!.filter((kept, i) =>
      kept && start[group * pattern.of + i]
    );
    return prior * shared.length;
  });
  for (let step = 0; step < steps; step++) {
    const temperature = first * (last / first) ** (step / Math.max(1, steps - 1));
    const noise = logits.map(() => gumbel(random));
    const { gradient } = maskLoss(weights, statistics, logits, { pattern, temperature, noise });
    for (let i = 0; i < logits.length; i++) logits[i]! -= rate * groups * gradient[i]!;
  }
  const mask = new Uint8Array(weights.data.length);
  for (let group = 0; group < groups; group++) {
    const own = logits.subarray(group * choices.length, (group + 1) * choices.length);
    mask.set(choices[own.indexOf(Math.max(...own))]!, group * pattern.of);
  }
  return mask;
}

/** The largest of many draws has this law: logits with this noise added are largest as often as softmax says. */
function gumbel(random: Random): number {
  return -Math.log(-Math.log(Math.max(random.uniform(), 1e-12)));
}
