import type { Hardware } from "../../catalog/mod.ts";
import { requireAtLeast, requireInteger } from "../../units/mod.ts";
import type { Tile } from "./tile.ts";

/**
 * What a streaming multiprocessor does in a clock besides matrix products. The same in Ampere, Hopper and data-center
 * Blackwell, which is the point.
 *
 * Source: Zadouri et al., "FlashAttention-4" (2026), for the first two; NVIDIA's architecture papers for the lanes.
 */
export const perClock = { exponentials: 16, sharedBytes: 128, lanes: 128 } as const;

/** Operations of the ordinary lanes: for each score (scale, compare, add), and for a polynomial 2^x besides its degree. */
const [softmaxOperations, emulationOperations] = [3, 6];

/** Clocks that each resource of one multiprocessor is busy with one tile. */
export interface TileClocks {
  /** Both matrix products, in bf16. */
  readonly matrix: number;
  /** The units for special functions. */
  readonly exponential: number;
  /** Reading operands from shared memory. */
  readonly shared: number;
  /** The ordinary lanes: softmax arithmetic and emulated exponentials. */
  readonly lanes: number;
}

/** Which of them a tile waits for, if all else is hidden behind it. */
export interface TileBound extends TileClocks {
  readonly bound: keyof TileClocks;
}

/**
 * What does one tile of FlashAttention wait for? From Hopper to Blackwell the matrix units became twice as fast for each
 * clock; exponentials and shared memory did not. So the softmax, once hidden, catches up with the products.
 *
 * The clock and the number of multiprocessors are read from the catalog's entry for shared memory: bandwidth over 128 bytes
 * a clock. Queries, keys and values are read from shared memory as operands once for the tile; the weights stay closer (in
 * registers, or the tensor memory of Blackwell). Forward pass, 16-bit operands.
 *
 * @param hardware With an entry such as "L1 and shared memory, 132 SMs" and a bf16 or fp16 peak.
 * @param tile Queries and keys.
 * @param width Of queries, keys and values.
 * @param emulated Share of exponentials that are computed by a polynomial of degree 3 instead; default 0.
 * @throws {RangeError} when the catalog says nothing of the shared memory.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { tileBound } from "@fewer-bytes/attention";
 *
 * const [h100, b200] = ["nvidia-h100-sxm", "nvidia-b200"].map((id) =>
 *   tileBound(findHardware(id), { rows: 128, columns: 128 }, 128)
 * );
 * assertEquals([h100!, b200!].map(({ matrix }) => Math.round(matrix / 16) * 16), [2048, 1024]);
 * assertEquals([h100!, b200!].map(({ exponential, shared }) => [exponential, shared]), [[1024, 768], [1024, 768]]);
 * ```
 */
export function tileBound(
  hardware: Hardware,
  tile: Tile,
  width: number,
  emulated = 0,
): TileBound {
  requireInteger(width, 1, "find what a tile waits for", "the width");
  if (requireAtLeast(emulated, 0, "find what a tile waits for", "the emulated share") > 1) {
    throw new RangeError(
      `Cannot find what a tile waits for as the emulated share must be at most 1: current value is ${emulated}`,
    );
  }
  const { units, clock } = multiprocessors(hardware);
  const peak = hardware.peak.bf16 ?? hardware.peak.fp16 ?? 0;
  const scores = tile.rows * tile.columns;
  const clocks: TileClocks = {
    matrix: 4 * scores * width / (peak / units / clock),
    exponential: (1 - emulated) * scores / perClock.exponentials,
    shared: 2 * width * (tile.rows + 2 * tile.columns) / perClock.sharedBytes,
    lanes: scores * (softmaxOperations + emulated * (emulationOperations + 3)) / perClock.lanes,
  };
  const order = Object.keys(clocks) as (keyof TileClocks)[];
  const bound = order.reduce((most, name) => clocks[name] > clocks[most] ? name : most);
  return { ...clocks, bound };
}

/**
 * Which share of the exponentials should the ordinary lanes take over? As many as keep both busy equally long: a little more
 * than a quarter, with the counts assumed here. (FlashAttention-4 emulates 10 to 25 %.)
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { balancedEmulation, tileBound } from "@fewer-bytes/attention";
 *
 * const tile = { rows: 128, columns: 128 };
 * const { exponential, lanes } = tileBound(findHardware("nvidia-b200"), tile, 128, balancedEmulation());
 * assertAlmostEquals(exponential, lanes, 1e-9);
 * ```
 */
export function balancedEmulation(): number {
  const ratio = perClock.lanes / perClock.exponentials; // (1 − s) · ratio = softmax + s · emulation
  return (ratio - softmaxOperations) / (ratio + emulationOperations + 3);
}

/** Number of multiprocessors, and their clock in hertz. */
function multiprocessors({ memory, name }: Hardware): { units: number; clock: number } {
  for (const tier of memory) {
    const units = Number(/shared memory, (\d+) SMs/.exec(tier.name)?.[1]);
    if (units && tier.bandwidth) {
      return { units, clock: tier.bandwidth / units / perClock.sharedBytes };
    }
  }
  throw new RangeError(
    `Cannot find what a tile waits for as the catalog must know the shared memory: it has none for ${name}`,
  );
}
