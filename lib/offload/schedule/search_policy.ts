import type { Model } from "../../catalog/mod.ts";
import { halfPrecision } from "../../transformer/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { blockFootprint } from "./block_footprint.ts";
import { blockStep } from "./block_step.ts";
import { blockStreams, streamNames, streamSums } from "./block_streams.ts";
import { type BlockOptions, type BlockTime, blockTime, requireNode } from "./block_time.ts";
import { solveLinearProgram } from "./linear_program.ts";
import { type OffloadNode, offloadTiers } from "./offload_node.ts";
import { type BlockRequest, type OffloadPolicy, requirePolicy } from "./policy.ts";

/** A policy, and what it gives. */
export interface FoundPolicy extends BlockTime {
  readonly policy: OffloadPolicy;
}

/** What is tried. */
export interface PolicySearch extends BlockOptions {
  /** Sequences that the device computes at once. Default 1, 2, 4, …, 64. */
  readonly gpuBatches?: readonly number[];
  /** Batches of a block. Default 1, 2, 4, 8 and 16. */
  readonly batches?: readonly number[];
}

/** The six shares that are free: host and disk, of weights, cache and activations. What is left is on the device. */
const free = 6;
type Corner = Pick<OffloadPolicy, "weights" | "cache" | "activations">;

/** The policy at a point of the six shares. */
function shares(x: readonly number[]): Corner {
  const clean = (share: number) => Math.max(0, Math.round(share * 1e12) / 1e12);
  const three = (host: number, disk: number) => {
    const [a, b] = [clean(host), clean(disk)];
    return [clean(1 - a - b), a, b];
  };
  return {
    weights: three(x[0]!, x[1]!),
    cache: three(x[2]!, x[3]!),
    activations: three(x[4]!, x[5]!),
  };
}

/**
 * Where should weights, caches and activations lie, for one size of a block? The linear program of FlexGen: seconds and
 * footprints are proportional to shares, a step takes as long as the longest of its streams, and each tier holds so much. So
 * the least time is at a corner, and the simplex method finds it exactly.
 *
 * @param block Sequences at once, batches of them, and where attention is computed.
 * @returns Undefined when no shares fit.
 * @throws {RangeError} when a value is out of range.
 */
export function bestShares(
  model: Model,
  node: OffloadNode,
  request: BlockRequest,
  block: Pick<OffloadPolicy, "gpuBatch" | "batches" | "hostAttention">,
  options: BlockOptions = {},
): FoundPolicy | undefined {
  const { overlap = "all", formats = halfPrecision } = options;
  requireNode(node);
  const at = (x: readonly number[]): OffloadPolicy => ({ ...block, ...shares(x) });
  const zero = Array.from({ length: free }, () => 0);
  requirePolicy(at(zero), request);
  const corners = [zero, ...zero.map((_, i) => zero.map((_, j) => i === j ? 1 : 0))].map(at);
  const rows: number[][] = [], limits: number[] = [];
  // Each line is a function of the shares that must stay below a limit, or below a step's time.
  const add = (values: readonly number[], limit: number, times: readonly [number, number]) => {
    const [base, ...ends] = values;
    const scale = Math.max(...values.map(Math.abs), Math.abs(limit)) || 1;
    rows.push([...ends.map((end) => (end - base!) / scale), ...times.map((time) => time / scale)]);
    limits.push((limit - base!) / scale);
  };
  const unit = { prefill: 1, decode: 1 };
  for (const phase of ["prefill", "decode"] as const) {
    const step = blockStep(model, request, block, phase, formats);
    const streams = corners.map((policy) => blockStreams(node, step, policy));
    unit[phase] = Math.max(...streams.flatMap((each) => streamNames.map((name) => each[name])));
    for (const names of streamSums(phase, overlap)) {
      add(
        streams.map((each) => names.reduce((sum, name) => sum + each[name], 0)),
        0,
        phase === "prefill" ? [-unit.prefill, 0] : [0, -unit.decode],
      );
    }
  }
  const footprints = corners.map((policy) => blockFootprint(model, request, policy, formats));
  for (const tier of offloadTiers) {
    add(footprints.map((each) => each[tier]), node.capacity[tier], [0, 0]);
  }
  for (let kind = 0; kind < free; kind += 2) {
    rows.push(Array.from({ length: free + 2 }, (_, j) => j === kind || j === kind + 1 ? 1 : 0));
    limits.push(1);
  }
  const whole = unit.prefill + (request.outputTokens - 1) * unit.decode;
  const cost = [
    ...zero,
    unit.prefill / whole,
    (request.outputTokens - 1) * unit.decode / whole,
  ];
  const best = solveLinearProgram({ cost, rows, limits });
  if (!best) return undefined;
  const policy = at(best.x);
  // It fits by its own conditions, up to the last digits of a corner where a tier is full.
  return { ...blockTime(model, node, request, policy, options), fits: true, policy };
}

/**
 * Which policy gives most tokens a second? FlexGen's search: some sizes of blocks are tried, and for each of them the best
 * shares are found, once with attention on the host and once without.
 *
 * @throws {RangeError} when no size of a block fits, as for a model larger than all tiers, or a value is out of range.
 * @example OPT-30B on FlexGen's T4: weights mostly on the host, caches all there, and the host attends
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { findMeasuredNode, findModel } from "@fewer-bytes/catalog";
 * import { measuredNode, searchPolicy } from "@fewer-bytes/offload";
 *
 * const node = measuredNode(findMeasuredNode("flexgen-t4"));
 * const request = { promptTokens: 512, outputTokens: 32 };
 * const { policy, tokensPerSecond } = searchPolicy(findModel("opt-30b"), node, request, {
 *   overlap: "chained", gpuBatches: [48], batches: [1, 2, 3],
 * });
 * assertEquals([policy.batches, policy.cache[1], policy.hostAttention], [3, 1, true]);
 * assertAlmostEquals(policy.weights[0]!, 0.2, 0.005); // the policy that the authors use: 20 % on the T4, 80 % beside it
 * assertAlmostEquals(tokensPerSecond, 7.18, 0.01); // measured: 7.32
 * ```
 */
export function searchPolicy(
  model: Model,
  node: OffloadNode,
  request: BlockRequest,
  search: PolicySearch = {},
): FoundPolicy {
  const { gpuBatches = [1, 2, 4, 8, 16, 32, 64], batches = [1, 2, 4, 8, 16], ...options } = search;
  requireInteger(gpuBatches.length * batches.length, 1, "search a policy", "the sizes of blocks");
  let best: FoundPolicy | undefined;
  for (const gpuBatch of gpuBatches) {
    for (const count of batches) {
      for (const hostAttention of [true, false]) {
        const block = { gpuBatch, batches: count, hostAttention };
        const found = bestShares(model, node, request, block, options);
        if (found && found.tokensPerSecond > (best?.tokensPerSecond ?? 0)) best = found;
      }
    }
  }
  if (best) return best;
  const least = blockFootprint(model, request, {
    gpuBatch: Math.min(...gpuBatches),
    batches: Math.min(...batches),
    ...shares([0, 1, 0, 1, 0, 1]),
  }, options.formats);
  const held = offloadTiers.reduce((sum, tier) => sum + node.capacity[tier], 0);
  throw new RangeError(
    `Cannot schedule ${model.name} on ${node.name} as its tiers must hold ${
      offloadTiers.reduce((sum, tier) => sum + least[tier], 0)
    } bytes, and the device its part of them: current capacity is ${held}`,
  );
}
