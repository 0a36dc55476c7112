import { requireInteger } from "../../units/mod.ts";
import { type BitPlanes, planeWeight } from "./bit_planes.ts";

/** Rows of numbers, one after another. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly data: ArrayLike<number>;
}

/** A product and what it took. No multiplication: shifts by a power of two are not counted. */
export interface TableProduct {
  /** Table rows × index rows. */
  readonly product: Float64Array;
  /** Additions to fill the tables. */
  readonly tableAdditions: number;
  /** Reads of a table, each followed by an addition to the sum. */
  readonly tableReads: number;
}

/**
 * How does one multiply by looking things up?
 *
 * Of every `group` neighbors in a row, all 2^group partial sums are put into a table. Any other row is
 * multiplied with it by its bits: the bits of `group` neighbors in one plane, read together, say
 * which of them are summed, and that sum is in the table. A table is used again by every index
 * row, for each of its bits; any bit width will do.
 *
 * Both roles work. Tables of an activation row are shared by all outputs (as in T-MAC); tables of the
 * weights are shared by all tokens of a batch (as in SAIL, a lookup-table GEMV in SRAM).
 *
 * @param tabled The rows that tables are made of: whole numbers for an exact product, or floats.
 * @param indexed The rows whose bits are looked up, unsigned or in two's complement.
 * @param group Neighbors in one table, from 1 to 16; it divides the columns.
 * @throws {TypeError} when the columns differ or the indexed rows are bipolar.
 * @throws {RangeError} when the group does not divide the columns.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lookupTableMultiply, toBitPlanes } from "@fewer-bytes/quantization";
 *
 * const activations = { rows: 1, columns: 4, data: [10, -20, 30, 40] };
 * const weights = toBitPlanes([3, -1, 0, 2], 4, 3, "twosComplement");
 * const { product, tableReads } = lookupTableMultiply(activations, weights, 2);
 * assertEquals([product[0], tableReads], [130, 6]); // 2 groups x 3 planes
 * ```
 */
export function lookupTableMultiply(tabled: Rows, indexed: BitPlanes, group: number): TableProduct {
  const { columns } = tabled;
  requireFit(tabled, indexed, group);
  const product = new Float64Array(tabled.rows * indexed.rows);
  const table = new Float64Array(2 ** group);
  let tableAdditions = 0, tableReads = 0;
  for (let row = 0; row < tabled.rows; row++) {
    for (let start = 0; start < columns; start += group) {
      tableAdditions += fillTable(table, tabled.data, row * columns + start);
      for (let other = 0; other < indexed.rows; other++) {
        for (let plane = 0; plane < indexed.bits; plane++) {
          const sum = table[bitsAt(indexed, plane, other, start, group)]!;
          product[row * indexed.rows + other]! += planeWeight(indexed, plane) * sum;
          tableReads++;
        }
      }
    }
  }
  return { product, tableAdditions, tableReads };
}

/** Each sum is one addition to a sum with one member fewer. Single members and the empty sum cost nothing. */
function fillTable(table: Float64Array, data: ArrayLike<number>, start: number): number {
  let additions = 0;
  for (let members = 1; members < table.length; members++) {
    const last = 31 - Math.clz32(members);
    const rest = members - (1 << last);
    table[members] = table[rest]! + data[start + last]!;
    if (rest > 0) additions++;
  }
  return additions;
}

/** The bits of `group` neighbors in one plane, as a whole number. */
function bitsAt(
  { planes, words }: BitPlanes,
  plane: number,
  row: number,
  start: number,
  group: number,
) {
  const bits = planes[plane]!;
  let found = 0;
  for (let i = 0; i < group; i++) {
    const column = start + i;
    found |= (bits[row * words + (column >> 5)]! >>> (column & 31) & 1) << i;
  }
  return found;
}

function requireFit(tabled: Rows, indexed: BitPlanes, group: number) {
  requireInteger(group, 1, "multiply by tables", "the group");
  if (group > 16 || tabled.columns % group !== 0) {
    throw new RangeError(
      `Cannot multiply by tables as the group must be at most 16 and divide ${tabled.columns} columns: current value is ${group}`,
    );
  }
  if (tabled.columns !== indexed.columns || tabled.data.length !== tabled.rows * tabled.columns) {
    throw new TypeError(
      `Cannot multiply by tables as both sides must have the same columns: current values are ${tabled.columns} and ${indexed.columns}`,
    );
  }
  if (indexed.encoding === "bipolar") {
    throw new TypeError(
      "Cannot multiply by tables as the indexed rows must be unsigned or twosComplement: current value is bipolar",
    );
  }
}
