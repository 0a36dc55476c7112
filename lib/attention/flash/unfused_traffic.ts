import { bytesPerValue, type Model } from "../../catalog/mod.ts";
import { type Formats, halfPrecision, type Step } from "../../transformer/mod.ts";
import { type Bytes, requireAtLeast, requireInteger } from "../../units/mod.ts";

/** Attention of one step, all layers together. */
export interface UnfusedTraffic {
  /** Scores written and read, weights written and read: what a fused kernel does not move. */
  readonly scores: Bytes;
  /** Largest score matrix of one layer: what an unfused kernel must find room for. */
  readonly footprint: Bytes;
}

/**
 * What would attention move more, if its scores were stored? In the operator table they stay on the chip: that is a fused
 * kernel. This is the difference, for whoever has none.
 *
 * For each pair of a new token and one it may look at, and for each query head, four values cross: the score out and in,
 * the weight out and in. A plain kernel computes the whole rectangle, hidden pairs too.
 *
 * In prefill that is the larger part of all traffic of a long prompt. In decode there is one row of scores for each head,
 * next to a cache that is read anyway: 2/d of it for each query head that shares a key-value head, so 1.6 % for plain
 * heads of 128. That is why FlashAttention made prefill and training fast, not decode. Latent attention is the
 * exception: where 128 heads share one short cache, stored scores would be almost as many bytes as that.
 *
 * @param model Its layers.
 * @param step What is computed.
 * @param formats Scores are stored like activations; default bf16.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { operators, sumOperators } from "@fewer-bytes/transformer";
 * import { unfusedTraffic } from "@fewer-bytes/attention";
 *
 * const model = findModel("llama-2-7b");
 * const share = (step: { phase: "prefill" | "decode"; batch: number; newTokens: number; context: number }) => {
 *   const { bytes } = sumOperators(operators(model, step));
 *   return unfusedTraffic(model, step).scores / (bytes.weights + bytes.cache + bytes.activations);
 * };
 * assert(share({ phase: "prefill", batch: 1, newTokens: 4096, context: 0 }) > 2); // nearly three times all else
 * assert(share({ phase: "decode", batch: 1, newTokens: 1, context: 4096 }) < 0.01);
 * ```
 */
export function unfusedTraffic(
  model: Model,
  step: Step,
  formats: Formats = halfPrecision,
): UnfusedTraffic {
  requireInteger(step.batch, 1, "count stored scores", "batch");
  requireInteger(step.newTokens, 1, "count stored scores", "newTokens");
  requireAtLeast(step.context, 0, "count stored scores", "context");
  const bytes = bytesPerValue(formats.activations);
  let scores = 0, footprint = 0;
  for (const { attention, count } of model.layers) {
    const pairs = step.batch * step.newTokens * (step.context + step.newTokens);
    const matrix = attention.queryHeads * pairs * bytes;
    scores += count * 4 * matrix;
    footprint = Math.max(footprint, matrix);
  }
  return { scores, footprint };
}
