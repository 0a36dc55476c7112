import type { Hardware, Link } from "../../catalog/mod.ts";
import { type Efficiency, ideal, operatorTime } from "../../roofline/mod.ts";
import type { Operator } from "../../transformer/mod.ts";
import type { Bytes, Seconds } from "../../units/mod.ts";
import { type Tier, tierBandwidth } from "../tiers/tier.ts";
import { type Placement, tierTraffic } from "./placement.ts";

/**
 * What is read from the tiers behind the first while the device works.
 *
 * - "none": nothing. An operator waits until its bytes from each of them are there, one tier after the other, and each load
 *   begins with a latency: pages that fault, copies made on demand.
 * - "operator": the operator's own bytes. All tiers are read side by side, and the slowest decides: loads and stores that
 *   reach a tier directly, interleaved memory.
 * - "step": the bytes of operators to come. Every tier streams through the whole step, and a step takes as long as the
 *   slowest stream: prefetch with room for whatever arrives early. No schedule beats it.
 */
export type Overlap = "none" | "operator" | "step";

/** How a placed step is timed. */
export interface PlacedOptions {
  /** Default "operator". */
  readonly overlap?: Overlap;
  /** The share of each peak that is reached; `link` is for links to a tier too. Default: all of it. */
  readonly efficiency?: Efficiency;
}

/** The time of an operator whose bytes lie in several tiers. */
export interface PlacedOperatorTime {
  readonly operator: Operator;
  readonly seconds: Seconds;
  /** What it waits for longest: "compute", "link" (to other devices), or the name of a tier. */
  readonly bound: string;
  /** The time that its arithmetic would take alone. */
  readonly compute: Seconds;
  /** The time that its bytes in each tier would take alone. */
  readonly tiers: readonly Seconds[];
}

/** The time of a step whose bytes lie in several tiers. */
export interface PlacedStepTime {
  readonly seconds: Seconds;
  /** What most of the time is spent waiting for: "compute", "link" (to other devices), or the name of a tier. */
  readonly bound: string;
  /** Bytes that are moved to and from each tier, and the time that they would take alone. */
  readonly tiers: readonly {
    readonly tier: Tier;
    readonly bytes: Bytes;
    readonly seconds: Seconds;
  }[];
  /** Operator by operator. With overlap "step" each stands for itself and the first tier alone. */
  readonly operators: readonly PlacedOperatorTime[];
}

/**
 * How long does a step take, when weights and cache lie in several tiers?
 *
 * The operator table says what is read, the placement from where, the hardware how fast it is computed: its own memory is
 * not asked, the first tier stands in its place. With all shares in a first tier that is the device's main memory, this is
 * `stepTime` of lib/roofline.
 *
 * Tiers that share a link share its bandwidth. What operators send to other devices goes its own way and is not hidden.
 *
 * @param operators The table of a step, of one device.
 * @throws {RangeError} when shares do not add up to 1, a bandwidth is not above zero, or there is something to send and no
 *   link.
 * @throws {TypeError} when there are not as many shares as tiers.
 * @example A tenth of the weights behind PCIe: read on demand, side by side, and ahead
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { operators } from "@fewer-bytes/transformer";
 * import { behind, mainMemory, placedStepTime, spilled } from "@fewer-bytes/memory";
 *
 * const hardware = findHardware("nvidia-h100-sxm");
 * const host = behind(mainMemory(findHardware("amd-epyc-9654")), { name: "PCIe 5.0 x16", bandwidth: 64e9 });
 * const table = operators(findModel("llama-3.1-8b"), { phase: "decode", batch: 1, newTokens: 1, context: 1000 });
 * const time = (weights: number, overlap: "none" | "operator" | "step") =>
 *   1000 * placedStepTime(table, hardware, spilled(hardware, host, { weights }), { overlap }).seconds;
 * assertAlmostEquals(time(0, "none"), 4.5, 0.1); // ms: 15 GB at 3.35 TB/s
 * assertAlmostEquals(time(0.1, "none"), 27.6, 0.1); // and 1.5 GB at 64 GB/s
 * assertAlmostEquals(time(0.1, "operator"), 23.5, 0.1);
 * assertAlmostEquals(time(0.1, "step"), 23.5, 0.1); // nothing hides a stream that is longer than the step
 * ```
 */
