import { formula } from "../../numeric/mod.ts";
import { type Bytes, requireAtLeast, type Seconds } from "../../units/mod.ts";
import { requireShares, type Shares } from "../placement/placement.ts";
import { type Tier, tierBandwidth } from "../tiers/tier.ts";

/** What one step of Adam moves for each parameter, as it is printed and computed. */
export const adamBytesFormula = formula("bytes = 7 * size", {
  bytes: "bytes read and written for one parameter",
  size:
    "bytes of a value: 4 at full precision. Four are read: parameter, gradient, two moments; three are written",
});

/** The tensors of an optimizer step, with what is read and written of each. */
export const adamTensors = {
  parameters: { read: 1, written: 1 },
  gradients: { read: 1, written: 0 },
  momentum: { read: 1, written: 1 },
  variance: { read: 1, written: 1 },
} as const;

/** Where each tensor lies: shares of the tiers. */
export type AdamPlacement = Readonly<Record<keyof typeof adamTensors, Shares>>;

/** The time of an optimizer step. */
export interface AdamStep {
  readonly seconds: Seconds;
  /** What moves in each tier, read and written. */
  readonly traffic: readonly Bytes[];
  /** What each tier holds. */
  readonly footprint: readonly Bytes[];
}

/**
 * How long does a processor take for one step of Adam? It reads four tensors and writes three, with a dozen operations for
 * 28 bytes: memory alone counts.
 *
 * With "interleaved" tensors every core works on all tiers at once, and the slowest stream decides; with "in turn" it comes
 * first to the pages of one tier and then to those of the next, which adds up. A program that knows nothing of tiers does
 * something between.
 *
 * @param parameters How many.
 * @param tiers The processor's own memory first.
 * @param placement Of each tensor. Default: all in the first tier.
 * @param bytesPerValue Default 4.
 * @throws {RangeError} when a value is out of range.
 * @example All of it on a CXL card takes as much longer as the card is slower
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { adamStep, mainMemory } from "@fewer-bytes/memory";
 *
 * const tiers = [mainMemory(findHardware("intel-xeon-8480plus")), { name: "CXL", capacity: 512e9, bandwidth: 48e9 }];
 * const far = { parameters: [0, 1], gradients: [0, 1], momentum: [0, 1], variance: [0, 1] };
 * const near = adamStep(7e9, tiers).seconds;
 * assertAlmostEquals(near, 7e9 * 28 / 307.2e9, 1e-9); // 0.64 s
 * assertAlmostEquals(adamStep(7e9, tiers, far).seconds / near, 6.4, 1e-9);
 * ```
 */
export function adamStep(
  parameters: number,
  tiers: readonly Tier[],
  placement?: AdamPlacement,
  { bytesPerValue = 4, order = "interleaved" }: {
    readonly bytesPerValue?: number;
    readonly order?: "interleaved" | "in turn";
  } = {},
): AdamStep {
  requireAtLeast(parameters, 0, "time an optimizer step", "the parameters");
  requireAtLeast(bytesPerValue, 0, "time an optimizer step", "bytesPerValue");
  const traffic = tiers.map(() => 0), footprint = tiers.map(() => 0);
  for (const [name, { read, written }] of Object.entries(adamTensors)) {
    const shares = placement?.[name as keyof AdamPlacement] ?? tiers.map((_, i) => i ? 0 : 1);
    requireShares(shares, tiers.length, name);
    shares.forEach((share, index) => {
      traffic[index]! += share * (read + written) * bytesPerValue * parameters;
      footprint[index]! += share * bytesPerValue * parameters;
    });
  }
  const streams = traffic.map((bytes, index) =>
    bytes === 0 ? 0 : bytes / tierBandwidth(tiers[index]!)
  );
  return {
    seconds: order === "interleaved"
      ? Math.max(0, ...streams)
      : streams.reduce((sum, stream) => sum + stream, 0),
    traffic,
    footprint,
  };
}
