import { requirePositive } from "../../units/mod.ts";
import { gaussianCumulative, gaussianDensity } from "./gaussian.ts";

/** ½ log₂(πe / 6) = 0.2546 bits: what even steps waste at high rates, because a cube is not a ball. */
export const spaceFillingLoss = Math.log2(Math.PI * Math.E / 6) / 2;

/**
 * What do even steps cost if a codeword may be as short as its cell is likely? The entropy of the cells of a
 * unit Gaussian, in bits, and the squared error when each cell is read as its mean.
 *
 * As the step shrinks, the waste tends to {@linkcode spaceFillingLoss}.
 *
 * @param step Width of a cell, in standard deviations; zero is in the middle of one.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { spaceFillingLoss, uniformSteps, wastedBits } from "@fewer-bytes/quantization";
 *
 * const { entropy, distortion } = uniformSteps(0.1);
 * assertAlmostEquals(wastedBits(entropy, distortion), spaceFillingLoss, 1e-3);
 * ```
 */
export function uniformSteps(step: number): { entropy: number; distortion: number } {
  requirePositive(step, "quantize in even steps", "the step");
  let entropy = 0;
  let explained = 0;
  for (let cell = 0; (cell - 0.5) * step < 8; cell++) {
    const [low, high] = [(cell - 0.5) * step, (cell + 0.5) * step];
    const mass = gaussianCumulative(-low) - gaussianCumulative(-high);
    if (mass < 1e-15) break;
    const twice = cell ? 2 : 1; // the cell on the other side of zero
    entropy -= twice * mass * Math.log2(mass);
    explained += twice * (gaussianDensity(low) - gaussianDensity(high)) ** 2 / mass;
  }
  return { entropy, distortion: 1 - explained };
}

/**
 * What do even steps leave at a given rate? Finds the step whose entropy is so many bits.
 *
 * @param bits Above 0, up to 16.
 * @throws {RangeError} for bits out of range.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { entropyCodedDistortion, wastedBits } from "@fewer-bytes/quantization";
 *
 * assertAlmostEquals(wastedBits(1, entropyCodedDistortion(1)), 0.239, 1e-3);
 * ```
 */
export function entropyCodedDistortion(bits: number): number {
  if (requirePositive(bits, "find a step", "bits") > 16) {
    throw new RangeError(`Cannot find a step as bits must be at most 16: current value is ${bits}`);
  }
  let [fine, coarse] = [2 ** -bits, 16];
  for (let round = 0; round < 50; round++) {
    const step = (fine + coarse) / 2;
    if (uniformSteps(step).entropy > bits) fine = step;
    else coarse = step;
  }
  return uniformSteps(fine).distortion;
}
