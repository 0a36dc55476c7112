import { type LanguageModel, type LayerWeights, requireHeads, type Weight } from "../../lm/mod.ts";

/**
 * Why can a model not simply be rotated? Because each norm scales every channel by a gain of its own, and a gain does
 * not survive a rotation of the channels. The cure: move the gains into the matrices that read the norm's output,
 * `(g·x)·W = x·(g·W)`, and leave norms that only divide by the length, which no rotation changes.
 *
 * The last norm's gain goes into the head. Where head and embedding were one table, they are two afterwards: the price
 * of rotating a model with tied embeddings.
 *
 * @returns A model with the same logits, up to rounding, whose gains are all 1.
 * @throws {TypeError} when the model has latent attention.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { loadModel } from "@fewer-bytes/lm";
 * import { foldNorms } from "@fewer-bytes/quantization";
 *
 * const { norm, head, embedding } = foldNorms(await loadModel("target"));
 * assert(norm.every((gain) => gain === 1) && head.data !== embedding.data);
 * ```
 */
export function foldNorms(model: LanguageModel): LanguageModel {
  const fold = (weight: Weight, gain: Float32Array): Weight => ({
    ...weight,
    data: weight.data.map((value, index) => value * gain[index % weight.inputs]!),
  });
  for (const layer of model.layers) requireHeads(layer, "fold norms");
  const ones = (gain: Float32Array) => new Float32Array(gain.length).fill(1);
  const foldLayer = (layer: LayerWeights): LayerWeights => ({
    ...layer,
    attentionNorm: ones(layer.attentionNorm),
    queries: fold(layer.queries, layer.attentionNorm),
    keys: fold(layer.keys, layer.attentionNorm),
    values: fold(layer.values, layer.attentionNorm),
    feedForwardNorm: ones(layer.feedForwardNorm),
    gate: fold(layer.gate, layer.feedForwardNorm),
    up: fold(layer.up, layer.feedForwardNorm),
  });
  return {
    ...model,
    layers: model.layers.map(foldLayer),
    norm: ones(model.norm),
    head: { ...fold(model.head, model.norm), name: "lm_head.weight" },
  };
}
