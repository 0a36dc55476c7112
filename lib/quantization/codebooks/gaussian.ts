import { mathjs } from "../../units/mod.ts";

/**
 * The density of the unit Gaussian law at x.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { gaussianDensity } from "@fewer-bytes/quantization";
 *
 * assertAlmostEquals(gaussianDensity(0), 0.3989, 1e-4);
 * ```
 */
export function gaussianDensity(x: number): number {
  return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * The share of the unit Gaussian law below x. Its absolute error is about 10⁻¹⁶, in the tails too.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { gaussianCumulative } from "@fewer-bytes/quantization";
 *
 * assertAlmostEquals(gaussianCumulative(1) - gaussianCumulative(-1), 0.6827, 1e-4);
 * ```
 */
export function gaussianCumulative(x: number): number {
  return (1 + mathjs.erf(x / Math.SQRT2)) / 2;
}

/**
 * Below which x does a share of the unit Gaussian law lie? Newton's method on the cumulative share.
 *
 * From 0 it walks to the answer from one side and cannot overshoot, as the law bends away from zero on both
 * sides.
 *
 * @param share Above 0 and below 1.
 * @throws {RangeError} for another share: the answer would be infinite.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { gaussianQuantile } from "@fewer-bytes/quantization";
 *
 * assertAlmostEquals(gaussianQuantile(0.975), 1.959963985, 1e-9);
 * ```
 */
export function gaussianQuantile(share: number): number {
  if (!(share > 0 && share < 1)) {
    throw new RangeError(
      `Cannot find a quantile as the share must be above 0 and below 1: current value is ${share}`,
    );
  }
  let x = 0;
  for (let round = 0; round < 100; round++) {
    const move = (gaussianCumulative(x) - share) / gaussianDensity(x);
    x -= move;
    if (Math.abs(move) < 1e-14) break;
  }
  return x;
}
