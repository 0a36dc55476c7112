import { bytesPerValue, layerCount, type Model } from "../../catalog/mod.ts";
import { weightBytes } from "../../roofline/mod.ts";
import { cacheBytes, type Formats, halfPrecision } from "../../transformer/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import { blockStep } from "./block_step.ts";
import type { OffloadTier } from "./offload_node.ts";
import type { BlockRequest, OffloadPolicy } from "./policy.ts";

/**
 * What must each tier hold for a block? Its shares of weights, of all caches at their full length, and of the hidden states
 * of prompts. The device also needs room to work in: two layers' weights that come in, the hidden states and the largest
 * operator of one batch, and one layer's cache of a batch where that comes in. The host needs a layer's weights and cache
 * on their way from disk.
 *
 * It is the footprint; what moves is asked of {@linkcode blockTraffic}.
 */
export function blockFootprint(
  model: Model,
  request: BlockRequest,
  policy: OffloadPolicy,
  formats: Formats = halfPrecision,
): Record<OffloadTier, Bytes> {
  const { gpuBatch, batches, hostAttention = true } = policy;
  const { promptTokens, outputTokens } = request;
  const layers = layerCount(model);
  const weights = weightBytes(model, formats);
  const cacheOfOne = cacheBytes(model, promptTokens + outputTokens, { storage: formats.cache });
  const hidden = promptTokens * model.hiddenSize * bytesPerValue(formats.activations);
  const sequences = gpuBatch * batches;
  const held = (tier: number) =>
    policy.weights[tier]! * weights + policy.cache[tier]! * sequences * cacheOfOne +
    policy.activations[tier]! * sequences * hidden;
  const { rows } = blockStep(model, request, policy, "prefill", formats);
  const largest = Math.max(...rows.map((row) => row.bytes.activations / row.layers));
  const batchCache = gpuBatch * cacheOfOne / layers;
  return {
    device: held(0) + 2 * (1 - policy.weights[0]!) * weights / layers +
      (1 - policy.activations[0]!) * gpuBatch * hidden + largest +
      (hostAttention ? 0 : 2 * (1 - policy.cache[0]!) * batchCache),
    host: held(1) + policy.weights[2]! * weights / layers + 2 * policy.cache[2]! * batchCache,
    disk: held(2),
  };
}
