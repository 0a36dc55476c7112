import { requireShares, type Shares } from "../../memory/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** What an offloading schedule decides: FlexGen's eleven numbers, and where attention is computed. */
export interface OffloadPolicy {
  /** Sequences that the device computes at once. */
  readonly gpuBatch: number;
  /** Such batches in a block, one after the other with the same weights. */
  readonly batches: number;
  /** Shares on device, host and disk. */
  readonly weights: Shares;
  readonly cache: Shares;
  readonly activations: Shares;
  /** Whether the host attends to what lies on host and disk, so that it need not come to the device. Default true. */
  readonly hostAttention?: boolean;
}

/** A number of sequences that share each load of the weights, and their lengths. */
export interface BlockRequest {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/**
 * A policy with percentages, as FlexGen's command line takes them: weights on device and host, cache on device and host,
 * activations on device and host. The rest is on disk.
 *
 * @throws {RangeError} when a percentage is negative, or two are more than 100.
 * @example FlexGen's policy for OPT-30B
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { policyOf } from "@fewer-bytes/offload";
 *
 * const { weights, cache } = policyOf(48, 3, [20, 80, 0, 100, 0, 100]);
 * assertEquals([weights, cache], [[0.2, 0.8, 0], [0, 1, 0]]);
 * ```
 */
export function policyOf(
  gpuBatch: number,
  batches: number,
  percent: readonly [number, number, number, number, number, number],
): OffloadPolicy {
  const shares = (device: number, host: number) => [
    device / 100,
    host / 100,
    (100 - device - host) / 100,
  ];
  const policy = {
    gpuBatch,
    batches,
    weights: shares(percent[0], percent[1]),
    cache: shares(percent[2], percent[3]),
    activations: shares(percent[4], percent[5]),
  };
  requirePolicy(policy);
  return policy;
}

/** Refuses what is no policy, and no request. */
export function requirePolicy(policy: OffloadPolicy, request?: BlockRequest): void {
  requireInteger(policy.gpuBatch, 1, "schedule a block", "gpuBatch");
  requireInteger(policy.batches, 1, "schedule a block", "batches");
  for (const kind of ["weights", "cache", "activations"] as const) {
    requireShares(policy[kind], 3, kind);
  }
  if (request) {
    requireInteger(request.promptTokens, 1, "schedule a block", "promptTokens");
    requireInteger(request.outputTokens, 1, "schedule a block", "outputTokens");
  }
}
