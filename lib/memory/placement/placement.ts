import type { Hardware } from "../../catalog/mod.ts";
import type { Operator } from "../../transformer/mod.ts";
import { type Bytes, requireAtLeast } from "../../units/mod.ts";
import { mainMemory, type Tier } from "../tiers/tier.ts";

/** For each tier the share of some bytes that lies there, from 0 to 1, together 1. */
export type Shares = readonly number[];

/** Shares that are the same for every operator, or not: experts far, attention near. */
export type SharesOf = Shares | ((operator: Operator) => Shares);

/**
 * Which share of weights, cache and activations lies in which tier. It says where bytes are read from in a step; what must
 * fit is asked of {@linkcode placedFootprint}.
 */
export interface Placement {
  /** Nearest first: the first is the memory that the device reads while it computes, in all schedules. */
  readonly tiers: readonly [Tier, ...Tier[]];
  readonly weights: SharesOf;
  readonly cache: SharesOf;
  /** Default: all in the first tier. */
  readonly activations?: SharesOf | undefined;
}

/** The shares that lie in the second tier. */
export interface Spill {
  /** Default 0. */
  readonly weights?: number;
  /** Default 0. */
  readonly cache?: number;
  /** Default 0. */
  readonly activations?: number;
}

/**
 * The commonest placement: the device's own memory, and one more tier that holds a share of weights or cache.
 *
 * @throws {RangeError} when a share is not from 0 to 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { behind, mainMemory, spilled } from "@fewer-bytes/memory";
 *
 * const host = behind(mainMemory(findHardware("amd-epyc-9654")), { name: "PCIe 5.0 x16", bandwidth: 64e9 });
 * const { weights, cache } = spilled(findHardware("nvidia-h100-sxm"), host, { weights: 0.25 });
 * assertEquals([weights, cache], [[0.75, 0.25], [1, 0]]);
 * ```
 */
export function spilled(
  hardware: Hardware,
  second: Tier,
  { weights = 0, cache = 0, activations = 0 }: Spill,
): Placement {
  const shares = (far: number, name: string): Shares => {
    requireAtLeast(far, 0, "spill", `the share of ${name}`);
    if (far > 1) {
      throw new RangeError(
        `Cannot spill as the share of ${name} must be <= 1: current value is ${far}`,
      );
    }
    return [1 - far, far];
  };
  return {
    tiers: [mainMemory(hardware), second],
    weights: shares(weights, "weights"),
    cache: shares(cache, "cache"),
    activations: shares(activations, "activations"),
  };
}

/**
 * What an operator reads from and writes to each tier, in the order of the tiers. Their sum is its traffic.
 *
 * @throws {TypeError} when there are not as many shares as tiers.
 * @throws {RangeError} when a share is negative, or they do not add up to 1.
 */
export function tierTraffic(operator: Operator, placement: Placement): Bytes[] {
  const { tiers, weights, cache, activations } = placement;
  const kinds = [
    ["weights", weights, operator.bytes.weights],
    ["cache", cache, operator.bytes.cache],
    ["activations", activations, operator.bytes.activations],
  ] as const;
  const moved = tiers.map(() => 0);
  for (const [name, of, bytes] of kinds) {
    if (of === undefined) {
      moved[0]! += bytes;
      continue;
    }
    const shares = typeof of === "function" ? of(operator) : of;
    requireShares(shares, tiers.length, name);
    shares.forEach((share, index) => moved[index]! += share * bytes);
  }
  return moved;
}

/** Refuses what does not split a whole among so many tiers. */
export function requireShares(shares: Shares, tiers: number, name: string): void {
  if (shares.length !== tiers) {
    throw new TypeError(
      `Cannot place ${name} as there must be a share for each of ${tiers} tiers: current value is ${shares.length} shares`,
    );
  }
  let sum = 0;
  for (const share of shares) sum += requireAtLeast(share, 0, `place ${name}`, "a share");
  if (Math.abs(sum - 1) > 1e-9) {
    throw new RangeError(
      `Cannot place ${name} as the shares must add up to 1: current value is ${sum}`,
    );
  }
}
