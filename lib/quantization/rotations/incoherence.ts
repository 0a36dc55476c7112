import type { Floats } from "../../numeric/mod.ts";

/**
 * How far does the largest value stand out? Its size over the root mean square of all: `max|x| / √(mean x²)`.
 *
 * It is 1 when all have one size, √n when a single one of n is not zero, and around 3 to 4 for some thousand Gaussian
 * numbers. A uniform grid of b bits has its marks max|x| / (2^(b−1) − 1) apart, so a typical value gets to see only
 * (2^(b−1) − 1) / incoherence of them: with 4 bits, an incoherence above 14 rounds it to zero. (QuIP, Chee et al. 2023,
 * bounds the error by this number and calls it μ.)
 *
 * @returns 1 or more; 0 when all values are zero.
 * @throws {RangeError} without values, or when one is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { incoherence } from "@fewer-bytes/quantization";
 *
 * assertEquals(incoherence(Float32Array.of(-2, 2, 2, 2)), 1);
 * assertEquals(incoherence(Float32Array.of(0, 9, 0, 0)), 2);
 * ```
 */
export function incoherence(values: Floats): number {
  let largest = 0, squares = 0;
  for (const value of values) {
    largest = Math.max(largest, Math.abs(value));
    squares += value * value;
  }
  if (values.length === 0 || !Number.isFinite(squares)) {
    throw new RangeError(
      `Cannot measure incoherence as it needs finite values: current length is ${values.length}, the sum of squares ${squares}`,
    );
  }
  return largest === 0 ? 0 : largest / Math.sqrt(squares / values.length);
}
