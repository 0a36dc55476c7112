import { formula, type Random } from "../../numeric/mod.ts";
import { gaussianCumulative, gaussianDensity, gaussianQuantile } from "../../quantization/mod.ts";
import { requireAtLeast, requireInteger, requirePositive } from "../../units/mod.ts";
import { topIndices } from "./top_indices.ts";

/** What a router of blocks has to tell apart. */
export interface Routing {
  /** Width d of a head; queries and keys have length 1. */
  readonly width: number;
  readonly blockSize: number;
  /** By how much the dot product with the relevant key exceeds that with others, in the mean: Δμ. */
  readonly gap: number;
  /** Keys in the relevant block that are related to the query, the relevant one included: m. Default 1. */
  readonly related?: number;
  /** By how much the dot product with a related one exceeds that with others. Default 0. */
  readonly relatedGap?: number;
}

/** The signal-to-noise ratio as it is printed and computed. */
export const routingFormula = formula(
  "ratio = (gap + (related - 1) * relatedGap) * sqrt(width / (2 * blockSize))",
  {
    ratio: "difference of two block scores in the mean, over its deviation",
    gap: "how much the relevant key's dot product exceeds the others'",
    related: "keys of the block that are related to the query",
    relatedGap: "how much theirs exceed the others'",
    width: "of a head",
    blockSize: "keys that are averaged",
  },
);

/**
 * How far does the right block stand out from the noise? A block's score is the mean over its keys: the relevant key's gap
 * is divided by B, the noise of B dot products, each with variance 1/d, only by √B. What is left is Δμ·√(d/2B): a quarter
 * of the block size doubles it, and so does a second key as relevant in the same block.
 *
 * Source: Xiao, Guo, Mazaheri and Han, "Optimizing Mixture of Block Attention" (2025).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { routingSignalToNoise } from "@fewer-bytes/attention";
 *
 * const [large, small] = [512, 128].map((blockSize) => routingSignalToNoise({ width: 64, blockSize, gap: 0.8 }));
 * assertAlmostEquals(small! / large!, 2);
 * ```
 */
export function routingSignalToNoise(
  { width, blockSize, gap, related = 1, relatedGap = 0 }: Routing,
): number {
  const action = "compute a signal-to-noise ratio";
  requireInteger(width, 1, action, "width");
  requireInteger(blockSize, 1, action, "blockSize");
  requireInteger(related, 1, action, "related");
  requireAtLeast(gap, 0, action, "gap");
  requireAtLeast(relatedGap, 0, action, "relatedGap");
  if (related > blockSize) {
    throw new RangeError(
      `Cannot ${action} as related keys must fit into a block of ${blockSize}: current value is ${related}`,
    );
  }
  return (gap + (related - 1) * relatedGap) * Math.sqrt(width / (2 * blockSize));
}

/** How many blocks there are, and how many are taken. */
export interface RoutingChoice {
  /** The relevant one included. */
  readonly blocks: number;
  readonly topK: number;
}

/**
 * How likely is the right block among the chosen? Its score is Gaussian around the gap, the others' are Gaussian around
 * zero, all independent: it is chosen when fewer than k of the others lie above it.
 *
 * The chance is averaged over where the right block's score falls, by Simpson's rule over ±9 deviations; for each place the
 * number of others above is binomial.
 *
 * @param ratio From {@linkcode routingSignalToNoise}: a gap in units of the deviation of a difference of two scores.
 * @example With one other block the chance is Φ of the ratio
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { gaussianCumulative } from "@fewer-bytes/quantization";
 * import { routingAccuracy } from "@fewer-bytes/attention";
 *
 * assertAlmostEquals(routingAccuracy(1.3, { blocks: 2, topK: 1 }), gaussianCumulative(1.3), 1e-9);
 * ```
 */
export function routingAccuracy(ratio: number, { blocks, topK }: RoutingChoice): number {
  requireAtLeast(ratio, 0, "compute routing accuracy", "the ratio");
  requireInteger(blocks, 1, "compute routing accuracy", "blocks");
  requireInteger(topK, 1, "compute routing accuracy", "topK");
  if (topK >= blocks) return 1;
  const steps = 720;
  const reach = 9;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const z = -reach + 2 * reach * i / steps;
    const above = gaussianCumulative(-(z + ratio * Math.SQRT2));
    const weight = i === 0 || i === steps ? 1 : i % 2 ? 4 : 2;
    sum += weight * gaussianDensity(z) * binomialAtMost(topK - 1, blocks - 1, above);
  }
  return Math.min(1, sum * 2 * reach / steps / 3);
}

/**
 * Which ratio makes the right block's mean score as high as the limit of the top k? Φ⁻¹(1 − k/n), a rule of thumb of the
 * same source: there the block is chosen a little more often than not, as the ratio counts the noise of two scores.
 */
export function ratioForTopK({ blocks, topK }: RoutingChoice): number {
  requireInteger(blocks, 2, "find a ratio", "blocks");
  requireInteger(topK, 1, "find a ratio", "topK");
  return topK >= blocks ? 0 : Math.max(0, gaussianQuantile(1 - topK / blocks));
}

/**
 * Plays the router: draws unit queries and keys, averages blocks, ranks them. How often is the right one chosen?
 *
 * A relevant key has the gap as its part along the query and is random otherwise; so have the related ones theirs.
 *
 * @param trials Draws. The answer's standard error is at most 0.5/√trials.
 */
export function simulateRouting(
  routing: Routing & RoutingChoice,
  trials: number,
  random: Random,
): number {
  const { width, blockSize, gap, related = 1, relatedGap = 0, blocks, topK } = routing;
  requireInteger(trials, 1, "simulate routing", "trials");
  for (const part of [gap, relatedGap]) {
    requireAtLeast(1 - part, 0, "simulate routing", "one minus a gap");
  }
  requirePositive(width, "simulate routing", "width");
  let right = 0;
  for (let trial = 0; trial < trials; trial++) {
    // The query is the first axis, which is as good as any; so only the first number of each unit key matters.
    const scores = Float64Array.from({ length: blocks }, (_, block) => {
      let sum = 0;
      for (let key = 0; key < blockSize; key++) {
        const part = block > 0 ? 0 : key === 0 ? gap : key < related ? relatedGap : 0;
        sum += part + Math.sqrt(1 - part * part) * firstOfUnit(width, random);
      }
      return sum / blockSize;
    });
    if (topIndices(scores, topK)[0] === 0) right++;
  }
  return right / trials;
}

/** The first number of a random vector of length 1. */
function firstOfUnit(width: number, random: Random): number {
  const first = random.normal();
  let squares = first * first;
  for (let x = 1; x < width; x++) squares += random.normal() ** 2;
  return first / Math.sqrt(squares);
}

/** The chance of at most so many successes, each with this chance. */
function binomialAtMost(most: number, count: number, chance: number): number {
  if (chance <= 0) return 1;
  if (chance >= 1) return most >= count ? 1 : 0;
  // In logarithms, as (1 − chance)^count alone may be too small to write.
  let logarithm = count * Math.log1p(-chance);
  let sum = Math.exp(logarithm);
  for (let successes = 1; successes <= most; successes++) {
    logarithm += Math.log((count - successes + 1) / successes) + Math.log(chance) -
      Math.log1p(-chance);
    sum += Math.exp(logarithm);
  }
  return Math.min(1, sum);
}
