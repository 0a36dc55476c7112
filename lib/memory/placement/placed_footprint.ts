import type { Bytes } from "../../units/mod.ts";
import { requireAtLeast } from "../../units/mod.ts";
import type { Tier } from "../tiers/tier.ts";
import { type Placement, requireShares, type Shares } from "./placement.ts";

/** What must fit, by kind. */
export interface PlacedBytes {
  readonly weights: Bytes;
  /** Default 0. */
  readonly cache?: Bytes;
  /** Default 0. */
  readonly activations?: Bytes;
}

/** What a tier has to hold. */
export interface TierFootprint {
  readonly tier: Tier;
  readonly weights: Bytes;
  readonly cache: Bytes;
  readonly activations: Bytes;
  readonly total: Bytes;
  readonly fits: boolean;
}

/**
 * What must each tier hold? The other sum than {@linkcode placedStepTime}'s: footprint, not traffic.
 *
 * @param bytes As `footprint` of lib/roofline gives them.
 * @throws {TypeError} when shares differ from operator to operator: a footprint has no operators.
 * @throws {RangeError} when bytes are negative or shares do not add up to 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { behind, mainMemory, placedFootprint, spilled } from "@fewer-bytes/memory";
 *
 * const host = behind(mainMemory(findHardware("amd-epyc-9654")), { name: "PCIe 5.0 x16", bandwidth: 64e9 });
 * const placement = spilled(findHardware("nvidia-h100-sxm"), host, { weights: 0.5 });
 * const tiers = placedFootprint(placement, { weights: 141e9, cache: 5e9 });
 * assertEquals(tiers.map(({ total, fits }) => [total, fits]), [[75.5e9, true], [70.5e9, true]]);
 * ```
 */
export function placedFootprint(placement: Placement, bytes: PlacedBytes): TierFootprint[] {
  const { tiers, weights, cache, activations } = placement;
  const kinds = { weights, cache, activations: activations ?? tiers.map((_, i) => i ? 0 : 1) };
  for (const [name, shares] of Object.entries(kinds)) {
    requireAtLeast(bytes[name as keyof PlacedBytes] ?? 0, 0, "place", `the bytes of ${name}`);
    if (typeof shares === "function") {
      throw new TypeError(
        `Cannot size a placement as the shares of ${name} must be the same for every operator`,
      );
    }
    requireShares(shares, tiers.length, name);
  }
  const lies = (kind: keyof PlacedBytes, index: number) =>
    (kinds[kind] as Shares)[index]! * (bytes[kind] ?? 0);
  return tiers.map((tier, index) => {
    const own = {
      weights: lies("weights", index),
      cache: lies("cache", index),
      activations: lies("activations", index),
    };
    const total = own.weights + own.cache + own.activations;
    return { tier, ...own, total, fits: total <= tier.capacity };
  });
}
