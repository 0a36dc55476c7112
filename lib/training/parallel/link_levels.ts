import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";

/** Devices that are connected equally well: two dies of a package, the packages of a machine, the machines of a hall. */
export interface LinkLevel {
  readonly name: string;
  /** How many units of the level below it joins: dies in a package, packages in a machine, machines. */
  readonly units: number;
  /** Of each device, in one direction. Where devices share a port, its share. */
  readonly bandwidth: BytesPerSecond;
}

/** What each device receives over the links of one level. */
export interface LevelTraffic {
  readonly level: LinkLevel;
  readonly bytes: Bytes;
  readonly seconds: Seconds;
}

/** How many devices do levels join? */
export function devicesOf(levels: readonly LinkLevel[]): number {
  return levels.reduce((product, { units }) => product * units, 1);
}

/**
 * What passes each kind of link, when devices collect something that is divided among all of them? The outermost level
 * goes first, while each device brings and receives only its own small part; then the next, with what came; the innermost,
 * fastest links carry the most. Each device ends with all, so that the levels together carry (N − 1)/N of it. Adding up and
 * spreading (reduce-scatter) is the same backward.
 *
 * @param bytes The whole.
 * @param levels Innermost first.
 * @throws {RangeError} when a level is none.
 * @example Frontier: two dies, four packages, two machines; a sixteenth of the bytes between machines
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gatherTraffic } from "@fewer-bytes/training";
 *
 * const levels = [
 *   { name: "dies", units: 2, bandwidth: 200e9 },
 *   { name: "packages", units: 4, bandwidth: 50e9 },
 *   { name: "machines", units: 2, bandwidth: 12.5e9 },
 * ];
 * assertEquals(gatherTraffic(16, levels).map(({ bytes }) => bytes), [8, 6, 1]);
 * ```
 */
export function gatherTraffic(bytes: Bytes, levels: readonly LinkLevel[]): LevelTraffic[] {
  requireAtLeast(bytes, 0, "gather over levels", "the bytes");
  for (const { name, units, bandwidth } of levels) {
    requireInteger(units, 1, "gather over levels", `the units of ${name}`);
    requirePositive(bandwidth, "gather over levels", `the bandwidth of ${name}`);
  }
  let held = bytes / devicesOf(levels);
  return levels.toReversed().map((level) => {
    const received = (level.units - 1) * held;
    held *= level.units;
    return { level, bytes: received, seconds: received / level.bandwidth };
  }).toReversed();
}
