import { type Bytes, requireAtLeast, requirePositive, type Seconds } from "../../units/mod.ts";
import { type Tier, tierBandwidth } from "../tiers/tier.ts";
import type { KindOfBytes } from "./step_bytes.ts";

/** How kinds of bytes lie over tiers. */
export interface Filling {
  /** For each kind, in the order given: the share in each tier. */
  readonly shares: readonly (readonly number[])[];
  /** What moves in each tier in a step. */
  readonly traffic: readonly Bytes[];
  /** The time of all traffic, one tier after the other. */
  readonly seconds: Seconds;
}

/**
 * Where should bytes lie, when tiers are read one after the other? The bytes that work hardest in the fastest tier: kinds
 * are sorted by traffic for each byte of footprint, tiers by bandwidth, and one fills the other.
 *
 * This is the best there is. If a byte of a busier kind lay in a slower tier than one of a lazier kind, changing their
 * places would save (difference of traffic) × (difference of seconds per byte). Latencies are not looked at.
 *
 * @param kinds Any number of kinds. A kind without footprint needs no place, and must have no traffic.
 * @throws {RangeError} when all tiers together are too small, or a value is out of range.
 * @example Cache before experts: 40 GB that are read once a step, 200 GB of which a tenth is read
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fillInOrder } from "@fewer-bytes/memory";
 *
 * const tiers = [
 *   { name: "HBM", capacity: 80e9, bandwidth: 3e12 },
 *   { name: "DDR", capacity: 500e9, bandwidth: 50e9 },
 * ];
 * const experts = { footprint: 200e9, traffic: 20e9 };
 * const cache = { footprint: 40e9, traffic: 40e9 };
 * assertEquals(fillInOrder(tiers, [experts, cache]).shares, [[0.2, 0.8], [1, 0]]);
 * ```
 */
export function fillInOrder(tiers: readonly Tier[], kinds: readonly KindOfBytes[]): Filling {
  requireRoom(tiers, kinds);
  const byBandwidth = tiers.map((tier, index) => ({ index, room: tier.capacity }))
    .sort((a, b) => tierBandwidth(tiers[b.index]!) - tierBandwidth(tiers[a.index]!));
  const byDensity = kinds.map((_, index) => index)
    .sort((a, b) => density(kinds[b]!) - density(kinds[a]!));
  const shares = kinds.map(() => tiers.map(() => 0));
  for (const kind of byDensity) {
    let left = kinds[kind]!.footprint;
    if (left === 0) shares[kind]![byBandwidth[0]!.index] = 1;
    for (const tier of byBandwidth) {
      const placed = Math.min(left, tier.room);
      if (placed === 0) continue;
      shares[kind]![tier.index] = placed / kinds[kind]!.footprint;
      tier.room -= placed;
      left -= placed;
    }
  }
  const traffic = tiers.map((_, index) =>
    kinds.reduce((sum, kind, row) => sum + shares[row]![index]! * kind.traffic, 0)
  );
  const seconds = traffic.reduce(
    (sum, bytes, index) => sum + bytes / tierBandwidth(tiers[index]!),
    0,
  );
  return { shares, traffic, seconds };
}

/** Traffic for each byte of footprint. */
export function density({ footprint, traffic }: KindOfBytes): number {
  return footprint === 0 ? 0 : traffic / footprint;
}

/** Refuses what fits nowhere, and tiers and kinds that are none. */
export function requireRoom(tiers: readonly Tier[], kinds: readonly KindOfBytes[]): void {
  if (tiers.length === 0) {
    throw new RangeError("Cannot place bytes as there must be a tier: current value is 0 tiers");
  }
  for (const { footprint, traffic } of kinds) {
    requireAtLeast(footprint, 0, "place bytes", "the footprint");
    requireAtLeast(traffic, 0, "place bytes", "the traffic");
    if (footprint === 0 && traffic > 0) {
      throw new RangeError(
        `Cannot place bytes as what moves must lie somewhere: current value is ${traffic} bytes of traffic and no footprint`,
      );
    }
  }
  const needed = kinds.reduce((sum, { footprint }) => sum + footprint, 0);
  const room = tiers.reduce(
    (sum, { capacity, name }) =>
      sum + requirePositive(capacity, "place bytes", `the capacity of ${name}`),
    0,
  );
  if (needed > room) {
    throw new RangeError(
      `Cannot place bytes as all tiers together must hold ${needed}: current value is ${room}`,
    );
  }
}
