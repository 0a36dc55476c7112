import type { ExpertFeedForward, Model } from "../../catalog/mod.ts";

/** Layers with experts, of one shape. */
export interface ExpertLayers {
  readonly count: number;
  readonly network: ExpertFeedForward;
}

/**
 * The layers of a model that are mixtures of experts, in the order of the operator table.
 *
 * @throws {RangeError} when there are none.
 */
export function expertLayers(model: Model): ExpertLayers[] {
  const layers = model.layers.flatMap(({ count, feedForward }) =>
    feedForward.kind === "experts" ? [{ count, network: feedForward }] : []
  );
  if (layers.length === 0) {
    throw new RangeError(`Cannot look at the experts of ${model.name} as it must have some`);
  }
  return layers;
}
