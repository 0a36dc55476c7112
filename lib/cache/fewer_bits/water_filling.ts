import { requireAtLeast, requirePositive } from "../../units/mod.ts";

/** How the bits of a budget are best spread over channels. */
export interface WaterFilling {
  /** The squared error of every channel that gets bits; no channel has a larger one. */
  readonly level: number;
  /** Bits of each channel; none for those that are below the level. */
  readonly bits: Float64Array<ArrayBuffer>;
  /** Mean squared error over the channels. */
  readonly distortion: number;
}

/**
 * Where should bits go when some channels are louder than others? To the loud ones, until the error is the same in all:
 * bits = ½·log₂(variance / level), and none where the variance is below the level. No code of this rate can do better on
 * independent Gaussian channels.
 *
 * A rotation mixes the channels until all have the mean variance. Then bits are spread evenly, which is simple, and the
 * gain of knowing the loud channels is lost: see {@linkcode codingGain}.
 *
 * Source: Cover and Thomas, "Elements of Information Theory", reverse water-filling.
 *
 * @param variances One for each channel, at least 0, not all 0.
 * @param bits Mean bits of a channel.
 * @throws {RangeError} for other variances, or negative bits.
 * @example Two bits for two channels: one is 16 times as loud, and gets a bit and a half more than the mean
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { waterFilling } from "@fewer-bytes/cache";
 *
 * const { bits, level } = waterFilling([16, 1], 2);
 * assertAlmostEquals(bits[0]!, 3);
 * assertAlmostEquals(bits[1]!, 1);
 * assertAlmostEquals(level, 1 / 4);
 * ```
 */
export function waterFilling(variances: ArrayLike<number>, bits: number): WaterFilling {
  requireAtLeast(bits, 0, "spread bits", "bits");
  const all = Float64Array.from(variances);
  all.forEach((variance) => requireAtLeast(variance, 0, "spread bits", "a variance"));
  const largest = requirePositive(Math.max(...all, 0), "spread bits", "the largest variance");
  const spent = (level: number) => all.map((v) => v > level ? Math.log2(v / level) / 2 : 0);
  let [low, high] = [-2 * bits * all.length - 64, 0]; // logarithms of level / largest
  for (let round = 0; round < 100; round++) {
    const middle = (low + high) / 2;
    const mean = spent(largest * 2 ** middle).reduce((sum, b) => sum + b, 0) / all.length;
    if (mean > bits) low = middle;
    else high = middle;
  }
  const level = largest * 2 ** high;
  const distortion = all.reduce((sum, v) => sum + Math.min(v, level), 0) / all.length;
  return { level, bits: spent(level), distortion };
}

/**
 * How many times larger is the error when unequal channels are treated alike? The arithmetic mean of the variances over
 * the geometric one: 1 when all are equal. Half its binary logarithm is the loss in bits.
 *
 * It is what a rotation gives up where the loud channels are known, and what a scale for each channel can win.
 *
 * @param variances One for each channel, at least 0, not all 0.
 * @returns Infinity when a channel is silent: it needs no bits at all.
 * @throws {RangeError} for other variances.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { codingGain } from "@fewer-bytes/cache";
 *
 * assertAlmostEquals(codingGain([16, 1]), 8.5 / 4);
 * ```
 */
export function codingGain(variances: ArrayLike<number>): number {
  const all = Float64Array.from(variances);
  let [sum, logarithms] = [0, 0];
  for (const variance of all) {
    sum += requireAtLeast(variance, 0, "compute a coding gain", "a variance");
    logarithms += Math.log(variance);
  }
  return requirePositive(sum, "compute a coding gain", "the sum of variances") / all.length /
    Math.exp(logarithms / all.length);
}
