import type { Model } from "../../catalog/mod.ts";
import { type Formats, halfPrecision } from "../../transformer/mod.ts";
import {
  type Bytes,
  requirePositive,
  type Seconds,
  type TokensPerSecond,
} from "../../units/mod.ts";
import { blockFootprint } from "./block_footprint.ts";
import { blockStep } from "./block_step.ts";
import {
  type BlockStreams,
  blockStreams,
  streamNames,
  type StreamOverlap,
  streamSums,
} from "./block_streams.ts";
import { type OffloadNode, type OffloadTier, offloadTiers, ways } from "./offload_node.ts";
import { type BlockRequest, type OffloadPolicy, requirePolicy } from "./policy.ts";

/** What a block of sequences takes. */
export interface BlockTime {
  /** All prompts, and then all answers. */
  readonly seconds: Seconds;
  readonly prefill: Seconds;
  readonly decode: Seconds;
  /** Tokens of all answers over all seconds. */
  readonly tokensPerSecond: TokensPerSecond;
  /** In a decode step, and while prompts are read: what each stream would take alone. */
  readonly streams: { readonly prefill: BlockStreams; readonly decode: BlockStreams };
  /** The longest stream of a decode step. */
  readonly bound: typeof streamNames[number];
  readonly footprint: Readonly<Record<OffloadTier, Bytes>>;
  readonly fits: boolean;
}

/** How a block is timed. */
export interface BlockOptions {
  /** Default "all". */
  readonly overlap?: StreamOverlap;
  /** Default: 16 bits for everything. */
  readonly formats?: Formats;
}

/**
 * How long does a block of sequences take on a machine that offloads? FlexGen's cost model: layer by layer all batches of
 * the block are computed with the same weights (a zig-zag through batches and layers), while the next layer's weights, the
 * next batch's cache and hidden states come in and the last ones' go out. A step takes as long as the longest of these
 * streams, or their sum where they do not overlap.
 *
 * Weights move once for a block, caches for each of its sequences. So a larger block makes better use of weights, until
 * caches fill the tiers.
 *
 * Source: Sheng et al., "FlexGen: High-Throughput Generative Inference of Large Language Models with a Single GPU" (ICML
 * 2023), 4.3 and A.3.
 *
 * @throws {RangeError} when a share, a rate or a count is out of range.
 * @example OPT-30B on a T4: 7.32 tokens a second are measured
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { findMeasuredNode, findModel } from "@fewer-bytes/catalog";
 * import { blockTime, measuredNode, policyOf } from "@fewer-bytes/offload";
 *
 * const { tokensPerSecond, bound } = blockTime(
 *   findModel("opt-30b"),
 *   measuredNode(findMeasuredNode("flexgen-t4")),
 *   { promptTokens: 512, outputTokens: 32 },
 *   policyOf(48, 3, [20, 80, 0, 100, 0, 100]),
 *   { overlap: "chained" },
 * );
 * assertAlmostEquals(tokensPerSecond, 7.18, 0.01); // FlexGen's own program says 7.14
 * assertEquals(bound, "compute");
 * ```
 */
export function blockTime(
  model: Model,
  node: OffloadNode,
  request: BlockRequest,
  policy: OffloadPolicy,
  { overlap = "all", formats = halfPrecision }: BlockOptions = {},
): BlockTime {
  requirePolicy(policy, request);
  requireNode(node);
  const streams = { prefill: {} as BlockStreams, decode: {} as BlockStreams };
  const seconds = { prefill: 0, decode: 0 };
  for (const phase of ["prefill", "decode"] as const) {
    const own = blockStreams(node, blockStep(model, request, policy, phase, formats), policy);
    streams[phase] = own;
    seconds[phase] = Math.max(
      ...streamSums(phase, overlap).map((names) => names.reduce((sum, name) => sum + own[name], 0)),
    );
  }
  const decode = (request.outputTokens - 1) * seconds.decode;
  const total = seconds.prefill + decode;
  const footprint = blockFootprint(model, request, policy, formats);
  return {
    seconds: total,
    prefill: seconds.prefill,
    decode,
    tokensPerSecond: policy.gpuBatch * policy.batches * request.outputTokens / total,
    streams,
    bound: streamNames.reduce((most, name) =>
      streams.decode[name] > streams.decode[most] ? name : most
    ),
    footprint,
    fits: offloadTiers.every((tier) => footprint[tier] <= node.capacity[tier]),
  };
}

/** Refuses a machine that holds nothing or moves nothing. */
export function requireNode({ name, capacity, rates }: OffloadNode): void {
  for (const tier of offloadTiers) {
    requirePositive(capacity[tier], `schedule a block on ${name}`, `the capacity of the ${tier}`);
  }
  for (const way of ways) {
    for (const [kind, rate] of Object.entries(rates[way])) {
      requirePositive(rate, `schedule a block on ${name}`, `${way} of ${kind}`);
    }
  }
}
