import { requireAtLeast, requireInteger, requirePositive } from "../../units/mod.ts";
import { entropyCodedDistortion } from "./entropy_coded.ts";
import { gaussianDensity } from "./gaussian.ts";
import { lloydMaxOfDensity } from "./lloyd_max.ts";

/**
 * How small can the error be, at best? No code of R bits a value, however clever and however long, leaves
 * less of a Gaussian source of variance 1 than D(R) = 2^(−2R). Each bit quarters the squared error: 6.02 dB.
 *
 * Source: Shannon, "Coding Theorems for a Discrete Source with a Fidelity Criterion" (1959).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gaussianBound } from "@fewer-bytes/quantization";
 *
 * assertEquals([0, 1, 2].map(gaussianBound), [1, 1 / 4, 1 / 16]);
 * ```
 */
export function gaussianBound(bits: number): number {
  return 4 ** -requireAtLeast(bits, 0, "bound the distortion", "bits");
}

/**
 * How many of the bits did a method waste? Those beyond what the bound asks for the error it leaves: R − ½
 * log₂(1 / D).
 *
 * @param bits What it spends on a value.
 * @param distortion Its mean squared error, over the variance of the values.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { wastedBits } from "@fewer-bytes/quantization";
 *
 * assertEquals(wastedBits(3, 1 / 16), 1); // two bits would do
 * ```
 */
export function wastedBits(bits: number, distortion: number): number {
  requireAtLeast(bits, 0, "count wasted bits", "bits");
  return bits + Math.log2(requirePositive(distortion, "count wasted bits", "the distortion")) / 2;
}

/** The mean squared error of three ways to spend the same bits on a unit Gaussian. */
export interface GaussianDistortions {
  /** Shannon's bound, which no method is below. */
  readonly bound: number;
  /** Even steps with an entropy code: codewords of many lengths. */
  readonly entropyCoded: number;
  /** Lloyd and Max: 2^bits levels, and a code of the same length for each. */
  readonly fixedRate: number;
}

/**
 * Does a scalar quantizer reach the bound? It does not: not with the best levels there are, and not with an
 * entropy code.
 *
 * Fixed-rate codes waste 0.270, 0.455, 0.572 and 0.641 bits at 1 to 4 bits, and tend to a loss of a factor
 * √3·π/2 = 2.72 (0.72 bits); even steps with an entropy code tend to 0.255 bits. Rotating the data first, as
 * TurboQuant does, makes it nearly Gaussian: it brings a method to this place, and not below it.
 *
 * @param bits From 1 to 8.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { gaussianDistortions, wastedBits } from "@fewer-bytes/quantization";
 *
 * const { bound, fixedRate } = gaussianDistortions(2);
 * assertAlmostEquals(bound, 1 / 16);
 * assertAlmostEquals(fixedRate, 0.1175, 1e-4);
 * assertAlmostEquals(wastedBits(2, fixedRate), 0.455, 1e-3);
 * ```
 */
export function gaussianDistortions(bits: number): GaussianDistortions {
  if (requireInteger(bits, 1, "compare distortions", "bits") > 8) {
    throw new RangeError(
      `Cannot compare distortions as bits must be at most 8: current value is ${bits}`,
    );
  }
  return {
    bound: gaussianBound(bits),
    entropyCoded: entropyCodedDistortion(bits),
    fixedRate: lloydMaxOfDensity(gaussianDensity, [-8, 8], 2 ** bits).distortion,
  };
}
