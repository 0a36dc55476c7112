import { formula } from "../../numeric/mod.ts";
import { requireInteger, requirePositive } from "../../units/mod.ts";

/** From how many rows on tables pay, as it is printed and computed. */
export const tableBreakEvenFormula = formula(
  "rows = ceil((2^group - group - 1) / (cost * group - bits))",
  {
    rows:
      "index rows that share a table: the batch for tables of weights, the outputs for tables of activations",
    group: "neighbors in one table",
    bits: "bits of an index number: reads for each group",
    cost: "additions that one product of two numbers costs without tables",
  },
);

/**
 * How many rows must share a table before it has paid for itself?
 *
 * Filling one takes 2^group − group − 1 additions. It then saves, for each row, `group` products, and
 * costs one read and addition for each bit. Larger groups save more and take exponentially longer to fill.
 *
 * @param group Neighbors in one table.
 * @param bits Bits of the numbers that are looked up.
 * @param cost Additions that a product costs otherwise. Default: one for each bit, as on hardware that
 * shifts and adds. With a multiplier beside each adder it is 1.
 * @returns Rows for which tables take no more additions; Infinity when there are none.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tableBreakEven } from "@fewer-bytes/quantization";
 *
 * assertEquals(tableBreakEven(4, 4), 1); // 11 additions to fill, 12 saved by each row
 * assertEquals(tableBreakEven(8, 4), 9);
 * assertEquals(tableBreakEven(8, 4, 1), 62);
 * assertEquals(tableBreakEven(4, 4, 1), Infinity); // as many reads as products
 * ```
 */
export function tableBreakEven(group: number, bits: number, cost = bits): number {
  requireInteger(group, 1, "find the break-even", "the group");
  requireInteger(bits, 1, "find the break-even", "bits");
  requirePositive(cost, "find the break-even", "the cost of a product");
  const saved = cost * group - bits;
  return saved > 0 ? Math.ceil((2 ** group - group - 1) / saved) : Infinity;
}
