import { requireInteger, requirePositive, type Tokens } from "../../units/mod.ts";
import { sumOverLoads } from "./binomial.ts";

/** A layer whose experts take only so many tokens each. */
export interface CapacityLayer {
  /** How likely a token picks each expert: of {@linkcode pickChances} or {@linkcode evenChances}. */
  readonly chances: ArrayLike<number>;
  readonly tokens: Tokens;
  /** Places of an expert over the tokens that it would get if all got alike. */
  readonly capacityFactor: number;
}

/** What capacity costs. */
export interface DroppedTokens {
  /** Tokens that an expert takes at most: the factor times the even share, rounded up. */
  readonly capacity: Tokens;
  /** The share of all assignments that find no place. */
  readonly dropped: number;
  /** The share of all places that are filled; the rest is computed for nothing, or waits. */
  readonly filled: number;
}

/**
 * How many tokens find their expert full? GShard and Switch give each expert a fixed number of places, so that shapes are
 * known before tokens are; what comes too late skips the layer, and places that stay empty are computed all the same.
 *
 * Each of T independent tokens picks an expert with chance p, so its load is binomial, and what it drops is the part of that
 * law above its capacity. More places drop fewer and waste more; nothing avoids both but balance.
 *
 * Sources: Lepikhin et al., "GShard" (arXiv 2006.16668); Fedus et al., "Switch Transformers" (arXiv 2101.03961), section 2.2.
 *
 * @throws {RangeError} when a chance, the tokens or the factor is out of range.
 * @example Chance alone drops a tenth at factor 1, with 16 tokens for each of 64 experts
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { droppedTokens, evenChances } from "@fewer-bytes/experts";
 *
 * const layer = { chances: evenChances(64, 1), tokens: 1024 };
 * assertAlmostEquals(droppedTokens({ ...layer, capacityFactor: 1 }).dropped, 0.0984, 0.0001);
 * assertAlmostEquals(droppedTokens({ ...layer, capacityFactor: 1.25 }).dropped, 0.0224, 0.0001);
 * ```
 */
export function droppedTokens(layer: CapacityLayer): DroppedTokens {
  const { chances, tokens, capacityFactor } = layer;
  requireInteger(chances.length, 1, "find dropped tokens", "the number of experts");
  requireInteger(tokens, 1, "find dropped tokens", "the tokens");
  requirePositive(capacityFactor, "find dropped tokens", "the capacity factor");
  const assignments = tokens * Array.from(chances).reduce((a, b) => a + b, 0);
  // The division leaves crumbs that must not add a place.
  const capacity = Math.ceil(capacityFactor * assignments / chances.length * (1 - 1e-12));
  const lost = sumOverLoads(chances, tokens, (load) => Math.max(0, load - capacity));
  return {
    capacity,
    dropped: lost / assignments,
    filled: (assignments - lost) / (capacity * chances.length),
  };
}
