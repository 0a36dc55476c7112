import type { Random } from "../../numeric/mod.ts";
import { requireInteger, requirePositive, type Seconds } from "../../units/mod.ts";

/** Draws the time until the next request. */
export type Arrivals = (random: Random) => Seconds;

/**
 * Requests of people who know nothing of each other: a Poisson process. Gaps are exponential, so many are short and a
 * few are long, and the past says nothing about the next one.
 *
 * @param rate Requests per second on average.
 * @throws {RangeError} when the rate is not above zero.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { arrivalTimes, poissonArrivals } from "@fewer-bytes/serving";
 *
 * const times = arrivalTimes(poissonArrivals(5), 10_000, seeded(1));
 * assertAlmostEquals(times.at(-1)!, 2000, 50);
 * ```
 */
export function poissonArrivals(rate: number): Arrivals {
  requirePositive(rate, "draw arrivals", "the rate");
  return (random) => -Math.log1p(-random.uniform()) / rate;
}

/**
 * Requests at equal distances, as a load generator without randomness sends them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { arrivalTimes, evenArrivals } from "@fewer-bytes/serving";
 *
 * assertEquals([...arrivalTimes(evenArrivals(4), 2, seeded(1))], [0.25, 0.5]);
 * ```
 */
export function evenArrivals(rate: number): Arrivals {
  requirePositive(rate, "draw arrivals", "the rate");
  return () => 1 / rate;
}

/**
 * Requests that come in bursts: gaps from the gamma law, whose coefficient of variation (deviation over mean) is chosen.
 * 1 is the Poisson process; production traces show 2 to 4 and more.
 *
 * Drawn with the method of Marsaglia and Tsang (ACM TOMS 26(3), 2000), and its boost for shapes below 1.
 *
 * @param rate Requests per second on average.
 * @param variation Deviation of the gaps over their mean.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { arrivalTimes, burstyArrivals, poissonArrivals } from "@fewer-bytes/serving";
 *
 * const closest = (times: Float64Array) => times.map((time, at) => time - (times[at - 1] ?? 0)).sort()[50]!;
 * const bursts = arrivalTimes(burstyArrivals(5, 3), 100, seeded(1));
 * assert(closest(bursts) < closest(arrivalTimes(poissonArrivals(5), 100, seeded(1))) / 2);
 * ```
 */
export function burstyArrivals(rate: number, variation: number): Arrivals {
  requirePositive(rate, "draw arrivals", "the rate");
  requirePositive(variation, "draw arrivals", "the variation");
  const shape = 1 / variation ** 2;
  return (random) => gamma(random, shape) / (shape * rate);
}

/**
 * Arrivals that follow one drawn gap by gap, at most so many.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { arrivalTimes, evenArrivals } from "@fewer-bytes/serving";
 *
 * assertEquals([...arrivalTimes(evenArrivals(2), 3, seeded(1))], [0.5, 1, 1.5]);
 * ```
 */
export function arrivalTimes(arrivals: Arrivals, count: number, random: Random): Float64Array {
  requireInteger(count, 1, "draw arrivals", "the number of requests");
  const times = new Float64Array(count);
  let now = 0;
  for (let index = 0; index < count; index++) times[index] = now += arrivals(random);
  return times;
}

function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  while (true) {
    const normal = random.normal();
    const v = (1 + c * normal) ** 3;
    if (v <= 0) continue;
    if (Math.log1p(-random.uniform()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
