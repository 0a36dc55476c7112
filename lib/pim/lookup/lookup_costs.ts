import { formula } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** Additions of a product by tables, as it is printed and computed. */
export const lookupCostFormula = formula("additions = (n / g) * (2 ^ g - g - 1 + m * b)", {
  additions: "to fill the tables and to add up what they hold",
  n: "columns of the matrix",
  g: "numbers that share a table",
  m: "rows of the matrix that use the tables",
  b: "bits of a number in the matrix",
});

/** How large a product by tables is. */
export interface LookupSize {
  readonly rows: number;
  readonly columns: number;
  readonly bits: number;
  readonly group: number;
}

/**
 * How many additions does a product by tables take? One for each group, bit and row; and 2^g − g − 1 to fill a table. A
 * multiplier of b bits is b additions too, for each number: so tables of g save a factor of up to g, as long as enough
 * rows share them. And they cost 2^g places.
 *
 * @throws {RangeError} when a size is no whole number from 1.
 * @example Four bits, four to a table: a quarter of the additions of shifting and adding
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { lookupAdditions, shiftAddAdditions } from "@fewer-bytes/pim";
 *
 * const size = { rows: 4096, columns: 4096, bits: 4, group: 4 };
 * assertAlmostEquals(shiftAddAdditions(size) / lookupAdditions(size), 4, 0.01);
 * ```
 */
export function lookupAdditions({ rows, columns, bits, group }: LookupSize): number {
  for (const [name, value] of Object.entries({ rows, columns, bits, group })) {
    requireInteger(value, 1, "count additions", name);
  }
  const tables = Math.floor(columns / group);
  const rest = columns % group;
  const each = (width: number) => 2 ** width - width - 1 + rows * bits;
  return tables * each(group) + (rest > 0 ? each(rest) : 0);
}

/** The same when each number is multiplied bit by bit: shift, and add when the bit is set. */
export function shiftAddAdditions({ rows, columns, bits }: Omit<LookupSize, "group">): number {
  return rows * columns * bits;
}

/**
 * Which size of group takes the fewest additions? Larger tables take fewer reads and more filling; they are even near
 * log2 of the reads, rows × bits. For one row of four bits tables of two are best, for a layer of 4,096 rows tables of
 * eleven.
 *
 * @param largest The largest group for whose 2^g sums there is room. Default 12.
 */
export function bestGroup(size: Omit<LookupSize, "group">, largest = 12): number {
  requireInteger(largest, 1, "choose a group", "the largest group");
  const groups = Array.from({ length: largest }, (_, index) => index + 1);
  return groups.reduce((best, group) =>
    lookupAdditions({ ...size, group }) < lookupAdditions({ ...size, group: best }) ? group : best
  );
}
