import { bytesPerValue, type Model, valueFormat, widerFormat } from "../../catalog/mod.ts";
import {
  feedForwardParameters,
  feedForwardProjections,
  type Formats,
  halfPrecision,
  type Operator,
  weightCount,
} from "../../transformer/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import { expertLayers } from "./expert_layers.ts";

/**
 * One expert in one layer, as a row of the operator table: what is timed when experts get different numbers of tokens, on one
 * device or on several kinds. No token, no reading.
 *
 * @param tokens Tokens that it got.
 * @throws {RangeError} when the model has no experts, or the tokens are no whole number.
 * @example Which experts Duplex would compute in memory: those with few tokens
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware, findModel, findPim } from "@fewer-bytes/catalog";
 * import { expertOperator } from "@fewer-bytes/experts";
 * import { pimTime, shareExperts } from "@fewer-bytes/pim";
 * import { operatorTime } from "@fewer-bytes/roofline";
 *
 * const model = findModel("mixtral-8x7b"), gpu = findHardware("nvidia-h100-sxm"), pim = findPim("attacc-bank");
 * const { inMemory } = shareExperts([100, 1, 40, 0, 2, 60, 1, 52], {
 *   processor: (tokens) => operatorTime(expertOperator(model, tokens), gpu).seconds,
 *   memory: (tokens) => pimTime(expertOperator(model, tokens), pim).seconds,
 * });
 * assertEquals(inMemory, [1, 6, 4]);
 * ```
 */
export function expertOperator(
  model: Model,
  tokens: Tokens,
  formats: Formats = halfPrecision,
): Operator {
  requireInteger(tokens, 0, "list an expert", "the tokens");
  const { network } = expertLayers(model)[0]!;
  const { hiddenSize } = model;
  const { intermediateSize, gated } = network;
  const matrices = feedForwardProjections(hiddenSize, intermediateSize, gated);
  const values = 2 * (hiddenSize + intermediateSize) + (gated ? intermediateSize : 0);
  return {
    name: "expert",
    layers: 1,
    flops: 2 * tokens * weightCount(matrices),
    bytes: {
      weights: tokens === 0
        ? 0
        : feedForwardParameters(model, network).expert * bytesPerValue(formats.weights),
      cache: 0,
      activations: tokens * values * bytesPerValue(formats.activations),
    },
    transfer: 0,
    precision: widerFormat(valueFormat(formats.weights), formats.activations),
  };
}
