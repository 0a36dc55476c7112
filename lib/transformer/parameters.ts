import type { FeedForward, Model } from "../catalog/mod.ts";
import { attentionProjections, feedForwardProjections, weightCount } from "./projections.ts";

/** The parameters of a model, by component. */
export interface Parameters {
  /** The token table and, in older models, the position table. */
  readonly embedding: number;
  readonly attention: number;
  /** Feed-forward networks, with all experts and routers. */
  readonly feedForward: number;
  readonly norms: number;
  /** The output head; 0 when it is the embedding used again. */
  readonly head: number;
  readonly total: number;
  /** Those that one token passes: all but the experts that the router did not pick. */
  readonly active: number;
}

/**
 * How many parameters has this model?
 *
 * Every matrix, bias and norm is counted, so that the total equals the published count of the checkpoint. Tied
 * embeddings are counted once. Modules beside the language model, such as vision towers and DeepSeek-V3's second-token
 * predictor, are not.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { parameters } from "@fewer-bytes/transformer";
 *
 * assertEquals(parameters(findModel("qwen3-8b")).total, 8_190_735_360);
 * ```
 */
export function parameters(model: Model): Parameters {
  let attention = 0, feedForward = 0, inactive = 0, norms = model.normParameters;
  for (const group of model.layers) {
    const { count } = group;
    attention += count *
      (weightCount(attentionProjections(model, group.attention)) + group.attention.extraParameters);
    const network = feedForwardParameters(model, group.feedForward);
    feedForward += count * network.total;
    inactive += count * (network.total - network.active);
    norms += count * group.norms * model.normParameters;
  }
  const table = model.vocabularySize * model.hiddenSize;
  const embedding = table + model.learnedPositions * model.hiddenSize;
  const head = model.tiedEmbeddings ? 0 : table;
  const total = embedding + attention + feedForward + norms + head;
  return { embedding, attention, feedForward, norms, head, total, active: total - inactive };
}

/** The parameters of one feed-forward layer: all of them, those that one token passes, and those of one expert. */
export function feedForwardParameters(
  model: Model,
  network: FeedForward,
): { total: number; active: number; expert: number } {
  const { hiddenSize } = model;
  const one = weightCount(
    feedForwardProjections(hiddenSize, network.intermediateSize, network.gated),
  );
  if (network.kind === "dense") {
    const total = one + network.extraParameters;
    return { total, active: total, expert: 0 };
  }
  const shared = weightCount(
    feedForwardProjections(hiddenSize, network.sharedIntermediateSize, network.gated),
  );
  const always = shared + network.experts * hiddenSize + network.extraParameters;
  const expert = one + network.extraParametersPerExpert;
  return {
    total: always + network.experts * expert,
    active: always + network.expertsPerToken * expert,
    expert,
  };
}
