import { bytesPerValue, type Hardware, type Model } from "../../catalog/mod.ts";
import { type Deployment, largestBatch, type Request, stepTime } from "../../roofline/mod.ts";
import { operators, type Step, sumOperators, traffic } from "../../transformer/mod.ts";
import type { Bytes, Seconds, TokensPerSecond } from "../../units/mod.ts";
import { mixedPrecisionFormats, mixedPrecisionOperators } from "./mixed_precision_operators.ts";

/** One step of a model with 4-bit weights and cache, and activations of 4 bits but for a share of 8. */
export interface MixedPrecisionStep {
  /** Bits of an activation as it enters a multiplication, its part of the block's 16-bit scale included. */
  readonly activationBits: number;
  readonly seconds: Seconds;
  /** All traffic of the step, for each token computed in it. */
  readonly bytesPerToken: Bytes;
  /** How many times faster than the same step with 16 bits for everything. */
  readonly speedup: number;
}

/**
 * How long does such a step take, and what does it move, next to 16 bits for everything?
 *
 * A small batch decodes at the speed of its bytes, where 4 bits pay almost fourfold whatever the activations are; a
 * prefill or a large batch runs at the speed of the matrix units, where the share of eight bits decides.
 *
 * @throws {RangeError} when the share is not from 0 to 1.
 * @example
 * ```ts
 * import { assertGreater } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { mixedPrecisionStep } from "@fewer-bytes/quantization";
 *
 * const step = { phase: "prefill", batch: 1, newTokens: 2048, context: 0 } as const;
 * const [model, hardware] = [findModel("llama-3.1-8b"), findHardware("nvidia-a100-sxm-80gb")];
 * assertGreater(mixedPrecisionStep(model, hardware, step, 0.1).speedup, 2.5);
 * ```
 */
export function mixedPrecisionStep(
  model: Model,
  hardware: Hardware,
  step: Step,
  share8: number,
): MixedPrecisionStep {
  const rows = mixedPrecisionOperators(model, step, share8);
  const { weights } = mixedPrecisionFormats;
  const { seconds } = stepTime(rows, hardware);
  return {
    activationBits: 4 + 4 * share8 + weights.scaleBits / weights.groupSize,
    seconds,
    bytesPerToken: traffic(sumOperators(rows)) / (step.batch * step.newTokens),
    speedup: stepTime(operators(model, step), hardware).seconds / seconds,
  };
}

/**
 * How many tokens a second does the device decode with as many sequences as fit? Four-bit weights leave room and
 * four-bit keys and values need less of it, so the batch grows more than fourfold: the larger part of COMET's gain.
 *
 * @returns The batch, and the tokens of all its sequences in a second; 0 for both when the model does not fit.
 * @example
 * ```ts
 * import { assertGreater } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { largestBatch } from "@fewer-bytes/roofline";
 * import { mixedPrecisionThroughput } from "@fewer-bytes/quantization";
 *
 * const deployment = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-a100-sxm-80gb") };
 * const request = { promptTokens: 1024, outputTokens: 512 };
 * assertGreater(mixedPrecisionThroughput(deployment, request, 0.2).batch, 4 * largestBatch(deployment, request));
 * ```
 */
export function mixedPrecisionThroughput(
  { model, hardware, memoryShare = 0.9 }: Pick<Deployment, "model" | "hardware" | "memoryShare">,
  request: Omit<Request, "batch">,
  share8: number,
): { readonly batch: number; readonly tokensPerSecond: TokensPerSecond } {
  const formats = { ...mixedPrecisionFormats, activations: "bf16" } as const;
  // The catalog's footprint counts all weights at four bits; embedding and head stay at sixteen.
  const tables = (model.tiedEmbeddings ? 1 : 2) * model.vocabularySize * model.hiddenSize;
  const extra = tables * (bytesPerValue("bf16") - bytesPerValue(formats.weights));
  const left = Math.max(memoryShare - extra / hardware.memory[0].capacity, Number.MIN_VALUE);
  const batch = largestBatch({ model, hardware, formats, memoryShare: left }, request);
  if (batch === 0) return { batch, tokensPerSecond: 0 };
  const context = request.promptTokens + Math.floor(request.outputTokens / 2);
  const step = { phase: "decode", batch, newTokens: 1, context } as const;
  return {
    batch,
    tokensPerSecond: batch / mixedPrecisionStep(model, hardware, step, share8).seconds,
  };
}
