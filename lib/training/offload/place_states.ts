import type { MemoryTier } from "../../catalog/mod.ts";
import { type Bytes, requireAtLeast, requirePositive, type Seconds } from "../../units/mod.ts";
import type { OffloadTraffic } from "./offload_traffic.ts";

/** What can lie in another memory. */
export type Offloaded = "parameters" | "activations" | "optimizer";

/** Where a part of something lies. */
export interface Placed {
  readonly what: Offloaded;
  readonly tier: MemoryTier;
  readonly bytes: Bytes;
}

/**
 * Which memory should hold what? The fastest holds what moves most for each of its bytes, the next what is left, and so
 * on. Something that fits only in part is divided.
 *
 * @param sizes Bytes of weights and gradients ("parameters"), of kept layer inputs, and of the optimizer's state.
 * @param traffic Of a step: what {@linkcode offloadTraffic} counts.
 * @param tiers As one device sees them: its share of what it has in common with others. Fastest first.
 * @throws {RangeError} when they are too small together, or one has no bandwidth.
 * @example A trillion parameters on one DGX-2: all but a little lies on its SSDs
 * ```ts
 * import { assert } from "@std/assert";
 * import { placeStates } from "@fewer-bytes/training";
 *
 * const trillion = 1e12 / 16; // for each of 16 devices
 * const placed = placeStates(
 *   { parameters: 4 * trillion, optimizer: 16 * trillion, activations: 0 },
 *   { parameters: 8 * trillion, optimizer: 32 * trillion, activations: 0 },
 *   [
 *     { name: "HBM2", capacity: 20e9, bandwidth: 900e9 },
 *     { name: "DRAM", capacity: 1.5e12 / 16, bandwidth: 3e9 },
 *     { name: "SSDs", capacity: 28e12 / 16, bandwidth: 1.6e9 },
 *   ],
 * );
 * const away = placed.filter(({ tier }) => tier.name === "SSDs").reduce((sum, { bytes }) => sum + bytes, 0);
 * assert(away / (20 * trillion) > 0.9);
 * ```
 */
export function placeStates(
  sizes: Readonly<Record<Offloaded, Bytes>>,
  traffic: Pick<OffloadTraffic, Offloaded>,
  tiers: readonly MemoryTier[],
): Placed[] {
  const kinds: Offloaded[] = ["parameters", "activations", "optimizer"];
  for (const kind of kinds) {
    requireAtLeast(sizes[kind], 0, "place training states", `the bytes of ${kind}`);
    requireAtLeast(traffic[kind], 0, "place training states", `the traffic of ${kind}`);
  }
  for (const { name, capacity } of tiers) {
    requireAtLeast(capacity, 0, "place training states", `the capacity of ${name}`);
  }
  const rate = (kind: Offloaded) => traffic[kind] / sizes[kind];
  const order = kinds.filter((kind) => sizes[kind] > 0).sort((a, b) => rate(b) - rate(a));
  const room = tiers.map(({ capacity }) => capacity), placed: Placed[] = [];
  for (const what of order) {
    let left = sizes[what];
    tiers.forEach((tier, index) => {
      const bytes = Math.min(left, room[index]!);
      if (bytes <= 0) return;
      placed.push({ what, tier, bytes });
      room[index]! -= bytes;
      left -= bytes;
    });
    if (left > 0) {
      const needed = kinds.reduce((sum, kind) => sum + sizes[kind], 0);
      throw new RangeError(
        `Cannot place training states as all memories together must hold ${needed} bytes: they hold ${
          tiers.reduce((sum, { capacity }) => sum + capacity, 0)
        }`,
      );
    }
  }
  return placed;
}

/**
 * How long do the transfers of a step take, from where things lie? Memories work side by side, and each moves its share of
 * the traffic one after the other.
 *
 * @param placed From {@linkcode placeStates}.
 * @param own The name of the device's own memory, which the roofline counts already.
 * @returns Seconds of each tier but the own, by name; a step without overlap takes their sum longer, with perfect overlap
 * the longest.
 * @throws {RangeError} when a tier has no bandwidth.
 */
export function offloadSeconds(
  placed: readonly Placed[],
  traffic: Pick<OffloadTraffic, Offloaded>,
  own: string,
): ReadonlyMap<string, Seconds> {
  const seconds = new Map<string, Seconds>();
  const total = (what: Offloaded) =>
    placed.reduce((sum, part) => sum + (part.what === what ? part.bytes : 0), 0);
  for (const { what, tier, bytes } of placed) {
    if (tier.name === own) continue;
    requirePositive(tier.bandwidth ?? 0, "time offloading", `the bandwidth of ${tier.name}`);
    const took = traffic[what] * bytes / total(what) / tier.bandwidth!;
    seconds.set(tier.name, (seconds.get(tier.name) ?? 0) + took);
  }
  return seconds;
}
