import { formula } from "../../numeric/mod.ts";
import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
} from "../../units/mod.ts";
import { type Tier, tierBandwidth } from "./tier.ts";

/** The expected bytes of a record that lies anywhere, as it is printed and computed. */
export const fetchedBytesFormula = formula("fetched = record + granule - step", {
  fetched: "bytes that are moved, on average over the places where a record may begin",
  record: "bytes that are wanted",
  granule: "the least that one access moves",
  step: "a record begins at a multiple of it; it divides both",
});

/**
 * How many bytes move for a record that lies anywhere? Whole granules, from the one where it begins to the one where it
 * ends: record + granule − step on average, when records begin at every multiple of `step` alike.
 *
 * @param record Bytes that are wanted, at least 1.
 * @param granule The least that one access moves.
 * @param step What the beginning of a record is a multiple of. Default: the granule, so that no byte before it is moved.
 *   A step that divides the granule.
 * @throws {RangeError} when a value is not a whole number from 1, or the step does not divide the granule.
 * @example A row of 4 KiB in memory of 64-byte lines, and 128 bytes of it on flash with pages of 4 KiB
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fetchedBytes } from "@fewer-bytes/memory";
 *
 * assertEquals(fetchedBytes(4096, 64), 4096);
 * assertEquals(fetchedBytes(128, 4096), 4096); // 32 times as much
 * assertEquals(fetchedBytes(4096, 4096, 512), 4096 + 4096 - 512); // nearly always two pages
 * ```
 */
export function fetchedBytes(record: Bytes, granule: Bytes, step: Bytes = granule): Bytes {
  requireInteger(record, 1, "fetch a record", "the record");
  requireInteger(granule, 1, "fetch a record", "the granule");
  requireInteger(step, 1, "fetch a record", "the step");
  if (granule % step !== 0) {
    throw new RangeError(
      `Cannot fetch a record as the step must divide the granule, ${granule}: current value is ${step}`,
    );
  }
  let moved = 0;
  for (let begin = 0; begin < granule; begin += step) {
    moved += Math.ceil((begin + record) / granule) * granule;
  }
  return moved / (granule / step);
}

/** A tier that answers so many requests a second at most, as drives do. */
export type CountedTier = Tier & { readonly operations?: number | undefined };

/**
 * How fast do scattered records arrive, counting only what was wanted? The bandwidth, less what granules move in vain; and
 * no more than the requests that a drive answers.
 *
 * @param tier With its granularity. Default: a byte.
 * @throws {RangeError} when a value is out of range.
 * @example Neurons of 8 KiB from an SSD come at its full rate, expert indices of 64 bytes do not
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findMemory } from "@fewer-bytes/catalog";
 * import { scatteredBandwidth } from "@fewer-bytes/memory";
 *
 * const drive = findMemory("samsung-pm1743");
 * assertAlmostEquals(scatteredBandwidth(drive, 8192) / 1e9, 10.2, 0.1); // 2.5 million pages of 4 KiB a second
 * assertAlmostEquals(scatteredBandwidth(drive, 64) / 1e9, 0.16, 0.01);
 * ```
 */
export function scatteredBandwidth(
  tier: CountedTier,
  record: Bytes,
  step?: Bytes,
): BytesPerSecond {
  const { granularity = 1, operations } = tier;
  if (operations !== undefined) requirePositive(operations, "read records", "operations");
  requireAtLeast(granularity, 1, "read records", "the granularity");
  const fetched = fetchedBytes(record, granularity, step);
  const rate = Math.min(
    tierBandwidth(tier),
    operations === undefined ? Infinity : operations * granularity,
  );
  return rate * record / fetched;
}
