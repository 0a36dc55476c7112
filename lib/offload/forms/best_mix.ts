import type { RecomputationCosts } from "../../cache/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";

/** What a layer costs whose cache lies behind a link: for each token of the cache, and besides. */
export interface MixCosts extends RecomputationCosts {
  /** What the device computes in any case, for the whole layer. */
  readonly rest: Seconds;
  /** What the link carries in any case: weights that are streamed. Default 0. */
  readonly weights?: Seconds;
}

/** Tokens in two forms, and what a layer takes with them. */
export interface CacheMix {
  /** Tokens that are kept, or brought, as inputs, and whose keys and values are computed again. */
  readonly recomputed: Tokens;
  readonly seconds: Seconds;
  /** Compared with bringing all keys and values. */
  readonly speedup: number;
}

/** Where link and device take equally long, as it is printed and computed. */
export const bestMixFormula = formula(
  "recomputed = (weights + tokens * load - rest) / (recompute + load - input)",
  {
    recomputed: "tokens whose keys and values are computed again",
    tokens: "tokens in the cache",
    weights: "seconds in which the link carries weights",
    load: "seconds to bring keys and values of one token",
    input: "seconds to bring its input instead",
    rest: "seconds that the device computes in any case",
    recompute: "seconds to compute keys and values of one token again",
  },
);

/**
 * How long does a layer take, when some tokens come as inputs? The link brings the next layer's tokens while the device
 * computes this one's, so the slower of both decides.
 */
export function mixSeconds(tokens: Tokens, recomputed: Tokens, costs: MixCosts): Seconds {
  const { load, loadInput, recompute, rest, weights = 0 } = costs;
  return Math.max(
    weights + recomputed * loadInput + (tokens - recomputed) * load,
    rest + recomputed * recompute,
  );
}

/**
 * How many tokens should be computed again instead of loaded? So many that link and device are done together, when an input
 * is smaller than keys and values; none, when it is larger. A GPU that waits for a link has time for it: that is what makes
 * partial recomputation (KVPR) and caches of two forms (HybridServe) pay.
 *
 * Other than `recomputationSplit` of lib/cache, which divides the wait of one layer alone, this is for a pipeline of layers:
 * inputs need not come before the rest, and the device's own work counts.
 *
 * @param tokens In the cache.
 * @throws {RangeError} when the number of tokens is no whole number, or a time is negative.
 * @example Loading takes twice as long as computing: a third of the tokens is computed again
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { bestMix } from "@fewer-bytes/offload";
 *
 * const { recomputed, seconds, speedup } = bestMix(300, { load: 2, loadInput: 0, recompute: 1, rest: 300 });
 * assertEquals([recomputed, seconds], [100, 400]);
 * assertAlmostEquals(speedup, 1.5, 1e-12); // 1 / (1 - a third)
 * ```
 */
export function bestMix(tokens: Tokens, costs: MixCosts): CacheMix {
  requireInteger(tokens, 0, "mix a cache", "tokens");
  const { load, loadInput, recompute, rest, weights = 0 } = costs;
  for (const [name, cost] of Object.entries({ load, loadInput, recompute, rest, weights })) {
    requireAtLeast(cost, 0, "mix a cache", name);
  }
  const slope = recompute + load - loadInput;
  const balance = load > loadInput
    ? Math.min(tokens, Math.max(0, (weights + tokens * load - rest) / slope))
    : 0;
  const none = mixSeconds(tokens, 0, costs);
  let best = { recomputed: 0, seconds: none };
  for (const recomputed of [Math.floor(balance), Math.ceil(balance)]) {
    const seconds = mixSeconds(tokens, recomputed, costs);
    if (seconds < best.seconds) best = { recomputed, seconds };
  }
  return { ...best, speedup: best.seconds === 0 ? 1 : none / best.seconds };
}

/**
 * The points of a figure: how long does a layer take for each split?
 *
 * @param points How many, from none to all tokens.
 * @throws {RangeError} when a value is out of range.
 */
export function mixCurve(tokens: Tokens, costs: MixCosts, points: number): CacheMix[] {
  requireInteger(points, 2, "mix a cache", "points");
  const none = mixSeconds(tokens, 0, costs);
  return Array.from({ length: points }, (_, index) => {
    const recomputed = Math.round(index * tokens / (points - 1));
    const seconds = mixSeconds(tokens, recomputed, costs);
    return { recomputed, seconds, speedup: none / seconds };
  });
}
