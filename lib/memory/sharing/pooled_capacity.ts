import type { Bytes } from "../../units/mod.ts";
import { requireAtLeast } from "../../units/mod.ts";

/** What memory must be bought. */
export interface PooledCapacity {
  /** When each host has its own: the sum of what each needs at its peak. */
  readonly apart: Bytes;
  /** When they share a pool: what all need together at the worst moment. */
  readonly pooled: Bytes;
  /** With a pool for what is above a private part of each host. */
  readonly saved: number;
}

/**
 * How much memory does a pool save? Hosts seldom need most at the same moment. Alone, each is built for its own peak; with a
 * pool behind a CXL switch, all are built for the peak of the sum.
 *
 * @param demand For each host what it needs at each moment: as many moments for all.
 * @param own What each host keeps for itself, pool or not. Default 0.
 * @throws {TypeError} when hosts have different numbers of moments, or none.
 * @throws {RangeError} when a demand is negative.
 * @example Two hosts that take turns need the memory of one
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pooledCapacity } from "@fewer-bytes/memory";
 *
 * const { apart, pooled, saved } = pooledCapacity([[100, 20], [20, 100]]);
 * assertEquals([apart, pooled, saved], [200, 120, 0.4]);
 * ```
 */
export function pooledCapacity(
  demand: readonly (readonly Bytes[])[],
  own: Bytes = 0,
): PooledCapacity {
  requireAtLeast(own, 0, "size a pool", "what a host keeps");
  const moments = demand[0]?.length ?? 0;
  if (moments === 0 || demand.some((host) => host.length !== moments)) {
    throw new TypeError(
      `Cannot size a pool as each host must state its demand at the same moments: current value is ${
        JSON.stringify(demand.map((host) => host.length))
      }`,
    );
  }
  let apart = 0;
  const together = Array.from({ length: moments }, () => 0);
  for (const host of demand) {
    let peak = own;
    host.forEach((bytes, moment) => {
      requireAtLeast(bytes, 0, "size a pool", "a demand");
      peak = Math.max(peak, bytes);
      together[moment]! += Math.max(0, bytes - own);
    });
    apart += peak;
  }
  const pooled = own * demand.length + Math.max(...together);
  return { apart, pooled, saved: apart === 0 ? 0 : 1 - pooled / apart };
}
