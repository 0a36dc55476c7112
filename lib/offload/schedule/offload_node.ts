import type { Hardware, KindRates, MeasuredNode, MemoryPart } from "../../catalog/mod.ts";
import { hostLink } from "../../cache/mod.ts";
import { type Efficiency, ideal, operatorTime } from "../../roofline/mod.ts";
import type { Operator, Step } from "../../transformer/mod.ts";
import { type Bytes, requirePositive, type Seconds } from "../../units/mod.ts";

/** The four ways of bytes between device, host and disk. */
export const ways = ["hostToDevice", "deviceToHost", "diskToHost", "hostToDisk"] as const;
/** A way of bytes. */
export type Way = typeof ways[number];

/** The three tiers of an offloading machine, nearest first. */
export const offloadTiers = ["device", "host", "disk"] as const;
/** A tier of an offloading machine. */
export type OffloadTier = typeof offloadTiers[number];

/** A device, its host and a disk: what a block of sequences is scheduled on. */
export interface OffloadNode {
  readonly name: string;
  /** What may be filled. */
  readonly capacity: Readonly<Record<OffloadTier, Bytes>>;
  readonly rates: Readonly<Record<Way, KindRates>>;
  /** How long the device takes for an operator whose bytes are all in its memory. */
  readonly deviceSeconds: (row: Operator, phase: Step["phase"]) => Seconds;
  /** How long the host takes for attention over caches that it can reach. */
  readonly hostSeconds: (row: Operator) => Seconds;
}

/** A machine put together from the catalog. */
export interface NodeParts {
  readonly device: Hardware;
  readonly host: Hardware;
  readonly disk: MemoryPart;
  /** The share of the device's memory that may be filled. Default 0.9. */
  readonly memoryShare?: number;
  /** The share of each peak that is reached. Default: all of it. */
  readonly efficiency?: Efficiency;
}

/**
 * A machine with the rates of its data sheets: device and host as rooflines, the device's PCIe link, the disk. What it gives
 * is a bound.
 *
 * @throws {RangeError} when the device has no link to a host, or a rate is missing.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware, findMemory } from "@fewer-bytes/catalog";
 * import { catalogNode } from "@fewer-bytes/offload";
 *
 * const node = catalogNode({
 *   device: findHardware("nvidia-rtx-4090"), host: findHardware("amd-epyc-9654"), disk: findMemory("samsung-990-pro"),
 * });
 * assertEquals([node.rates.hostToDevice.weights, node.rates.diskToHost.weights], [32e9, 7.45e9]);
 * ```
 */
export function catalogNode(
  { device, host, disk, memoryShare = 0.9, efficiency = ideal }: NodeParts,
): OffloadNode {
  const all = (rate: number | undefined, name: string): KindRates => {
    requirePositive(rate ?? NaN, "put a machine together", name);
    return { weights: rate!, cache: rate!, activations: rate! };
  };
  const link = all(hostLink(device) * efficiency.link, `the link of ${device.id}`);
  return {
    name: device.name,
    capacity: {
      device: memoryShare * device.memory[0].capacity,
      host: host.memory[0].capacity,
      disk: disk.capacity,
    },
    rates: {
      hostToDevice: link,
      deviceToHost: link,
      diskToHost: all(disk.bandwidth, `the bandwidth of ${disk.id}`),
      hostToDisk: all(disk.writeBandwidth ?? disk.bandwidth, `the bandwidth of ${disk.id}`),
    },
    deviceSeconds: (row) => operatorTime(row, device, efficiency).seconds,
    hostSeconds: (row) => operatorTime(row, host, efficiency).seconds,
  };
}

/**
 * A machine with rates that were fitted to runs on it. Only products with weights, and attention, take time on it.
 *
 * @param node Such as FlexGen's, from {@linkcode findMeasuredNode}.
 * @param disk Another rate of reading the disk, for all kinds of bytes.
 */
export function measuredNode(node: MeasuredNode, disk?: number): OffloadNode {
  const { name, hostToDevice, deviceToHost, diskToHost, hostToDisk, products, attention } = node;
  const isAttention = ({ name }: Operator) => name === "attention";
  return {
    name,
    capacity: { device: node.device, host: node.host, disk: node.disk },
    rates: {
      hostToDevice,
      deviceToHost,
      diskToHost: disk === undefined
        ? diskToHost
        : { weights: disk, cache: disk, activations: disk },
      hostToDisk,
    },
    deviceSeconds: (row, phase) =>
      isAttention(row)
        ? row.flops / attention[phase]
        : row.bytes.weights > 0
        ? row.flops / products[phase]
        : 0,
    hostSeconds: (row) => row.flops / node.hostAttention,
  };
}
