import { bytesPerValue, type Model, type Storage } from "../../catalog/mod.ts";
import { feedForwardParameters } from "../../transformer/mod.ts";
import { type Bytes, type FlopPerByte, requirePositive, type Tokens } from "../../units/mod.ts";
import { distinctExperts } from "./distinct_experts.ts";
import { expertLayers } from "./expert_layers.ts";
import { popularChances } from "./popularity.ts";

/** How experts lie in memory, and who picks them. */
export interface ExpertReadOptions {
  /** Default bf16. */
  readonly weights?: Storage;
  /** Of Zipf's law. Default 0: all experts are alike. */
  readonly exponent?: number;
}

/** What one step reads of the feed-forward layers that are mixtures. */
export interface ExpertReads {
  readonly tokens: Tokens;
  /** Experts that a layer reads, on average, of how many. */
  readonly distinct: number;
  readonly experts: number;
  /** Bytes in all layers: of experts that were picked, of what every token passes, and of all experts there are. */
  readonly routed: Bytes;
  readonly shared: Bytes;
  readonly all: Bytes;
  /** Tokens that each read expert works on. */
  readonly tokensPerExpert: Tokens;
  /** Operations for each byte of expert read, without activations. */
  readonly intensity: FlopPerByte;
}

/**
 * What does a step read of a mixture's experts? A token alone reads k of E in each layer; a step reads the union of what its
 * tokens picked, and soon that is all. Then a mixture moves as many bytes as a dense model of its whole size, and only its
 * arithmetic is still that of the active part: k / E of the tokens work on each expert.
 *
 * @param tokens All tokens of the step: sequences, times new tokens of each.
 * @throws {RangeError} when the model has no experts, or a value is out of range.
 * @example Mixtral reads all of its experts from a batch of 16 on, DeepSeek-V3 needs a hundred
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { expertReads } from "@fewer-bytes/experts";
 *
 * const share = (name: string, tokens: number) => {
 *   const { routed, all } = expertReads(findModel(name), tokens);
 *   return routed / all;
 * };
 * assertAlmostEquals(share("mixtral-8x7b", 1), 0.25, 1e-9);
 * assertAlmostEquals(share("mixtral-8x7b", 16), 0.99, 0.001);
 * assertAlmostEquals(share("deepseek-v3", 16), 0.398, 0.001);
 * assertAlmostEquals(share("deepseek-v3", 128), 0.983, 0.001);
 * ```
 */
export function expertReads(
  model: Model,
  tokens: Tokens,
  { weights = "bf16", exponent = 0 }: ExpertReadOptions = {},
): ExpertReads {
  requirePositive(tokens, "count expert reads", "the tokens");
  const value = bytesPerValue(weights);
  let layers = 0, reads = 0, held = 0, picks = 0, routed = 0, shared = 0, all = 0, flops = 0;
  for (const { count, network } of expertLayers(model)) {
    const { experts, expertsPerToken } = network;
    const distinct = distinctExperts(popularChances(network, exponent), tokens);
    const { expert, total } = feedForwardParameters(model, network);
    layers += count;
    reads += count * distinct;
    held += count * experts;
    picks += count * expertsPerToken;
    routed += count * distinct * expert * value;
    all += count * experts * expert * value;
    shared += count * (total - experts * expert) * value;
    flops += count * 2 * tokens * expertsPerToken * (expert - network.extraParametersPerExpert);
  }
  return {
    tokens,
    distinct: reads / layers,
    experts: held / layers,
    routed,
    shared,
    all,
    tokensPerExpert: tokens * picks / reads,
    intensity: flops / routed,
  };
}
