import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";

/** A memory that all devices reach, and that adds what is written to it. */
export interface AddingMemory {
  /** Of one device's way to it, in each direction. */
  readonly bandwidth: BytesPerSecond;
  /** Seconds until a write has been added, and until a read brings its first byte. */
  readonly write: Seconds;
  readonly read: Seconds;
  /** Seconds until all know that all have written. */
  readonly notify: Seconds;
}

/**
 * How long do devices take to add up what each has, in a memory that adds by itself? Each writes once, is told when all are
 * done, and reads once: three latencies, whatever the number of devices, where a ring has 2(n − 1) messages one after the
 * other.
 *
 * Writes and reads go in pieces, so that sums come back while later pieces are still on their way: both directions of the
 * link together take the time of one.
 *
 * @throws {RangeError} when a value is out of range.
 * @example FengHuang's memory against a ring of four over NVLink 4: sixteen times as fast by bytes, more by messages
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { ringAllReduce } from "@fewer-bytes/disaggregation";
 * import { sharedMemoryAllReduce } from "@fewer-bytes/memory";
 *
 * const memory = { bandwidth: 4.8e12, write: 90e-9, read: 220e-9, notify: 40e-9 };
 * const faster = (bytes: number, devices: number, latency: number) =>
 *   ringAllReduce(bytes, { devices, bandwidth: 450e9, latency }) / sharedMemoryAllReduce(bytes, memory);
 * assertAlmostEquals(faster(1e9, 4, 0), 16, 0.1);
 * assertAlmostEquals(faster(2048, 8, 1.75e-6), 70, 0.5); // with messages of 1.75 µs
 * ```
 */
export function sharedMemoryAllReduce(bytes: Bytes, memory: AddingMemory): Seconds {
  const action = "time an all-reduce in memory";
  requireAtLeast(bytes, 0, action, "the bytes");
  requirePositive(memory.bandwidth, action, "the bandwidth");
  for (const name of ["write", "read", "notify"] as const) {
    requireAtLeast(memory[name], 0, action, `the latency to ${name}`);
  }
  return memory.write + memory.notify + memory.read + bytes / memory.bandwidth;
}
