import type { Hardware, Link, MemoryTier } from "../../catalog/mod.ts";
import { type Bytes, type BytesPerSecond, requirePositive, type Seconds } from "../../units/mod.ts";
import { sustainedBandwidth } from "./little.ts";

/**
 * A memory that a device reads while it works: its own, or one that lies behind a link. An entry of the catalog is one when
 * its bandwidth is known; {@linkcode behind} sets it behind a link.
 */
export interface Tier extends MemoryTier {
  readonly bandwidth: BytesPerSecond;
  /**
   * The way to the device; absent for its own memory. Tiers that hold the same object share the link and its bandwidth: two
   * cards behind one switch. Two links of one name are two objects.
   */
  readonly link?: Link | undefined;
  /** What the device keeps asking for at once. Default: as much as the full bandwidth needs. */
  readonly inFlight?: Bytes | undefined;
}

/** The main memory of a device, as a tier. */
export function mainMemory({ memory }: Hardware): Tier {
  return memory[0];
}

/** How a memory behind a link is read. */
export interface Reach {
  /** Seconds that the link adds to each access. Default 0. */
  readonly latency?: Seconds;
  /** What the device keeps asking for at once. Default: as much as the full bandwidth needs. */
  readonly inFlight?: Bytes;
}

/**
 * The same memory, seen from the other end of a link. Its latency grows by that of the link.
 *
 * @throws {RangeError} when a bandwidth is missing or not above zero.
 * @example The memory of a host, seen from its GPU
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { behind, mainMemory, tierBandwidth } from "@fewer-bytes/memory";
 *
 * const host = mainMemory(findHardware("intel-xeon-8480plus"));
 * const seen = behind(host, { name: "PCIe 5.0 x16", bandwidth: 64e9 });
 * assertEquals([host.bandwidth, tierBandwidth(seen)], [307.2e9, 64e9]);
 * ```
 */
export function behind(memory: MemoryTier, link: Link, reach: Reach = {}): Tier {
  const { latency = 0, inFlight } = reach;
  const bandwidth = requirePositive(
    memory.bandwidth ?? NaN,
    "put a memory behind a link",
    `the bandwidth of ${memory.name}`,
  );
  requirePositive(
    link.bandwidth,
    "put a memory behind a link",
    `the bandwidth of the link ${link.name}`,
  );
  return {
    ...memory,
    bandwidth,
    link,
    latency: (memory.latency ?? 0) + latency,
    ...(inFlight === undefined ? {} : { inFlight }),
  };
}

/**
 * How fast does a tier feed its device, when no other tier is read? The least of what its chips give, what its link carries,
 * and what the requests under way allow by Little's law.
 *
 * @throws {RangeError} when a bandwidth is not above zero.
 */
export function tierBandwidth(tier: Tier): BytesPerSecond {
  requirePositive(tier.bandwidth, "read a tier", `the bandwidth of ${tier.name}`);
  const own = sustainedBandwidth(tier, tier.inFlight);
  if (!tier.link) return own;
  requirePositive(
    tier.link.bandwidth,
    "read a tier",
    `the bandwidth of the link ${tier.link.name}`,
  );
  return Math.min(own, tier.link.bandwidth);
}