export function placedStepTime(
  operators: readonly Operator[],
  hardware: Hardware,
  placement: Placement,
  options: PlacedOptions = {},
): PlacedStepTime {
  const { overlap = "operator" } = options;
  const { tiers } = placement;
  const times = operators.map((row) => placedOperatorTime(row, hardware, placement, options));
  const bytes = tiers.map(() => 0);
  const waiting = new Map<string, Seconds>();
  for (const { operator, seconds, bound } of times) {
    if (operator.transfer === 0) {
      tierTraffic(operator, placement).forEach((moved, index) => bytes[index]! += moved);
    }
    waiting.set(bound, (waiting.get(bound) ?? 0) + seconds);
  }
  const streams = tierSeconds(bytes, tiers, options.efficiency);
  let seconds = times.reduce((sum, time) => sum + time.seconds, 0);
  let bound = waiting.size ? longest([...waiting]) : "compute";
  if (overlap === "step") {
    const far = streams.map((stream, index) => [tiers[index]!.name, stream] as const).slice(1);
    for (const [name, stream] of far) if (stream > seconds) [seconds, bound] = [stream, name];
  }
  return {
    seconds,
    bound,
    tiers: tiers.map((tier, index) => ({ tier, bytes: bytes[index]!, seconds: streams[index]! })),
    operators: times,
  };
}

/** The time of one operator whose bytes lie in several tiers; see {@linkcode placedStepTime}. */
export function placedOperatorTime(
  operator: Operator,
  hardware: Hardware,
  placement: Placement,
  { overlap = "operator", efficiency = ideal }: PlacedOptions = {},
): PlacedOperatorTime {
  const { tiers } = placement;
  const bytes = tierTraffic(operator, placement);
  const { compute, bound, seconds } = operatorTime(operator, hardware, efficiency);
  const times = tierSeconds(bytes, tiers, efficiency);
  if (bound === "link") return { operator, seconds, bound, compute, tiers: times };
  if (overlap === "none") {
    tiers.forEach((tier, index) => {
      if (index > 0 && bytes[index]! > 0) {
        times[index] = bytes[index]! / rate(tier, efficiency) +
          operator.layers * (tier.latency ?? 0);
      }
    });
  }
  const seen = overlap === "step" ? tiers.slice(0, 1) : tiers;
  const parts = [
    ...seen.map(({ name }, index) => [name, times[index]!] as const),
    ["compute", compute] as const,
  ];
  const near = Math.max(compute, times[0]!);
  return {
    operator,
    seconds: overlap === "none"
      ? times.slice(1).reduce((sum, far) => sum + far, near)
      : Math.max(...parts.map(([, time]) => time)),
    bound: longest(parts),
    compute,
    tiers: times,
  };
}

/** The time of the bytes of each tier, read side by side: no less than what all tiers behind its link take of the link. */
function tierSeconds(
  bytes: readonly Bytes[],
  tiers: readonly Tier[],
  efficiency: Efficiency = ideal,
): Seconds[] {
  const links = new Map<Link, Bytes>();
  tiers.forEach(({ link }, index) => {
    if (link) links.set(link, (links.get(link) ?? 0) + bytes[index]!);
  });
  return tiers.map((tier, index) => {
    if (bytes[index] === 0) return 0;
    const own = bytes[index]! / rate(tier, efficiency);
    const { link } = tier;
    return link ? Math.max(own, links.get(link)! / (link.bandwidth * efficiency.link)) : own;
  });
}

/** The bandwidth of a tier, of which its chips and its link reach a share. */
function rate(tier: Tier, { memory, link }: Efficiency): number {
  const { link: way, ...chips } = tier;
  tierBandwidth(tier); // refuses a link without bandwidth
  return Math.min(tierBandwidth(chips) * memory, way ? way.bandwidth * link : Infinity);
}

/** The name of the longest part; of equals, the first. */
function longest(parts: readonly (readonly [string, Seconds])[]): string {
  return parts.reduce((most, part) => part[1] > most[1] ? part : most)[0];
}
