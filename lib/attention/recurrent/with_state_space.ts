import type { Layers, Model } from "../../catalog/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import type { HybridModel } from "./hybrid.ts";
import type { StateSpace } from "./state_space.ts";

/**
 * What if only one layer in so many kept its attention, and a state-space layer stood in for the others, as in Jamba?
 *
 * @param every How many layers share one attention layer. Jamba has 8.
 * @example An eighth of the cache
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { cacheBytes } from "@fewer-bytes/transformer";
 * import { hybridCacheBytes, withStateSpace } from "@fewer-bytes/attention";
 *
 * const stateSpace = { hiddenSize: 4096, innerSize: 8192, stateSize: 16, convolution: 4, stepRank: 256 };
 * const model = findModel("llama-3.1-8b");
 * const hybrid = withStateSpace(model, 8, stateSpace);
 * assertAlmostEquals(hybridCacheBytes(hybrid, 1e6) / cacheBytes(model, 1e6), 1 / 8, 0.001);
 * ```
 */
export function withStateSpace(model: Model, every: number, stateSpace: StateSpace): HybridModel {
  requireInteger(every, 1, "replace attention", "every");
  const kept = (group: Layers) => Math.floor(group.count / every);
  return {
    name: `${model.name}, attention in 1 of ${every}`,
    transformer: {
      ...model,
      layers: model.layers.map((group) => ({ ...group, count: kept(group) }))
        .filter(({ count }) => count > 0),
    },
    recurrent: model.layers.map((group) => ({
      count: group.count - kept(group),
      stateSpace,
      feedForward: group.feedForward,
      norms: group.norms,
    })).filter(({ count }) => count > 0),
  };
}
