import { bytesPerValue, type Model, type Storage } from "../../catalog/mod.ts";
import { expectedDistinctExperts, feedForwardParameters } from "../../transformer/mod.ts";
import { type Bytes, requireAtLeast, requireInteger, type Tokens } from "../../units/mod.ts";

/** A prompt that is computed while others decode. */
export interface PromptPass {
  readonly promptTokens: Tokens;
  /** Tokens of a chunk; and of what a group of layers is made for. */
  readonly chunkTokens: Tokens;
  /** Requests that decode in each of these steps. Default 0. */
  readonly decodes?: number;
  /** Default bf16. */
  readonly weights?: Storage;
}

/**
 * What does it cost a mixture of experts to cut a prompt into pieces? Bytes of experts read while one prompt passes, with
 * everything that decodes beside it.
 *
 * Cut by tokens, each of the n steps reads the experts that a chunk and the decoding requests pick together, and a few
 * hundred tokens pick nearly all. Cut by layers, each layer sees the whole prompt in one of the n steps, and in the other
 * n − 1 only the few experts of the decoding requests. `whole` is the prompt in a single step, which would stall everybody.
 *
 * @returns Bytes on all devices together; 0 for a model without experts.
 * @throws {RangeError} when a count is out of range.
 * @example A prompt of 8,192 tokens, 16 answers beside it
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { promptExpertTraffic } from "@fewer-bytes/serving";
 *
 * const pass = { promptTokens: 8192, chunkTokens: 512, decodes: 16 };
 * const { chunked, layered } = promptExpertTraffic(findModel("qwen3-30b-a3b"), pass);
 * assertAlmostEquals(chunked / 1e12, 0.93, 0.01);
 * assertAlmostEquals(layered / 1e12, 0.62, 0.01);
 * ```
 */
export function promptExpertTraffic(
  model: Model,
  pass: PromptPass,
): { readonly chunked: Bytes; readonly layered: Bytes; readonly whole: Bytes } {
  const { promptTokens, chunkTokens, decodes = 0, weights = "bf16" } = pass;
  requireInteger(promptTokens, 1, "count expert traffic", "promptTokens");
  requireInteger(chunkTokens, 1, "count expert traffic", "chunkTokens");
  requireAtLeast(decodes, 0, "count expert traffic", "decodes");
  const read = (tokens: Tokens) => expertBytes(model, tokens, weights);
  const steps = Math.ceil(promptTokens / chunkTokens);
  const rest = promptTokens - (steps - 1) * chunkTokens;
  return {
    chunked: (steps - 1) * read(chunkTokens + decodes) + read(rest + decodes),
    layered: read(promptTokens + decodes) + (steps - 1) * read(decodes),
    whole: read(promptTokens + decodes),
  };
}

/** Bytes of the experts that some tokens are expected to pick together, in all layers. */
export function expertBytes(model: Model, tokens: Tokens, weights: Storage = "bf16"): Bytes {
  let bytes = 0;
  for (const { count, feedForward } of model.layers) {
    if (feedForward.kind !== "experts") continue;
    const { experts, expertsPerToken } = feedForward;
    bytes += count * expectedDistinctExperts(experts, expertsPerToken, tokens) *
      feedForwardParameters(model, feedForward).expert * bytesPerValue(weights);
  }
  return bytes;
}
