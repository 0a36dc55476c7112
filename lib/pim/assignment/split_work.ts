import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, type Seconds } from "../../units/mod.ts";

/** The share of the work that memory takes, as it is printed and computed. */
export const splitFormula = formula("share = (processor - start) / (processor + memory)", {
  share: "of the work that is done in memory; from 0 to 1",
  processor: "seconds on the processor alone",
  start: "seconds to start work in memory",
  memory: "seconds in memory alone, once started",
});

/**
 * How is work cut between a processor and memory so that both end at once? At (processor − start) / (processor + memory):
 * without a start, both rates simply add up. When starting takes longer than the processor needs for all of it, memory
 * gets nothing.
 *
 * It is for work that can be cut anywhere: sequences and heads of attention, rows of a matrix, experts (Duplex'
 * co-processing), the feed-forward of AttAcc.
 *
 * @throws {RangeError} when a time is out of range.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { splitWork } from "@fewer-bytes/pim";
 *
 * const { share, seconds } = splitWork(3, 1, 0);
 * assertAlmostEquals(share, 0.75);
 * assertAlmostEquals(seconds, 0.75);
 * ```
 */
export function splitWork(
  processor: Seconds,
  memory: Seconds,
  start: Seconds,
): { readonly share: number; readonly seconds: Seconds } {
  requireAtLeast(processor, 0, "split work", "the processor's time");
  requireAtLeast(memory, 0, "split work", "the memory's time");
  requireAtLeast(start, 0, "split work", "the start");
  if (processor <= start) return { share: 0, seconds: processor };
  const share = (processor - start) / (processor + memory);
  return { share, seconds: (1 - share) * processor };
}
