import type { LanguageModel, Weight } from "../../lm/mod.ts";
import type { ChannelOrder } from "./channel_rearrangement.ts";

/**
 * Reorders what a matrix reads: its columns. With reordered activations the results are the same.
 *
 * @throws {RangeError} when the order does not name each input once.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { permuteInputs } from "@fewer-bytes/quantization";
 *
 * const weight = { name: "w", outputs: 2, inputs: 2, data: Float32Array.of(1, 2, 3, 4) };
 * assertEquals([...permuteInputs(weight, [1, 0]).data], [2, 1, 4, 3]);
 * ```
 */
export function permuteInputs(weight: Weight, order: ChannelOrder): Weight {
  requireOrder(order, weight.inputs, `the inputs of ${weight.name}`);
  const { inputs, data } = weight;
  return {
    ...weight,
    data: data.map((_, i) => data[i - i % inputs + order[i % inputs]!]!),
  };
}

/**
 * Reorders what a matrix writes: its rows.
 *
 * @throws {RangeError} when the order does not name each output once.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { permuteOutputs } from "@fewer-bytes/quantization";
 *
 * const weight = { name: "w", outputs: 2, inputs: 2, data: Float32Array.of(1, 2, 3, 4) };
 * assertEquals([...permuteOutputs(weight, [1, 0]).data], [3, 4, 1, 2]);
 * ```
 */
export function permuteOutputs(weight: Weight, order: ChannelOrder): Weight {
  requireOrder(order, weight.outputs, `the outputs of ${weight.name}`);
  const { inputs, data } = weight;
  return {
    ...weight,
    data: data.map((_, i) => data[order[Math.floor(i / inputs)]! * inputs + i % inputs]!),
  };
}

/**
 * Does a new order of channels cost time? No: it is merged when the model is made. Here the hidden state gets another
 * order, in the embedding, in the norms, and in all matrices that read or write it.
 *
 * A permutation is the simplest rotation: it mixes nothing, so norms keep their gains and need no folding. In the same
 * way the values of a head can be reordered between the value and the output projection. Queries and keys can be, by the
 * identity (P·q)·(P·k) = q·k, only where the angles of their positions are reordered along with them.
 *
 * @returns A model with the same logits, up to the order in which sums are added.
 * @throws {RangeError} when the order is not one of the hidden size.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadModel } from "@fewer-bytes/lm";
 * import { rearrangeModel } from "@fewer-bytes/quantization";
 *
 * const model = await loadModel("target");
 * const backwards = Array.from({ length: 192 }, (_, i) => 191 - i);
 * assertEquals(rearrangeModel(model, backwards).norm[0], model.norm[191]);
 * ```
 */
export function rearrangeModel(model: LanguageModel, order: ChannelOrder): LanguageModel {
  requireOrder(order, model.shape.hiddenSize, "the hidden state");
  const gains = (values: Float32Array) => Float32Array.from(order, (channel) => values[channel]!);
  const embedding = permuteInputs(model.embedding, order);
  return {
    ...model,
    embedding,
    norm: gains(model.norm),
    head: model.head === model.embedding ? embedding : permuteInputs(model.head, order),
    layers: model.layers.map((layer) => ({
      ...layer,
      attentionNorm: gains(layer.attentionNorm),
      queries: permuteInputs(layer.queries, order),
      keys: permuteInputs(layer.keys, order),
      values: permuteInputs(layer.values, order),
      output: permuteOutputs(layer.output, order),
      feedForwardNorm: gains(layer.feedForwardNorm),
      gate: permuteInputs(layer.gate, order),
      up: permuteInputs(layer.up, order),
      down: permuteOutputs(layer.down, order),
    })),
  };
}

function requireOrder(order: ChannelOrder, channels: number, what: string): void {
  const sorted = order.toSorted((a, b) => a - b);
  if (order.length !== channels || !sorted.every((channel, index) => channel === index)) {
    throw new RangeError(
      `Cannot reorder ${what} as each of its ${channels} channels must occur once: current length is ${order.length}, from ${
        sorted[0]
      } to ${sorted.at(-1)}`,
    );
  }
}
