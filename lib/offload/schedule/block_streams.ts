import { type Operator } from "../../transformer/mod.ts";
import type { Bytes, Seconds } from "../../units/mod.ts";
import type { BlockStep } from "./block_step.ts";
import { type OffloadNode, type Way, ways } from "./offload_node.ts";
import type { OffloadPolicy } from "./policy.ts";

/** What happens side by side in a step of a block. */
export const streamNames = ["compute", ...ways] as const;
/** The seconds that each stream would take alone. */
export type BlockStreams = Readonly<Record<typeof streamNames[number], Seconds>>;

/** Bytes of each kind that go one way. */
export interface KindBytes {
  readonly weights: Bytes;
  readonly cache: Bytes;
  readonly activations: Bytes;
}

/**
 * Which bytes go which way in a step? Weights that are not on the device come in, from disk through the host. Hidden states
 * go out after each layer and come in before the next. Keys and values that are new go where they lie; those that attention
 * reads come in, unless the host attends to them: then they come no further than from disk to the host.
 */
export function blockTraffic(step: BlockStep, policy: OffloadPolicy): Record<Way, KindBytes> {
  const { weights, cache, activations, hostAttention = true } = policy;
  const loaded = hostAttention && step.phase === "decode" ? 0 : step.cacheRead;
  const away = (shares: readonly number[]) => shares[1]! + shares[2]!;
  return {
    hostToDevice: {
      weights: away(weights) * step.weights,
      cache: away(cache) * loaded,
      activations: away(activations) * step.activations,
    },
    deviceToHost: {
      weights: 0,
      // With attention on the host new keys and values go out with the queries, as part of the hidden states' way.
      cache: away(cache) * (hostAttention && step.phase === "decode" ? 0 : step.cacheWritten),
      activations: away(activations) * step.activations,
    },
    diskToHost: {
      weights: weights[2]! * step.weights,
      cache: cache[2]! * step.cacheRead,
      activations: activations[2]! * step.activations,
    },
    hostToDisk: {
      weights: 0,
      cache: cache[2]! * step.cacheWritten,
      activations: activations[2]! * step.activations,
    },
  };
}

/**
 * How long does each stream of a step take alone? All are proportional to shares, so that the best shares are found by a
 * linear program.
 *
 * Device and host compute one after the other: a layer's output waits for its attention.
 */
export function blockStreams(
  node: OffloadNode,
  step: BlockStep,
  policy: OffloadPolicy,
): BlockStreams {
  const { batches, cache, hostAttention = true } = policy;
  const far = hostAttention && step.phase === "decode" ? 1 - cache[0]! : 0;
  const attends = (row: Operator) => row.bytes.cache > 0;
  let compute = 0;
  for (const row of step.rows) {
    const near = attends(row) ? 1 - far : 1;
    if (near > 0) compute += near * node.deviceSeconds(row, step.phase);
    if (far > 0 && attends(row)) compute += far * node.hostSeconds(row);
  }
  const traffic = blockTraffic(step, policy);
  const seconds = (way: Way) =>
    (["weights", "cache", "activations"] as const).reduce(
      (sum, kind) => sum + traffic[way][kind] / node.rates[way][kind],
      0,
    );
  return {
    compute: batches * compute,
    hostToDevice: seconds("hostToDevice"),
    deviceToHost: seconds("deviceToHost"),
    diskToHost: seconds("diskToHost"),
    hostToDisk: seconds("hostToDisk"),
  };
}

/**
 * How streams of a step go together.
 *
 * - "all": side by side; the longest decides. FlexGen's paper.
 * - "chained": what comes from disk passes the host first and adds up with the link while prompts are read; in decode steps
 *   weights are on the device before the rest begins. FlexGen's program.
 * - "none": one after the other.
 */
export type StreamOverlap = "all" | "chained" | "none";

/** For each way of going together the sums of streams, the largest of which is the time of a step. */
export function streamSums(
  phase: BlockStep["phase"],
  overlap: StreamOverlap,
): readonly (readonly (typeof streamNames[number])[])[] {
  if (overlap === "none") return [streamNames];
  if (overlap === "all") return streamNames.map((name) => [name]);
  return phase === "prefill"
    ? [["hostToDevice", "diskToHost"], ["deviceToHost", "hostToDisk"], ["compute"]]
    : (["deviceToHost", "diskToHost", "hostToDisk", "compute"] as const).map((name) => [
      "hostToDevice",
      name,
    ]);
}
