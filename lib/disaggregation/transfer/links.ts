import type { Hardware, Link } from "../../catalog/mod.ts";

/**
 * Networks between machines, with what one port carries in one direction: the line rate in bits, over eight. What a
 * protocol leaves of it is less.
 */
export const networks = {
  "ethernet-10g": { name: "10 Gb/s Ethernet", bandwidth: 1.25e9 },
  "ethernet-25g": { name: "25 Gb/s Ethernet", bandwidth: 3.125e9 },
  "ethernet-100g": { name: "100 Gb/s Ethernet", bandwidth: 12.5e9 },
  "infiniband-hdr": { name: "InfiniBand HDR, 200 Gb/s", bandwidth: 25e9 },
  "infiniband-ndr": { name: "InfiniBand NDR, 400 Gb/s", bandwidth: 50e9 },
  "infiniband-xdr": { name: "InfiniBand XDR, 800 Gb/s", bandwidth: 100e9 },
} as const satisfies Readonly<Record<string, Link>>;

/**
 * A link by its name: one of {@linkcode networks}, or one that the device has, by the beginning of its name.
 *
 * @throws {RangeError} naming the links that there are.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { findLink } from "@fewer-bytes/disaggregation";
 *
 * const hardware = findHardware("nvidia-h100-sxm");
 * assertEquals(findLink("NVLink", hardware).bandwidth, 450e9);
 * assertEquals(findLink("infiniband-ndr", hardware).bandwidth, 50e9);
 * ```
 */
export function findLink(name: string, hardware: Hardware): Link {
  if (Object.hasOwn(networks, name)) return networks[name as keyof typeof networks];
  const own = name === "" ? undefined : hardware.links.find((link) => link.name.startsWith(name));
  if (own) return own;
  const known = [...hardware.links.map((link) => link.name), ...Object.keys(networks)];
  throw new RangeError(
    `Cannot find a link as its name must be one of ${known.join(", ")}: current value is ${
      JSON.stringify(name)
    }`,
  );
}
