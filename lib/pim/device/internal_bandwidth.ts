import type { PimDevice } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { type BytesPerSecond, requireInteger } from "../../units/mod.ts";

/** The bandwidth inside a memory, as it is printed and computed. */
export const internalBandwidthFormula = formula("bandwidth = units * bytes * clock * share", {
  bandwidth: "bytes a second that the units read of their own banks",
  units: "units that compute at once",
  bytes: "bytes that each reads in a cycle",
  clock: "cycles a second",
  share: "of the cycles that the limit of power leaves",
});

/**
 * How many bytes a second do the units of a memory read, all at once? Nothing is gained by a faster cell: a bank gives
 * 32 bytes an access whether a unit beside it takes them or a wire to the pins. What is gained is that all banks give at
 * once, while the pins take from one at a time.
 *
 * @example 128 units, 32 bytes, 300 MHz
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findPim } from "@fewer-bytes/catalog";
 * import { internalBandwidth } from "@fewer-bytes/pim";
 *
 * assertAlmostEquals(internalBandwidth(findPim("samsung-hbm-pim")), 1.2288e12, 1);
 * ```
 */
export function internalBandwidth({ pim }: PimDevice): BytesPerSecond {
  return pim.units * pim.bytesPerCycle * pim.clock * pim.powerShare;
}

/**
 * How many times as fast do the units read the memory as its pins do? 4 for HBM-PIM, 16 for GDDR6-AiM, and for AttAcc 16
 * before and 9 after its limit of power. It is the most by which any work can gain, and only work that waits for memory
 * does.
 */
export function bandwidthGain(device: PimDevice): number {
  return device.memory[0].bandwidth / device.pim.external;
}

/** The same device if power were no limit: all cycles are used, for reading and for computing. */
export function withoutPowerLimit(device: PimDevice): PimDevice {
  return scaled(device, 1 / device.pim.powerShare, { powerShare: 1 });
}

/**
 * Several devices that share the work evenly: each adds its memory, its units and its link.
 *
 * @throws {RangeError} when the count is no whole number from 1.
 * @example Twenty UPMEM modules
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { findPim } from "@fewer-bytes/catalog";
 * import { severalPims } from "@fewer-bytes/pim";
 *
 * const { pim, memory } = severalPims(findPim("upmem-dimm"), 20);
 * assertEquals(pim.units, 2560);
 * assertAlmostEquals(memory[0].bandwidth, 1.792e12, 1e-3);
 * ```
 */
export function severalPims(device: PimDevice, count: number): PimDevice {
  requireInteger(count, 1, "join devices", "the number of devices");
  const { pim, memory: [main, ...rest], links, power } = device;
  const more = scaled(device, count, { units: pim.units * count, external: pim.external * count });
  return {
    ...more,
    memory: [
      { ...more.memory[0], capacity: main.capacity * count },
      ...rest.map((tier) => ({ ...tier, capacity: tier.capacity * count })),
    ],
    links: links.map((link) => ({ ...link, bandwidth: link.bandwidth * count })),
    power: power === undefined ? undefined : power * count,
  };
}

function scaled(device: PimDevice, factor: number, change: Partial<PimDevice["pim"]>): PimDevice {
  const { peak, memory: [main, ...rest], pim } = device;
  return {
    ...device,
    peak: Object.fromEntries(
      Object.entries(peak).map(([format, rate]) => [format, (rate ?? 0) * factor]),
    ),
    memory: [{ ...main, bandwidth: main.bandwidth * factor }, ...rest],
    pim: { ...pim, ...change },
  };
}
