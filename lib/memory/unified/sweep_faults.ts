import { requireInteger } from "../../units/mod.ts";

/** Which page goes when a frame is needed. */
export type Eviction = "least recently used" | "most recently used";

/**
 * How many faults does each sweep over all pages have, when they do not all fit? A decode loop reads its weights from the
 * first layer to the last, again and again.
 *
 * The usual rule is the worst here: when the least recently used page goes, it is the very one that is needed next, and one
 * page too many makes every access a fault. When the most recently used goes, most stay where they are: about
 * pages − frames faults, which no rule beats.
 *
 * @param pages Of the weights.
 * @param frames That the device has.
 * @param sweeps How many in a row.
 * @returns Faults of each sweep; in the first all pages fault.
 * @throws {RangeError} when a count is not a whole number from 1.
 * @example Ten pages in nine frames
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sweepFaults } from "@fewer-bytes/memory";
 *
 * assertEquals(sweepFaults(10, 9, 4, "least recently used"), [10, 10, 10, 10]);
 * assertEquals(sweepFaults(10, 9, 4, "most recently used"), [10, 1, 1, 1]);
 * assertEquals(sweepFaults(9, 9, 3, "least recently used"), [9, 0, 0]);
 * ```
 */
export function sweepFaults(
  pages: number,
  frames: number,
  sweeps: number,
  eviction: Eviction,
): number[] {
  requireInteger(pages, 1, "count faults", "pages");
  requireInteger(frames, 1, "count faults", "frames");
  requireInteger(sweeps, 1, "count faults", "sweeps");
  const held = new Set<number>(); // in the order of use
  let last = -1;
  return Array.from({ length: sweeps }, () => {
    let faults = 0;
    for (let page = 0; page < pages; page++) {
      if (!held.delete(page)) {
        faults++;
        if (held.size === frames) {
          held.delete(eviction === "least recently used" ? held.values().next().value! : last);
        }
      }
      held.add(page);
      last = page;
    }
    return faults;
  });
}
