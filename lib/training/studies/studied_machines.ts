import type { Hardware, Link, MemoryTier } from "../../catalog/mod.ts";
import { type Bytes, requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";
import type { LinkLevel } from "../parallel/link_levels.ts";

/**
 * The GPU that T3 simulates, with its ring: 80 compute units at 1.4 GHz of 1024 operations a clock, 1 TB/s, 150 GB/s to the
 * neighbor and 500 ns a message.
 *
 * Source: Pati et al., "T3" (ASPLOS 2024), table 1, recalled; its capacity is a guess that no result depends on.
 */
export const t3Machine: {
  readonly hardware: Hardware;
  readonly link: Link;
  readonly latency: Seconds;
} = {
  hardware: {
    id: "t3-simulated",
    name: "T3's simulated GPU",
    vendor: "simulated",
    kind: "gpu",
    architecture: "simulated",
    year: 2024,
    peak: { fp32: 23e12, fp16: 80 * 1024 * 1.4e9, bf16: 80 * 1024 * 1.4e9 },
    memory: [{ name: "HBM2", capacity: 32e9, bandwidth: 1e12 }],
    links: [],
    sources: [],
  },
  link: { name: "a ring of 150 GB/s", bandwidth: 150e9 },
  latency: 500e-9,
};

/**
 * The memories of a DGX-2 as each of its 16 GPUs has them: HBM less a reserve, DRAM of 1.5 TB at 3 GB/s, SSDs of 28 TB at
 * 1.6 GB/s.
 *
 * Source: "ZeRO-Infinity" (2021), figure 2b, recalled.
 *
 * @param device Of the GPU: the capacity of its memory and how fast it is.
 * @param reserve Bytes of it for what is computed on. Default 12 GB, a guess.
 * @throws {RangeError} when the reserve is no number from 0, or more than there is.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { dgx2Tiers } from "@fewer-bytes/training";
 *
 * const tiers = dgx2Tiers(findHardware("nvidia-v100-sxm-32gb").memory[0]);
 * assertEquals(tiers.map(({ name }) => name), ["HBM", "DRAM", "SSDs"]);
 * assertEquals(tiers[2]!.capacity, 1.75e12);
 * ```
 */
export function dgx2Tiers(
  device: { readonly capacity: Bytes; readonly bandwidth: number },
  reserve: Bytes = 12e9,
): MemoryTier[] {
  requireAtLeast(reserve, 0, "share a DGX-2", "the reserve");
  requireAtLeast(device.capacity - reserve, 0, "share a DGX-2", "what the reserve leaves");
  return [
    { name: "HBM", capacity: device.capacity - reserve, bandwidth: device.bandwidth },
    { name: "DRAM", capacity: 1.5e12 / 16, bandwidth: 3e9 },
    { name: "SSDs", capacity: 28e12 / 16, bandwidth: 1.6e9 },
  ];
}

/**
 * The links of Frontier: two dies of an MI250X, four packages of a machine, machines.
 *
 * Source: OLCF's Frontier User Guide for dies (200 GB/s) and packages (50 to 100 GB/s, of which the slower are taken); the
 * network, 4 × 25 GB/s a machine, is recalled.
 *
 * @throws {RangeError} when the number of machines is no whole number from 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { devicesOf, frontierLevels } from "@fewer-bytes/training";
 *
 * assertEquals(devicesOf(frontierLevels(48)), 384);
 * ```
 */
export function frontierLevels(machines: number): LinkLevel[] {
  requireInteger(machines, 1, "list the links of Frontier", "the machines");
  return [
    { name: "dies", units: 2, bandwidth: 200e9 },
    { name: "packages", units: 4, bandwidth: 50e9 },
    { name: "machines", units: machines, bandwidth: 12.5e9 },
  ];
}

/**
 * One die of an MI250X, which software sees as a device: half of what the catalog has of the package.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { halfPackage } from "@fewer-bytes/training";
 *
 * assertEquals(halfPackage(findHardware("amd-mi250x")).memory[0].capacity, 64e9);
 * ```
 */
export function halfPackage(hardware: Hardware): Hardware {
  const [memory] = hardware.memory;
  const half = (value: number | undefined) => value === undefined ? undefined : value / 2;
  return {
    ...hardware,
    name: `a die of ${hardware.name}`,
    peak: Object.fromEntries(
      Object.entries(hardware.peak).map(([format, rate]) => [format, half(rate)]),
    ),
    memory: [{ ...memory, capacity: memory.capacity / 2, bandwidth: memory.bandwidth / 2 }],
  };
}

/**
 * An A800: an A100 of 80 GB whose NVLink has 200 GB/s in one direction in place of 300.
 *
 * Source: recalled.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { a800 } from "@fewer-bytes/training";
 *
 * assertEquals(a800(findHardware("nvidia-a100-sxm-80gb")).links[0]!.bandwidth, 200e9);
 * ```
 */
export function a800(a100: Hardware): Hardware {
  const [, ...others] = a100.links;
  return { ...a100, name: "NVIDIA A800", links: [{ name: "NVLink", bandwidth: 200e9 }, ...others] };
}
