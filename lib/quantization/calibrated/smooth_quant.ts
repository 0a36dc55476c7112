import type { LanguageModel, Weight } from "../../lm/mod.ts";
import { type Calibration, sharedInputs, statisticsOf } from "./calibration.ts";

/**
 * By how much is each channel of the activations divided, so that both sides of a product are easy to round?
 *
 * `s[j] = max|X[j]|^α / max|W[j]|^(1 − α)`: with α = 0.5 activations and weights share their difficulty evenly, with 1 all
 * of it moves to the weights, with 0 to the activations.
 *
 * Source: Xiao et al., "SmoothQuant" (2022), equation 4.
 *
 * @param activations Largest |x| of each channel.
 * @param weights Largest |w| of each channel, over all matrices that read it.
 * @throws {RangeError} when alpha is outside 0 to 1.
 * @throws {TypeError} when the numbers of channels differ.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { smoothingScales } from "@fewer-bytes/quantization";
 *
 * assertEquals([...smoothingScales(Float64Array.of(64, 1), Float64Array.of(1, 1), 0.5)], [8, 1]);
 * ```
 */
export function smoothingScales(
  activations: Float64Array,
  weights: Float64Array,
  alpha = 0.5,
): Float64Array {
  if (!(alpha >= 0 && alpha <= 1)) {
    throw new RangeError(`Cannot smooth as alpha must be from 0 to 1: current value is ${alpha}`);
  }
  if (activations.length !== weights.length) {
    throw new TypeError(
      `Cannot smooth as there must be ${activations.length} channels of weights: current number is ${weights.length}`,
    );
  }
  const floor = 1e-5; // a channel without activations or without weights
  return activations.map((largest, channel) =>
    Math.max(largest ** alpha / Math.max(weights[channel]!, floor) ** (1 - alpha), floor)
  );
}

/** The largest |w| of each input channel, over matrices that read the same inputs. */
export function channelMaxima(weights: readonly Weight[]): Float64Array {
  const largest = new Float64Array(weights[0]?.inputs ?? 0);
  for (const { data, inputs } of weights) {
    for (let at = 0; at < data.length; at++) {
      largest[at % inputs] = Math.max(largest[at % inputs]!, Math.abs(data[at]!));
    }
  }
  return largest;
}

/**
 * Makes the activations of a model easy to round, without changing what it computes: outliers move into the weights.
 *
 * Each channel after a norm is divided by its smoothing scale, and each weight that reads it is multiplied with it. The
 * division costs nothing, as it is merged into the gain of the norm. Queries, keys and values read one norm, so they
 * share their scales; so do gate and up. The two other matrices of a layer have no norm before them and stay.
 *
 * Source: Xiao et al., "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models" (2022).
 *
 * @param calibration Of the same model.
 * @param alpha Default 0.5.
 * @returns A model with the same logits, up to rounding errors.
 * @throws {RangeError} when alpha is outside 0 to 1, or the calibration saw other weights.
 * @example
 * ```ts
 * import { assertEquals, assertLess } from "@std/assert";
 * import { loadModel, outlierTwin, writeStory } from "@fewer-bytes/lm";
 * import { calibrate, smoothModel } from "@fewer-bytes/quantization";
 *
 * const twin = outlierTwin(await loadModel("target"));
 * const smooth = smoothModel(twin, calibrate(twin, [writeStory(1, 32)]));
 * const largest = ({ layers }: typeof twin) => Math.max(...layers[0]!.attentionNorm.map(Math.abs));
 * assertLess(largest(smooth), largest(twin) / 2);
 * assertEquals(smooth.layers[0]!.output, twin.layers[0]!.output);
 * ```
 */
export function smoothModel(
  model: LanguageModel,
  calibration: Calibration,
  alpha = 0.5,
): LanguageModel {
  const layers = model.layers.map((layer) => {
    const [attention, , feedForward] = sharedInputs(layer);
    const [forAttention, forFeedForward] = [attention!, feedForward!].map((weights) => {
      const { maxAbsolute } = statisticsOf(calibration, weights[0]!);
      return smoothingScales(maxAbsolute, channelMaxima(weights), alpha);
    });
    const divide = (gain: Float32Array, scales: Float64Array) =>
      gain.map((value, channel) => value / scales[channel]!);
    const multiply = (weight: Weight, scales: Float64Array): Weight => ({
      ...weight,
      data: weight.data.map((value, at) => value * scales[at % weight.inputs]!),
    });
    return {
      ...layer,
      attentionNorm: divide(layer.attentionNorm, forAttention!),
      queries: multiply(layer.queries, forAttention!),
      keys: multiply(layer.keys, forAttention!),
      values: multiply(layer.values, forAttention!),
      feedForwardNorm: divide(layer.feedForwardNorm, forFeedForward!),
      gate: multiply(layer.gate, forFeedForward!),
      up: multiply(layer.up, forFeedForward!),
    };
  });
  return { ...model, layers };
}
