import { requireInteger } from "../../units/mod.ts";

/** Accesses to one device's memory, in chunks: an n-th of what it adds up with the others. */
export interface ChunkAccesses {
  /** By the multiplication: its result. */
  readonly multiplyWrites: number;
  readonly reduceReads: number;
  readonly reduceWrites: number;
  readonly total: number;
}

/** The same sum, made in two ways. */
export interface ReduceScatterAccesses {
  readonly after: ChunkAccesses;
  readonly fused: ChunkAccesses;
}

/**
 * How often does adding up between n devices touch memory? Each multiplies, and has n chunks of a sum that is to be spread
 * over all.
 *
 * After the multiplication, a ring: write n chunks; read one and send it; n − 2 times read what came and one's own, send
 * their sum; at last read both and write the sum; and n − 1 chunks came in and were written. That is 2n − 1 reads and 2n
 * writes.
 *
 * Fused, with memories that can add (T3): the first chunk is written straight into the neighbor's memory; the others and
 * what comes in are added where they lie; n − 2 sums are read once to be sent on. That is n − 2 reads and 2(n − 1) writes.
 *
 * Source: Pati et al., "T3: Transparent Tracking & Triggering" (ASPLOS 2024): 2.5 times fewer reads with 8 devices, 2.2
 * times with 16.
 *
 * @throws {RangeError} when there are fewer than two devices.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { reduceScatterAccesses } from "@fewer-bytes/training";
 *
 * const { after, fused } = reduceScatterAccesses(8);
 * assertEquals(after.reduceReads / fused.reduceReads, 2.5);
 * assertEquals([after.total, fused.total], [31, 20]);
 * ```
 */
export function reduceScatterAccesses(devices: number): ReduceScatterAccesses {
  requireInteger(devices, 2, "count accesses to memory", "the devices");
  const n = devices;
  return {
    after: accesses(n, 1 + 2 * (n - 2) + 2, n - 1 + 1),
    fused: accesses(n - 1, n - 2, n - 1),
  };
}

function accesses(
  multiplyWrites: number,
  reduceReads: number,
  reduceWrites: number,
): ChunkAccesses {
  return {
    multiplyWrites,
    reduceReads,
    reduceWrites,
    total: multiplyWrites + reduceReads + reduceWrites,
  };
}
