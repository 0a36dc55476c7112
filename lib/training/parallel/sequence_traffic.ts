import { bytesPerValue, type Model, type NumberFormat } from "../../catalog/mod.ts";
import { type Bytes, requireInteger } from "../../units/mod.ts";
import type { MicroBatch } from "../activations/kept_activations.ts";

/**
 * Ways to divide a layer of one long sequence among devices.
 *
 * - "tensor": each has a part of every matrix; hidden states are added up twice (or, with sequence parallelism, scattered
 *   and gathered twice, which moves as much).
 * - "heads": each has a part of the sequence, and for attention changes it for a part of the heads (Ulysses).
 * - "ring": each has a part of the sequence, and passes keys and values around (ring attention, context parallelism).
 */
export type SequenceSplit = "tensor" | "heads" | "ring";

/**
 * What does each device send in the forward pass of all layers, when several share long sequences? Of s·b·h values a
 * device:
 *
 * - "tensor": 4(n − 1)/n of them, whatever n: a floor that more devices do not lower;
 * - "heads": queries, keys, values and the output, each an n-th, of which (n − 1)/n belong to others: it falls as 1/n;
 * - "ring": keys and values of its own tokens, n − 1 times: nearly all keys and values, few where heads are grouped, and
 *   hidden behind attention where the sequence is long.
 *
 * The backward pass sends twice as much with "ring" (derivatives travel too), and the same with the others.
 *
 * @throws {RangeError} when heads cannot be divided so, or a layer has a latent ("heads" and "ring" need keys and values).
 * @example Eight devices, Llama-3.1-8B: changing heads sends an eighth of what adding up does, and less
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { sequenceTraffic } from "@fewer-bytes/training";
 *
 * const batch = { sequences: 1, tokens: 131_072 }, model = findModel("llama-3.1-8b");
 * const [tensor, heads] = (["tensor", "heads"] as const).map((way) => sequenceTraffic(model, batch, way, 8));
 * assertAlmostEquals(heads! / tensor!, 2.5 / 4 / 8, 1e-12); // 2.5 and not 4: keys and values have a quarter of the heads
 * ```
 */
export function sequenceTraffic(
  model: Model,
  { sequences, tokens }: MicroBatch,
  way: SequenceSplit,
  devices: number,
  format: NumberFormat = "bf16",
): Bytes {
  requireInteger(devices, 1, "divide a sequence", "the devices");
  requireInteger(sequences, 1, "divide a sequence", "sequences");
  requireInteger(tokens, 1, "divide a sequence", "tokens");
  const all = sequences * tokens * bytesPerValue(format), others = (devices - 1) / devices;
  let bytes = 0;
  for (const { attention, count } of model.layers) {
    if (way === "tensor") {
      bytes += count * 4 * others * all * model.hiddenSize;
      continue;
    }
    if (attention.kind !== "heads") {
      throw new RangeError(
        `Cannot divide a sequence by ${way} as attention must have heads: ${model.name} has a latent`,
      );
    }
    const { queryHeads, keyValueHeads, headDimension, sharesCache } = attention;
    const keysAndValues = sharesCache ? 0 : 2 * keyValueHeads * headDimension;
    if (way === "ring") bytes += count * others * all * keysAndValues;
    else {
      if (queryHeads % devices !== 0) {
        throw new RangeError(
          `Cannot divide a sequence by heads as ${devices} devices must divide its ${queryHeads} query heads`,
        );
      }
      const wide = 2 * queryHeads * headDimension + keysAndValues;
      bytes += count * others * all * wide / devices;
    }
  }
  return bytes;
}
