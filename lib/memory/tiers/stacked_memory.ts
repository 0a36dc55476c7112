import type { MemoryPart } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { type BytesPerSecond, requireInteger, requirePositive } from "../../units/mod.ts";
import type { Tier } from "./tier.ts";

/** The bandwidth of stacks or channels, as it is printed and computed. */
export const stackedBandwidthFormula = formula("bandwidth = stacks * pins * rate", {
  bandwidth: "bytes per second of all together",
  stacks: "stacks, chips or channels side by side",
  pins: "data lines of one",
  rate: "bytes per second of one data line: bits per second over 8",
});

/**
 * What do some stacks or channels of memory make together? Capacities and bandwidths add up; the latency is that of one.
 *
 * A device drives its lines more slowly than the generation allows, for power and yield; the catalog of hardware has what
 * each reaches. HBM is fast by its width: a thousand lines for each stack, which only a silicon interposer can carry.
 *
 * @param part A stack or channel of the catalog.
 * @param stacks How many.
 * @param rate Of each line, in bytes per second. Default: the most that the generation allows.
 * @throws {RangeError} when the part has no data lines, or a value is out of range.
 * @example Five stacks of HBM3 at 5.24 Gb/s are the memory of an H100
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { findHardware, findMemory } from "@fewer-bytes/catalog";
 * import { stackedMemory } from "@fewer-bytes/memory";
 *
 * const { capacity, bandwidth } = stackedMemory(findMemory("hbm3"), 5, 5.24e9 / 8);
 * const [memory] = findHardware("nvidia-h100-sxm").memory;
 * assertEquals(capacity, memory.capacity);
 * assertAlmostEquals(bandwidth / memory.bandwidth, 1, 0.01);
 * ```
 */
export function stackedMemory(part: MemoryPart, stacks: number, rate?: BytesPerSecond): Tier {
  requireInteger(stacks, 1, "stack memory", "the number of stacks");
  const { pins, name, capacity, latency, granularity } = part;
  if (pins === undefined || part.rate === undefined) {
    throw new RangeError(`Cannot stack memory as ${part.id} must be a stack or a channel`);
  }
  const line = requirePositive(rate ?? part.rate, "stack memory", "the rate of a line");
  return {
    name: `${stacks} x ${name}`,
    capacity: stacks * capacity,
    bandwidth: stacks * pins * line,
    ...(latency === undefined ? {} : { latency }),
    ...(granularity === undefined ? {} : { granularity }),
  };
}
