import type { LanguageModel } from "../../lm/mod.ts";
import { type ChannelOrder, permuteInputs, permuteOutputs } from "../../quantization/mod.ts";

/**
 * What does the new order of values cost while the model runs? Nothing: it is merged into the weights. The matrix that
 * makes values writes them reordered, and the output matrix reads them so.
 *
 * @param orders One for each layer, over all key-value heads, each head within itself.
 * @returns A model with the same logits, up to the order of sums.
 * @throws {RangeError} when there is not one order for each layer, or it takes a channel to another head.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { reorderValues } from "@fewer-bytes/cache";
 * import { loadModel } from "@fewer-bytes/lm";
 *
 * const model = await loadModel("target");
 * const backwards = Array.from({ length: 64 }, (_, i) => i < 32 ? 31 - i : 95 - i);
 * const reordered = reorderValues(model, model.layers.map(() => backwards));
 * assertEquals(reordered.layers[0]!.values.data[0], model.layers[0]!.values.data[31 * 192]);
 * ```
 */
export function reorderValues(
  model: LanguageModel,
  orders: readonly ChannelOrder[],
): LanguageModel {
  const { queryHeads, keyValueHeads, headDimension, layers } = model;
  if (orders.length !== layers.length) {
    throw new RangeError(
      `Cannot reorder values as each of ${layers.length} layers needs an order: current number is ${orders.length}`,
    );
  }
  const group = queryHeads / keyValueHeads;
  return {
    ...model,
    layers: layers.map((layer, index) => {
      const order = orders[index]!;
      const stray = order.findIndex((channel, place) =>
        Math.floor(channel / headDimension) !== Math.floor(place / headDimension)
      );
      if (stray >= 0) {
        throw new RangeError(
          `Cannot reorder values as a channel must stay in its head: channel ${
            order[stray]
          } is at ${stray}`,
        );
      }
      const read = Array.from({ length: queryHeads }, (_, head) => {
        const from = Math.floor(head / group) * headDimension;
        return order.slice(from, from + headDimension)
          .map((channel) => channel - from + head * headDimension);
      }).flat();
      return {
        ...layer,
        values: permuteOutputs(layer.values, order),
        output: permuteInputs(layer.output, read),
      };
    }),
  };
}
