import type { Model } from "../../catalog/mod.ts";
import type { Deployment } from "../../roofline/mod.ts";
import type { Reads } from "../../transformer/mod.ts";
import type { Speculation } from "./speculative_round.ts";

/**
 * A model that drafts for itself, and reads only a part of its cache while it does.
 *
 * It saves nothing on weights, so with short contexts and small batches it gains nothing. But the cache grows with both, and
 * weights do not: where most of a step is the reading of caches, such a draft is cheap, and the larger the batch the cheaper.
 * A small model with a full cache would get dearer by the token.
 *
 * Source: Sadhukhan et al., "MagicDec" (2024).
 *
 * @param reads What the draft reads of the target's cache.
 * @param acceptance The chance that the target accepts what it drafts.
 * @example At long contexts it gains with the batch
 * ```ts
 * import { assert } from "@std/assert";
 * import { slidingWindow } from "@fewer-bytes/attention";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { bestRound, selfSpeculation } from "@fewer-bytes/decoding";
 *
 * const target = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm"), devices: 8 };
 * const speculation = selfSpeculation(target, slidingWindow({ window: 508, sinks: 4 }), 0.8);
 * const [one, many] = [1, 128].map((batch) => bestRound(speculation, { batch, context: 32_000 }).speedup);
 * assert(one! < 1.2 && many! > 2);
 * ```
 */
export function selfSpeculation(
  target: Deployment,
  reads: Reads,
  acceptance: number,
): Speculation {
  return { target, draft: { ...target, reads }, acceptance };
}

/**
 * The drafter that multi-token prediction trains beside a model: one more layer like its last, with the model's own embedding
 * and head. It takes the hidden state that the model leaves, so it drafts in a fraction of the time and knows what the model
 * knows.
 *
 * Its two norms and the matrix that joins hidden state and embedding are left out. EAGLE's drafter is of the same shape.
 *
 * Source: Gloeckle et al., "Better & Faster Large Language Models via Multi-token Prediction" (2024), for heads in parallel;
 * DeepSeek-AI, "DeepSeek-V3 Technical Report" (2024), section 2.2, for one module after the other.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { findModel, layerCount } from "@fewer-bytes/catalog";
 * import { predictionModule } from "@fewer-bytes/decoding";
 *
 * const module = predictionModule(findModel("deepseek-v3"));
 * assertEquals(layerCount(module), 1);
 * assert(module.layers[0]!.feedForward.kind === "experts");
 * ```
 */
export function predictionModule(model: Model): Model {
  const last = model.layers.at(-1)!;
  return { ...model, name: `${model.name} prediction module`, layers: [{ ...last, count: 1 }] };
}
