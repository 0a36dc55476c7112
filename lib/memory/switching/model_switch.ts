import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";

/**
 * How long does it take to bring another model into the fast memory? Its bytes over the way from where it lies.
 *
 * @param bandwidth Of the whole way: one link, or all that carry a part of the model at once.
 * @throws {RangeError} when a value is out of range.
 * @example SN40L from its DDR, a DGX over one link of its host: 15 and 31 times as fast
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findMemoryLink, findMemoryNode } from "@fewer-bytes/catalog";
 * import { switchTime } from "@fewer-bytes/memory";
 *
 * const { sockets, tiers } = findMemoryNode("sambanova-sn40l");
 * const own = switchTime(14e9, sockets * tiers[2]!.bandwidth!);
 * assertAlmostEquals(own, 14e-3, 1e-9);
 * assertAlmostEquals(switchTime(14e9, findMemoryLink("pcie-5-x16").bandwidth) / own, 15.6, 0.1); // H100
 * assertAlmostEquals(switchTime(14e9, findMemoryLink("pcie-4-x16").bandwidth) / own, 31.25, 0.1); // A100
 * ```
 */
export function switchTime(bytes: Bytes, bandwidth: BytesPerSecond): Seconds {
  requireAtLeast(bytes, 0, "switch models", "the bytes");
  requirePositive(bandwidth, "switch models", "the bandwidth");
  return bytes / bandwidth;
}

/**
 * How many machines hold so many models, each whole in the memory of one? Models are not split.
 *
 * @param capacity Of one machine: what may be filled.
 * @throws {RangeError} when not even one model fits, or a value is out of range.
 * @example 850 models of 14 GB: one node of 12 TB, or nineteen of 640 GB
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { machinesFor } from "@fewer-bytes/memory";
 *
 * assertEquals([machinesFor(850, 14e9, 12e12), machinesFor(850, 14e9, 640e9)], [1, 19]);
 * assertEquals(machinesFor(150, 14e9, 640e9), 4); // Samba-CoE itself
 * ```
 */
export function machinesFor(models: number, bytes: Bytes, capacity: Bytes): number {
  requireInteger(models, 0, "count machines", "models");
  requirePositive(bytes, "count machines", "the bytes of a model");
  requirePositive(capacity, "count machines", "the capacity");
  const each = Math.floor(capacity / bytes);
  if (each === 0 && models > 0) {
    throw new RangeError(
      `Cannot count machines as one must hold a model of ${bytes} bytes: current value is ${capacity}`,
    );
  }
  return models === 0 ? 0 : Math.ceil(models / each);
}
