// @ts-types="@types/d3-random"
import { randomNormal, randomPoisson } from "d3-random";
import { requireInteger } from "../units/mod.ts";
import { splitMix32, xoshiro128 } from "./xoshiro128.ts";

/** A source of uniform numbers in [0, 1). All randomness in the library is drawn from one that is passed in. */
export type Source = () => number;

/** Everything that the course draws at random, from one seeded source. */
export interface Random {
  /** A number in [0, 1). */
  uniform(): number;
  /** A whole number in [0, limit). */
  integer(limit: number): number;
  /** A draw from the Gaussian law. */
  normal(mean?: number, deviation?: number): number;
  /** A draw whose logarithm is Gaussian. */
  logNormal(mean?: number, deviation?: number): number;
  /** A count of independent events with the given mean. */
  poisson(mean: number): number;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** A generator of its own for a part of the work, so that adding draws in one part leaves the others alone. */
  split(): Random;
}

/**
 * How is a notebook random and still the same every time? Through a seed: the same seed gives the same numbers.
 *
 * The bits come from xoshiro128**, seeded through SplitMix32 (Blackman and Vigna, "Scrambled Linear Pseudorandom Number
 * Generators", ACM TOMS 2021); the distributions are d3-random's on top of it.
 *
 * @param seed A whole number from 0 to 2³² − 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 *
 * assertEquals(seeded(7).uniform(), seeded(7).uniform());
 * ```
 */
export function seeded(seed: number): Random {
  requireInteger(seed, 0, "seed a generator", "the seed");
  const next = splitMix32(seed);
  const bits = xoshiro128([next(), next(), next(), next()]);
  const source = () => bits() / 2 ** 32;
  // d3 keeps a spare Gaussian inside each closure: build it once, or every second draw is thrown away.
  const normal = randomNormal.source(source)(0, 1);
  return {
    uniform: source,
    integer: (limit) =>
      Math.floor(source() * requireInteger(limit, 1, "draw a whole number", "the limit")),
    normal: (mean = 0, deviation = 1) => mean + deviation * normal(),
    logNormal: (mean = 0, deviation = 1) => Math.exp(mean + deviation * normal()),
    poisson: (mean) => randomPoisson.source(source)(mean)(),
    shuffle: (items) => {
      const copy = [...items];
      for (let last = copy.length - 1; last > 0; last--) {
        const other = Math.floor(source() * (last + 1));
        [copy[last], copy[other]] = [copy[other]!, copy[last]!];
      }
      return copy;
    },
    split: () => seeded(Math.floor(source() * 2 ** 32)),
  };
}
