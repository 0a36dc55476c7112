import type { Attention, LatentAttention } from "../../catalog/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** The widths of a latent attention, where they shall not follow DeepSeek-V3's proportions. */
export interface LatentWidths {
  /** Width of the cached latent. Default 512. */
  readonly keyValueRank?: number;
  /** Width of the rotary key beside it. Default 64. */
  readonly rotaryDimension?: number;
}

/**
 * What would a model cost if it had latent attention? The same heads, of the same width, over a latent: pass this to a
 * deployment as its `attention`. Like all that changes what a model computes, it has to be trained.
 *
 * @throws {RangeError} when a width is no whole number from 1 (the rotary one from 0).
 * @example Llama-3.1-8B would cache 28 % of what it does
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { footprint } from "@fewer-bytes/roofline";
 * import { mla } from "@fewer-bytes/attention";
 *
 * const plain = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") };
 * const request = { promptTokens: 9000, outputTokens: 1000 };
 * const [before, after] = [plain, { ...plain, attention: mla() }].map((each) => footprint(each, request).cache);
 * assertAlmostEquals(after! / before!, (512 + 64) / (2 * 8 * 128), 1e-12);
 * ```
 */
export function mla(
  { keyValueRank = 512, rotaryDimension = 64 }: LatentWidths = {},
): (attention: Attention) => LatentAttention {
  requireInteger(keyValueRank, 1, "replace attention", "keyValueRank");
  requireInteger(rotaryDimension, 0, "replace attention", "rotaryDimension");
  return (attention) => {
    if (attention.kind === "latent") return { ...attention, keyValueRank, rotaryDimension };
    const { queryHeads, headDimension } = attention;
    return {
      kind: "latent",
      queryHeads,
      keyValueRank,
      rotaryDimension,
      keyDimension: headDimension,
      valueDimension: headDimension,
      extraParameters: keyValueRank,
    };
  };
}

/**
 * What would a model cost if its query heads shared so many key-value heads? Pass this to a deployment as its `attention`;
 * {@linkcode meanPoolHeads} is how a trained model begins to become one. Latent attention stays as it is.
 *
 * @throws {RangeError} when the heads cannot be shared evenly.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { attentionName, findModel } from "@fewer-bytes/catalog";
 * import { gqa } from "@fewer-bytes/attention";
 *
 * const { attention } = findModel("llama-2-7b").layers[0]!;
 * assertEquals([attention, gqa(8)(attention), gqa(1)(attention)].map(attentionName), ["MHA", "GQA", "MQA"]);
 * ```
 */
export function gqa(keyValueHeads: number): (attention: Attention) => Attention {
  requireInteger(keyValueHeads, 1, "replace attention", "keyValueHeads");
  return (attention) => {
    if (attention.kind === "latent") return attention;
    if (attention.queryHeads % keyValueHeads !== 0) {
      throw new RangeError(
        `Cannot replace attention as keyValueHeads must divide its ${attention.queryHeads} query heads: current value is ${keyValueHeads}`,
      );
    }
    return { ...attention, keyValueHeads };
  };
}
