import { requireInteger } from "../../units/mod.ts";

/** A network of equal switches with full bandwidth between any two ends. */
export interface FatTree {
  readonly endpoints: number;
  readonly switches: number;
  /** Between switches; those to endpoints are as many as endpoints. */
  readonly links: number;
}

/**
 * How many devices can a network connect, and with how many switches? With p ports each, two layers of switches connect p² / 2
 * ends, three connect p³ / 4 and need twice as many switches for each end.
 *
 * Many planes side by side make one layer less do: each of a machine's ports is in a plane of its own, and a token that must
 * change planes hops inside of a machine first. DeepSeek-V3 has eight planes of two layers, one for each device of a machine.
 *
 * Sources: Leiserson (1985); Zhao et al., "Insights into DeepSeek-V3" (arXiv 2505.09343), table 3.
 *
 * @param ports Of a switch; an even number.
 * @throws {RangeError} when ports are odd, or a value is out of range.
 * @example Switches with 64 ports
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fatTree } from "@fewer-bytes/experts";
 *
 * assertEquals(fatTree(64, 2, 8), { endpoints: 16_384, switches: 768, links: 16_384 });
 * assertEquals(fatTree(64, 3), { endpoints: 65_536, switches: 5120, links: 131_072 });
 * ```
 */
export function fatTree(ports: number, layers: 2 | 3, planes = 1): FatTree {
  requireInteger(ports, 2, "size a network", "the ports");
  requireInteger(planes, 1, "size a network", "the planes");
  if (ports % 2 !== 0 || (layers !== 2 && layers !== 3)) {
    throw new RangeError(
      `Cannot size a network as it must have an even number of ports and 2 or 3 layers: current values are ${ports} and ${layers}`,
    );
  }
  const half = ports / 2;
  const one = layers === 2
    ? { endpoints: ports * half, switches: ports + half, links: ports * half }
    : { endpoints: ports * half ** 2, switches: 5 * half ** 2, links: 2 * ports * half ** 2 };
  return {
    endpoints: planes * one.endpoints,
    switches: planes * one.switches,
    links: planes * one.links,
  };
}
