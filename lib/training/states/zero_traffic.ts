import { type Bytes, requireAtLeast, requireInteger } from "../../units/mod.ts";
import type { ZeroStage } from "./state_bytes.ts";

/** Bytes that one device sends in a step, by what it sends them for. */
export interface ZeroTraffic {
  /** Gradients, added up on the way. */
  readonly gradients: Bytes;
  /** Weights, handed out: after the update, or for each layer in turn. */
  readonly weights: Bytes;
  readonly total: Bytes;
}

/**
 * What does data parallelism send in one step? In a ring of N, handing out or adding up Ψ values takes (N − 1)/N of Ψ from
 * each device. An all-reduce is both: 2Ψ. With stages 1 and 2 gradients are added up to where they are used and new
 * weights handed out: 2Ψ as well, for less memory. Stage 3 hands weights out twice, forward and backward, and adds
 * gradients up: 3Ψ.
 *
 * Several micro-batches before an update: with stages 0 and 1 gradients wait and are sent once; with stage 2 and 3 no
 * device has room for all of them, so they are sent each time; and with stage 3 so are the weights.
 *
 * Source: Rajbhandari et al., "ZeRO" (2019), section 7.
 *
 * @param parameters Ψ.
 * @param setup `valueBytes`: of a weight or gradient on its way, default 2.
 * @throws {RangeError} when a number is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { zeroTraffic } from "@fewer-bytes/training";
 *
 * const volumes = ([0, 1, 2, 3] as const)
 *   .map((stage) => Math.round(zeroTraffic(1, { stage, dataParallel: 1e9, valueBytes: 1 }).total));
 * assertEquals(volumes, [2, 2, 2, 3]);
 * ```
 */
export function zeroTraffic(parameters: number, setup: {
  readonly stage: ZeroStage;
  readonly dataParallel: number;
  readonly microBatches?: number;
  readonly valueBytes?: Bytes;
}): ZeroTraffic {
  const { stage, dataParallel, microBatches = 1, valueBytes = 2 } = setup;
  requireAtLeast(parameters, 0, "count what is sent", "the number of parameters");
  requireInteger(dataParallel, 1, "count what is sent", "the data-parallel devices");
  requireInteger(microBatches, 1, "count what is sent", "microBatches");
  requireAtLeast(valueBytes, 0, "count what is sent", "valueBytes");
  const once = parameters * valueBytes * (dataParallel - 1) / dataParallel;
  const gradients = once * (stage >= 2 ? microBatches : 1);
  const weights = once * (stage === 3 ? 2 * microBatches : 1);
  return { gradients, weights, total: gradients + weights };
}
