import {
  type Bytes,
  type BytesPerSecond,
  requireInteger,
  requirePositive,
} from "../../units/mod.ts";
import type { FlashReads } from "../flash/read_throughput.ts";

/**
 * How many neurons may be read in vain, to make one read of two? As many as come in the time that a read costs besides its
 * bytes: latency × bandwidth / (depth × bytes of a neuron), rounded down. Beyond that it is faster to ask twice.
 *
 * @param bytes Of one neuron with all its rows.
 * @param depth Reads under way at once, which share their waits. Default 1.
 * @throws {RangeError} when a value is out of range.
 * @example A phone's flash, bundles of 16 KiB, 32 reads under way: none. Of 2 KiB, in 4 bits and one matrix: six
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findMemory } from "@fewer-bytes/catalog";
 * import { bestGap } from "@fewer-bytes/offload";
 *
 * const flash = findMemory("ufs-4.0");
 * assertEquals([bestGap(flash, 16_384, 32), bestGap(flash, 2048, 32), bestGap(flash, 16_384)], [0, 6, 25]);
 * ```
 */
export function bestGap(
  { bandwidth, latency = 0 }: FlashReads,
  bytes: Bytes,
  depth = 1,
): number {
  requirePositive(bandwidth, "find the best gap", "the bandwidth");
  requirePositive(bytes, "find the best gap", "the bytes of a neuron");
  requireInteger(depth, 1, "find the best gap", "the depth");
  return Math.floor(latency * bandwidth / (depth * bytes));
}

/**
 * How fast do neurons arrive that are read in runs, counting only what was wanted? The bytes of all runs, and one wait for
 * each, shared by those under way.
 *
 * @param runs Reads, and neurons in them, for a token; see {@linkcode readRuns}.
 * @param wanted Active neurons of a token.
 * @throws {RangeError} when a value is out of range.
 * @example Ten neurons in five reads, or in three that bring two more
 * ```ts
 * import { assert } from "@std/assert";
 * import { runThroughput } from "@fewer-bytes/offload";
 *
 * const rate = (reads: number, neurons: number) =>
 *   runThroughput({ bandwidth: 4e9, latency: 100e-6 }, { reads, neurons }, 10, 16_384);
 * assert(rate(3, 12) > 1.5 * rate(5, 10));
 * ```
 */
export function runThroughput(
  { bandwidth, latency = 0 }: FlashReads,
  runs: { readonly reads: number; readonly neurons: number },
  wanted: number,
  bytes: Bytes,
  depth = 1,
): BytesPerSecond {
  requirePositive(bandwidth, "read runs", "the bandwidth");
  requirePositive(wanted, "read runs", "the active neurons");
  requirePositive(bytes, "read runs", "the bytes of a neuron");
  requireInteger(depth, 1, "read runs", "the depth");
  const seconds = runs.reads * latency / depth + runs.neurons * bytes / bandwidth;
  return wanted * bytes / seconds;
}
