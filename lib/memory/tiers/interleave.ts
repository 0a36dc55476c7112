import { type BytesPerSecond, requireInteger } from "../../units/mod.ts";
import { requireShares, type Shares } from "../placement/placement.ts";
import { type Tier, tierBandwidth } from "./tier.ts";

/**
 * How fast are bytes read that are spread over several tiers? All are read side by side, and the last one to finish
 * decides: 1 / max(share / bandwidth). Tiers must not share a link.
 *
 * Half of the pages on a card with a sixth of the bandwidth makes everything slower than no card at all.
 *
 * @throws {RangeError} when shares do not add up to 1, or a bandwidth is not above zero.
 * @throws {TypeError} when there are not as many shares as tiers.
 * @example Eight channels of DDR5 and one CXL card: evenly, and in proportion
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findMemory } from "@fewer-bytes/catalog";
 * import { balancedShares, interleavedBandwidth, mainMemory } from "@fewer-bytes/memory";
 *
 * const tiers = [mainMemory(findHardware("intel-xeon-8480plus")), findMemory("micron-cz120")];
 * assertAlmostEquals(interleavedBandwidth(tiers, [0.5, 0.5]) / 1e9, 72, 0.1); // of 307 GB/s
 * assertAlmostEquals(interleavedBandwidth(tiers, balancedShares(tiers)) / 1e9, 343.2, 0.1);
 * ```
 */
export function interleavedBandwidth(tiers: readonly Tier[], shares: Shares): BytesPerSecond {
  requireShares(shares, tiers.length, "interleaved pages");
  return 1 / Math.max(
    ...tiers.map((tier, index) => shares[index] ? shares[index]! / tierBandwidth(tier) : 0),
  );
}

/**
 * Which shares make interleaved tiers fastest? Those in proportion to their bandwidths: all finish together, and the
 * bandwidths add up.
 *
 * @throws {RangeError} when a bandwidth is not above zero.
 */
export function balancedShares(tiers: readonly Tier[]): number[] {
  const rates = tiers.map(tierBandwidth);
  const all = rates.reduce((sum, rate) => sum + rate, 0);
  return rates.map((rate) => rate / all);
}

/**
 * How many pages in turn does each tier get, when an operating system counts them in small whole numbers? Of all weights
 * with a sum of at most `most`, those with the largest bandwidth; of equals, the shortest turn.
 *
 * @param most Pages of one turn at most.
 * @returns Pages of each tier in a turn; a tier may get none.
 * @throws {RangeError} when `most` is not a whole number from 1, or there are more than three tiers.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { wholeWeights } from "@fewer-bytes/memory";
 *
 * const tiers = [300e9, 100e9].map((bandwidth) => ({ name: "", capacity: 1e12, bandwidth }));
 * assertEquals(wholeWeights(tiers, 10), [3, 1]);
 * assertEquals(wholeWeights(tiers, 2), [1, 0]); // one page of two on the slow tier would be too many
 * ```
 */
export function wholeWeights(tiers: readonly Tier[], most: number): number[] {
  requireInteger(most, 1, "weight interleaved pages", "the pages of a turn");
  if (tiers.length < 1 || tiers.length > 3) {
    throw new RangeError(
      `Cannot weight interleaved pages as there must be 1 to 3 tiers: current value is ${tiers.length}`,
    );
  }
  let best: number[] = [], fastest = 0;
  for (let sum = 1; sum <= most; sum++) {
    for (const weights of compositions(sum, tiers.length)) {
      const rate = interleavedBandwidth(tiers, weights.map((weight) => weight / sum));
      if (rate > fastest * (1 + 1e-12)) [best, fastest] = [weights, rate];
    }
  }
  return best;
}

/** All ways to write a sum as so many whole numbers from 0. */
function* compositions(sum: number, parts: number): Generator<number[]> {
  if (parts === 1) return yield [sum];
  for (let first = sum; first >= 0; first--) {
    for (const rest of compositions(sum - first, parts - 1)) yield [first, ...rest];
  }
}
