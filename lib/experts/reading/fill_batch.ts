import type { Hardware, Model } from "../../catalog/mod.ts";
import { operatorTime } from "../../roofline/mod.ts";
import { type Formats, halfPrecision, operators } from "../../transformer/mod.ts";

const feedForward = ["experts", "feed-forward up", "feed-forward down"];

/**
 * How many sequences must decode together until the feed-forward layers wait for arithmetic, not for weights?
 *
 * A dense layer gets there when each weight serves as many tokens as the ridge asks for. In a mixture only k of E tokens come
 * to each expert, so it takes E / k times as many: DeepSeek-V3 needs more than 32 times the batch of a dense
 * model. That is why
 * mixtures are served from many devices at once, with the tokens of all.
 *
 * @returns Infinity when no batch does it: thin experts move more activations than the ridge allows.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { fillBatch } from "@fewer-bytes/experts";
 *
 * const hardware = findHardware("nvidia-h100-sxm");
 * const ratio = fillBatch(findModel("mixtral-8x7b"), hardware) / fillBatch(findModel("llama-2-70b"), hardware);
 * assertAlmostEquals(ratio, 8 / 2, 0.4);
 * ```
 */
export function fillBatch(
  model: Model,
  hardware: Hardware,
  formats: Formats = halfPrecision,
): number {
  const isFull = (batch: number) =>
    operators(model, { phase: "decode", batch, newTokens: 1, context: 0 }, { formats })
      .filter(({ name }) => feedForward.includes(name))
      .every((row) => operatorTime(row, hardware).bound === "compute");
  let low = 0, high = 1;
  while (!isFull(high)) {
    [low, high] = [high, 2 * high];
    if (high > 2 ** 30) return Infinity;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isFull(middle)) high = middle;
    else low = middle;
  }
  return high;
}
