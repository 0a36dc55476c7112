import { formula } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type IntegerMatrix, patternOf } from "./lookup_products.ts";

/** The expected share of reads that repeat, as it is printed and computed. */
export const repeatedPatternsFormula = formula(
  "share = 1 - 2 ^ g * (1 - (1 - 2 ^ (-g)) ^ m) / m",
  {
    share: "of the reads that ask for a sum which was read before",
    g: "numbers that share a table",
    m: "reads of a table while its last sums are kept",
  },
);

/**
 * Which share of the reads of a table asks again for what was read before? Of m patterns, each of 2^g equally likely,
 * 2^g (1 − (1 − 2^−g)^m) are expected to be different; the others need no read. It is the birthday problem: with tables of
 * 16 sums, six reads already share one seventh.
 *
 * SAIL reports 13.8 % fewer cycles from patterns that repeat. The eight bits of one vector of activations read each table
 * eight times: chance alone gives 19 % with tables of 16 sums and 10 % with 32. Real activations are not uniform: most are
 * small, and the upper bits of a small number all repeat its sign.
 *
 * @param group Numbers that share a table.
 * @param reads Reads in the window.
 * @throws {RangeError} when a value is no whole number from 1.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { repeatedShare } from "@fewer-bytes/pim";
 *
 * assertAlmostEquals(repeatedShare(4, 6), 0.14, 0.005);
 * assertAlmostEquals(repeatedShare(8, 78), 0.138, 0.005);
 * ```
 */
export function repeatedShare(group: number, reads: number): number {
  requireInteger(group, 1, "expect repeated patterns", "the group");
  requireInteger(reads, 1, "expect repeated patterns", "the reads");
  const patterns = 2 ** group;
  return 1 - patterns * -Math.expm1(reads * Math.log1p(-1 / patterns)) / reads;
}

/** Which reads are looked at together. */
export interface PatternWindow {
  readonly group: number;
  /** Rows whose reads of a table come one after the other, each with all its bits. Default: all. */
  readonly rows?: number;
}

/**
 * The same, counted in real numbers: each row reads the table of a group of columns once for each of its bits; within a
 * window of rows, a pattern that came before is not read again.
 *
 * @returns The share of reads that repeat, from 0 to 1.
 * @throws {RangeError} when a size is no whole number from 1.
 */
export function measureRepeats(
  { rows, columns, bits, data }: IntegerMatrix,
  { group, rows: window = rows }: PatternWindow,
): number {
  requireInteger(group, 1, "measure repeated patterns", "the group");
  requireInteger(window, 1, "measure repeated patterns", "the rows of a window");
  let reads = 0, different = 0;
  for (let from = 0; from < columns; from += group) {
    const width = Math.min(group, columns - from);
    for (let first = 0; first < rows; first += window) {
      const seen = new Set<number>();
      const last = Math.min(rows, first + window);
      for (let row = first; row < last; row++) {
        for (let bit = 0; bit < bits; bit++) {
          seen.add(patternOf(data, row * columns + from, width, bit));
        }
      }
      reads += (last - first) * bits;
      different += seen.size;
    }
  }
  return reads === 0 ? 0 : 1 - different / reads;
}
