import { mathjs, requireInteger } from "../../units/mod.ts";

/**
 * What does one coordinate of a randomly rotated unit vector look like? Whatever the vector was, its
 * direction is now even over the sphere, and each coordinate follows a Beta law on [−1, 1]:
 *
 * density(x) = Γ(d/2) / (√π · Γ((d − 1)/2)) · (1 − x²)^((d − 3)/2), with mean 0 and variance 1/d.
 *
 * It tends to the Gaussian law as the dimension grows, and is not it: in three dimensions it is flat. As the
 * law is known before any data is seen, one codebook serves all data: no calibration.
 *
 * Source: Zandieh et al., "TurboQuant" (2025), lemma 1.
 *
 * @param dimension At least 2.
 * @returns The density of one coordinate; 0 beyond ±1.
 * @throws {RangeError} for another dimension.
 * @example A codebook of two bits for rotated unit vectors of 64 numbers
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { lloydMaxOfDensity, sphereCoordinateDensity } from "@fewer-bytes/quantization";
 *
 * assertAlmostEquals(sphereCoordinateDensity(3)(0.7), 0.5);
 * const { distortion } = lloydMaxOfDensity(sphereCoordinateDensity(64), [-1, 1], 4);
 * assertAlmostEquals(64 * distortion, 0.1145, 1e-4); // 0.1175 for the Gaussian, 0.0625 for the bound
 * ```
 */
export function sphereCoordinateDensity(dimension: number): (x: number) => number {
  requireInteger(dimension, 2, "give the density of a coordinate", "the dimension");
  const { lgamma } = mathjs;
  const logarithm = lgamma(dimension / 2) - lgamma((dimension - 1) / 2) - Math.log(Math.PI) / 2;
  const factor = Math.exp(logarithm);
  const power = (dimension - 3) / 2;
  return (x) => Math.abs(x) > 1 ? 0 : factor * (1 - x * x) ** power;
}
