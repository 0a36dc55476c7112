import { requireInteger, requirePositive } from "../units/mod.ts";
import {
  type LanguageModel,
  type LayerWeights,
  requireHeads,
  type Weight,
} from "./runtime/language_model.ts";

/** Which channels are blown up, and how far. */
export interface OutlierOptions {
  /** Channels of the hidden state, spread evenly. Default 6. */
  readonly channels?: number;
  /** How many times larger they become. A power of two changes no digit of any product. Default 64. */
  readonly factor?: number;
}

/**
 * Makes the activations of a model look like those of a large one, without changing what it computes.
 *
 * Large models have a few channels whose activations are many times larger than all others. Here the gain of each norm
 * is raised in some channels, and every weight that reads them is lowered by the same factor: `(s·g)·(w/s) = g·w`. The
 * logits stay the same; a grid laid over the activations does not.
 *
 * @throws {RangeError} when there are not so many channels, or the factor is not above zero.
 * @throws {TypeError} when the model has latent attention.
 */
export function outlierTwin(
  model: LanguageModel,
  { channels = 6, factor = 64 }: OutlierOptions = {},
): LanguageModel {
  const { hiddenSize } = model.shape;
  requireInteger(channels, 0, "make an outlier twin", "channels");
  requirePositive(factor, "make an outlier twin", "the factor");
  if (channels > hiddenSize) {
    throw new RangeError(
      `Cannot make an outlier twin as channels must be <= ${hiddenSize}: current value is ${channels}`,
    );
  }
  for (const layer of model.layers) requireHeads(layer, "make an outlier twin");
  const chosen = new Set(
    Array.from(
      { length: channels },
      (_, index) => Math.floor((index + 0.5) * hiddenSize / channels),
    ),
  );
  const raise = (gain: Float32Array) =>
    gain.map((value, channel) => chosen.has(channel) ? value * factor : value);
  const lower = (weight: Weight): Weight => ({
    ...weight,
    data: weight.data.map((value, index) =>
      chosen.has(index % weight.inputs) ? value / factor : value
    ),
  });
  const twin = (layer: LayerWeights): LayerWeights => ({
    ...layer,
    attentionNorm: raise(layer.attentionNorm),
    queries: lower(layer.queries),
    keys: lower(layer.keys),
    values: lower(layer.values),
    feedForwardNorm: raise(layer.feedForwardNorm),
    gate: lower(layer.gate),
    up: lower(layer.up),
  });
  return { ...model, layers: model.layers.map(twin) };
}
