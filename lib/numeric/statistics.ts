// @ts-types="@types/d3-array"
import { deviation, max, mean, min, quantileSorted } from "d3-array";

/** What a sample looks like, in eight numbers. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** The sample standard deviation (n − 1 in the denominator); 0 for a single value. */
  readonly deviation: number;
  readonly minimum: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
  readonly maximum: number;
}

/**
 * What does this sample look like? Percentiles interpolate between neighbors, as R's type 7 and NumPy do.
 *
 * @throws {RangeError} when the sample is empty or holds a NaN: a percentile of such data would be a guess.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { summarize } from "@fewer-bytes/numeric";
 *
 * assertEquals(summarize([1, 2, 3, 4]).median, 2.5);
 * ```
 */
export function summarize(sample: ArrayLike<number>): Summary {
  const sorted = Array.from(Float64Array.from(sample).sort()); // typed arrays sort by value, plain ones by text
  if (sorted.length === 0) {
    throw new RangeError(
      "Cannot summarize a sample as it must have at least one value: current length is 0",
    );
  }
  if (sorted.some(Number.isNaN)) {
    throw new RangeError("Cannot summarize a sample as every value must be a number: it holds NaN");
  }
  return {
    count: sorted.length,
    mean: mean(sorted)!,
    deviation: deviation(sorted) ?? 0,
    minimum: min(sorted)!,
    median: quantileSorted(sorted, 0.5)!,
    p90: quantileSorted(sorted, 0.9)!,
    p99: quantileSorted(sorted, 0.99)!,
    maximum: max(sorted)!,
  };
}

/**
 * Which constant factor a step does a series grow by? The slope of a least-squares line through the logarithms.
 *
 * @param points Pairs of (step, value), in any order; values above zero.
 * @throws {RangeError} with fewer than two distinct steps, or a value that is not above zero.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { growthPerStep } from "@fewer-bytes/numeric";
 *
 * assertAlmostEquals(growthPerStep([[0, 1], [1, 2], [2, 4]]), 2);
 * ```
 */
export function growthPerStep(points: readonly (readonly [step: number, value: number])[]): number {
  const bad = points.find(([step, value]) =>
    !(Number.isFinite(step) && Number.isFinite(value) && value > 0)
  );
  if (bad) {
    throw new RangeError(`Cannot fit growth as every value must be > 0: current point is (${bad})`);
  }
  const centerX = mean(points, ([step]) => step) ?? NaN;
  const centerY = mean(points, ([, value]) => Math.log(value)) ?? NaN;
  let covariance = 0;
  let variance = 0;
  for (const [step, value] of points) {
    covariance += (step - centerX) * (Math.log(value) - centerY);
    variance += (step - centerX) ** 2;
  }
  if (!(variance > 0)) {
    throw new RangeError(
      `Cannot fit growth as it needs two distinct steps: current number of points is ${points.length}`,
    );
  }
  return Math.exp(covariance / variance);
}
