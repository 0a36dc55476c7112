import { bytesPerValue, type Link } from "../../catalog/mod.ts";
import { complete, type Deployment, operatorOptions, operatorTime } from "../../roofline/mod.ts";
import { operators } from "../../transformer/mod.ts";
import { type Bytes, requireAtLeast, requirePositive, type Seconds } from "../../units/mod.ts";
import type { MicroBatch } from "../activations/kept_activations.ts";
import { overlapTimeline } from "./overlap_timeline.ts";
import { reduceScatterAccesses } from "./reduce_scatter_accesses.ts";

/** A multiplication whose result is added up between devices, one after the other and fused. */
export interface FusedSublayer {
  readonly name: string;
  /** Of one layer. */
  readonly multiply: Seconds;
  readonly reduceScatter: Seconds;
  readonly allGather: Seconds;
  readonly sequential: Seconds;
  readonly fused: Seconds;
  readonly speedup: number;
  /** Bytes of memory that are read and written, by all three parts. */
  readonly sequentialTraffic: Bytes;
  readonly fusedTraffic: Bytes;
  /** The share of it that fusing saves. */
  readonly savedTraffic: number;
}

/**
 * What do layers gain whose devices add up while they multiply? Twice in a layer a matrix, attention's output and the way
 * down of the feed-forward network, ends in a sum over all devices: a reduce-scatter and an all-gather. T3 hides the first
 * behind the multiplication; the second waits as before. So the gain is at most 1.5, where all three take equally long.
 *
 * The rows are those of the operator table; the multiplication reads each of its matrices once.
 *
 * @param link A ring's, in one direction. @param latency Seconds of each message. Default 0.
 * @throws {RangeError} when fewer than two devices split the layers, or a value is out of range.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { fusedSublayers } from "@fewer-bytes/training";
 *
 * const rows = fusedSublayers(
 *   { model: findModel("gpt-3-175b"), hardware: findHardware("nvidia-a100-sxm-80gb"), devices: 8 },
 *   { sequences: 8, tokens: 2048 },
 *   { name: "a ring of 150 GB/s", bandwidth: 150e9 },
 * );
 * assert(rows.every(({ speedup, savedTraffic }) => speedup > 1 && speedup <= 1.5 && savedTraffic > 0.1));
 * ```
 */
export function fusedSublayers(
  deployment: Deployment,
  { sequences, tokens }: MicroBatch,
  link: Link,
  latency: Seconds = 0,
): FusedSublayer[] {
  const full = complete(deployment);
  const { model, hardware, devices, formats, efficiency } = full;
  requirePositive(link.bandwidth, "fuse sublayers", `the bandwidth of ${link.name}`);
  requireAtLeast(latency, 0, "fuse sublayers", "the latency");
  const step = { phase: "prefill", batch: sequences, newTokens: tokens, context: 0 } as const;
  const sum = sequences * tokens * model.hiddenSize * bytesPerValue(formats.activations);
  const chunk = sum / devices;
  const turn = latency + chunk / (link.bandwidth * efficiency.link);
  const accesses = reduceScatterAccesses(devices);
  const allGather = (devices - 1) * turn, gathered = 2 * (devices - 1) * chunk;
  return operators(model, step, operatorOptions(full))
    .filter(({ name }) => name === "attention output" || name === "feed-forward down")
    .map((row) => {
      const multiply = operatorTime(row, hardware, efficiency).seconds / row.layers;
      const read = (row.bytes.weights + row.bytes.activations) / row.layers - sum;
      const { seconds, sequential } = overlapTimeline({ devices, multiply, turn });
      const traffic = (chunks: number) => read + chunks * chunk + gathered;
      const [before, after] = [accesses.after, accesses.fused].map(({ total }) => traffic(total));
      return {
        name: row.name,
        multiply,
        reduceScatter: (devices - 1) * turn,
        allGather,
        sequential: sequential + allGather,
        fused: seconds + allGather,
        speedup: (sequential + allGather) / (seconds + allGather),
        sequentialTraffic: before!,
        fusedTraffic: after!,
        savedTraffic: 1 - after! / before!,
      };
    });
}
