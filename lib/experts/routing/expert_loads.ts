import { requireAtLeast, requireInteger, type Tokens } from "../../units/mod.ts";
import type { Routed } from "./route.ts";

/**
 * How many tokens does each expert get?
 *
 * @throws {RangeError} when a token went to an expert that does not exist.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { expertLoads } from "@fewer-bytes/experts";
 *
 * assertEquals(expertLoads([{ experts: [0, 2] }, { experts: [2, 1] }], 4), [1, 1, 2, 0]);
 * ```
 */
export function expertLoads(
  routed: readonly Pick<Routed, "experts">[],
  experts: number,
): Tokens[] {
  requireInteger(experts, 1, "count loads", "the number of experts");
  const loads = new Array<Tokens>(experts).fill(0);
  for (const { experts: chosen } of routed) {
    for (const expert of chosen) {
      if (!(expert >= 0 && expert < experts)) {
        throw new RangeError(
          `Cannot count loads as an expert must be one of ${experts}: current value is ${expert}`,
        );
      }
      loads[expert]!++;
    }
  }
  return loads;
}

/** The sums of loads that stand side by side: of experts on a device, or devices in a machine. */
export function sumLoads(loads: readonly number[], places: number): number[] {
  requireInteger(places, 1, "sum loads", "the number of places");
  const each = loads.length / places;
  if (!Number.isInteger(each)) {
    throw new RangeError(
      `Cannot sum loads as ${loads.length} must divide evenly among places: current value is ${places}`,
    );
  }
  return Array.from(
    { length: places },
    (_, place) => loads.slice(place * each, (place + 1) * each).reduce((a, b) => a + b, 0),
  );
}

/**
 * How unevenly is work spread? The largest load over the mean. Everybody waits for the fullest, so it is by how much the
 * layer is slower than it could be, where time follows tokens.
 *
 * @returns 1 when all are alike, and as many as there are loads when one has everything; 1 when there is no work.
 * @throws {RangeError} when there are no loads, or one is negative or no number.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { imbalance } from "@fewer-bytes/experts";
 *
 * assertEquals([imbalance([2, 2, 2]), imbalance([6, 0, 0])], [1, 3]);
 * ```
 */
export function imbalance(loads: readonly number[]): number {
  requireInteger(loads.length, 1, "compare loads", "the number of loads");
  let sum = 0, most = 0;
  for (const load of loads) {
    sum += requireAtLeast(load, 0, "compare loads", "a load");
    most = Math.max(most, load);
  }
  return sum === 0 ? 1 : most * loads.length / sum;
}
