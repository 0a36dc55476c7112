import { complete, type Deployment, operatorOptions, stepTime } from "../../roofline/mod.ts";
import {
  expectedDistinctExperts,
  operators,
  sumOperators,
  traffic,
} from "../../transformer/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import type { RoundPlace } from "./speculative_round.ts";

/** What it takes to compute several tokens of a sequence at once, over what one takes. */
export interface Verification {
  /** Of all bytes moved. */
  readonly bytes: number;
  /** Of the weights alone: 1 unless there are experts. */
  readonly weights: number;
  /** Of the cache alone: new tokens read what is cached once, together. */
  readonly cache: number;
  readonly flops: number;
  readonly seconds: number;
  /** Experts that a layer reads for all of them, on average; undefined without experts. */
  readonly experts: number | undefined;
}

/**
 * Does verifying k tokens cost the bandwidth of one? In a dense model nearly: weights and cache are read once either way. In a
 * mixture of experts each token picks its own, and the union of them is read: soon all of them, if the batch has not read
 * them all anyhow.
 *
 * @param tokens New tokens of each sequence: one more than were drafted.
 * @throws {RangeError} when a number is out of range.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { verification } from "@fewer-bytes/decoding";
 *
 * const ratio = (name: string, batch: number) => {
 *   const deployment = { model: findModel(name), hardware: findHardware("nvidia-b200") };
 *   return verification(deployment, { batch, context: 1000 }, 5).bytes;
 * };
 * assert(ratio("qwen3-8b", 1) < 1.01);
 * assert(ratio("qwen3-30b-a3b", 1) > 3 && ratio("qwen3-30b-a3b", 64) < 1.1);
 * ```
 */
export function verification(
  deployment: Deployment,
  { batch = 1, context }: RoundPlace,
  tokens: Tokens,
): Verification {
  requireInteger(tokens, 1, "compare a verification", "the tokens");
  const full = complete(deployment);
  const step = (newTokens: number) => {
    const table = operators(
      full.model,
      { phase: "decode", batch, newTokens, context },
      operatorOptions(full),
    );
    const { flops, bytes } = sumOperators(table);
    const { seconds } = stepTime(table, full.hardware, full.efficiency);
    return { flops, bytes, all: traffic({ bytes }), seconds };
  };
  const [one, several] = [step(1), step(tokens)];
  const network = full.model.layers.map(({ feedForward }) => feedForward)
    .find((network) => network.kind !== "dense");
  return {
    bytes: several.all / one.all,
    weights: several.bytes.weights / one.bytes.weights,
    cache: several.bytes.cache / one.bytes.cache,
    flops: several.flops / one.flops,
    seconds: several.seconds / one.seconds,
    experts: network &&
      expectedDistinctExperts(network.experts, network.expertsPerToken, batch * tokens),
  };
}
