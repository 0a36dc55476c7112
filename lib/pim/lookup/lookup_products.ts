import { requireInteger } from "../../units/mod.ts";

/** A matrix of whole numbers in two's complement, row by row. */
export interface IntegerMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly bits: number;
  readonly data: Int32Array;
}

/** What a method has done. */
export interface LookupCounts {
  /** Additions to fill the tables. */
  readonly tableAdditions: number;
  /** Reads of a table, each followed by a shift and an addition. */
  readonly lookups: number;
}

/**
 * Products of a matrix with a vector of whole numbers, without a multiplication.
 *
 * A number of b bits is a sum of powers of two, w = −2^(b−1) w_(b−1) + … + 2 w_1 + w_0. So the product of g weights and g
 * inputs is, for each bit, the sum of those inputs whose weights have the bit: one of 2^g sums. These are put into a table
 * once for each group of inputs; then each row of the matrix, for each of its b bits, reads the sum that its g bits name,
 * shifts it and adds it. The result is exact, for any number of bits, and costs as many steps as there are bits.
 *
 * The roles can be swapped: SAIL makes the tables of weights, which stay, and names the sums by bits of the activations of
 * a batch. Then the matrix is that of the activations, and the vector a row of weights.
 *
 * Source: Park et al., LUT-GEMM (ICLR 2024); Zhang et al., SAIL (2025).
 *
 * @param matrix What names the sums.
 * @param vector What the sums are of.
 * @param group How many inputs share a table, 1 to 12.
 * @returns One product for each row, and what was done.
 * @throws {RangeError} when a number does not fit the bits, or a size is out of range.
 * @throws {TypeError} when the vector is not as long as a row.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lookupProducts } from "@fewer-bytes/pim";
 *
 * const matrix = { rows: 2, columns: 4, bits: 4, data: Int32Array.of(-8, 7, 3, -1, 0, 5, -5, 2) };
 * const { products } = lookupProducts(matrix, Int32Array.of(10, 20, 30, 40), 4);
 * assertEquals([...products], [-80 + 140 + 90 - 40, 100 - 150 + 80]);
 * ```
 */
export function lookupProducts(
  matrix: IntegerMatrix,
  vector: Int32Array,
  group: number,
): { readonly products: Float64Array; readonly counts: LookupCounts } {
  check(matrix, vector, group);
  const { rows, columns, bits, data } = matrix;
  const products = new Float64Array(rows);
  let tableAdditions = 0, lookups = 0;
  for (let from = 0; from < columns; from += group) {
    const width = Math.min(group, columns - from);
    const { table, additions } = sums(vector.subarray(from, from + width));
    tableAdditions += additions;
    for (let row = 0; row < rows; row++) {
      for (let bit = 0; bit < bits; bit++) {
        const sum = table[patternOf(data, row * columns + from, width, bit)]!;
        products[row]! += (bit === bits - 1 ? -1 : 1) * 2 ** bit * sum;
        lookups++;
      }
    }
  }
  return { products, counts: { tableAdditions, lookups } };
}

/** The bits at one place of `width` numbers, the first number's lowest. */
export function patternOf(data: Int32Array, from: number, width: number, bit: number): number {
  let pattern = 0;
  for (let index = 0; index < width; index++) {
    pattern |= ((data[from + index]! >> bit) & 1) << index;
  }
  return pattern;
}

/** All sums of subsets: each is one with its highest member more than a sum that is there already. */
function sums(values: Int32Array): { table: Float64Array; additions: number } {
  const table = new Float64Array(2 ** values.length);
  let additions = 0;
  values.forEach((value, index) => {
    const size = 2 ** index;
    for (let pattern = 0; pattern < size; pattern++) {
      table[size + pattern] = table[pattern]! + value;
      if (pattern > 0) additions++; // the subset of one is the value itself
    }
  });
  return { table, additions };
}

function check({ rows, columns, bits, data }: IntegerMatrix, vector: Int32Array, group: number) {
  requireInteger(bits, 1, "multiply by tables", "bits");
  requireInteger(group, 1, "multiply by tables", "the group");
  if (bits > 16 || group > 12) {
    throw new RangeError(
      `Cannot multiply by tables as bits must be <= 16 and the group <= 12: current values are ${bits} and ${group}`,
    );
  }
  if (data.length !== rows * columns || vector.length !== columns) {
    throw new TypeError(
      `Cannot multiply by tables as the vector must be as long as a row, ${columns}: current length is ${vector.length}, of a ${rows} x ${columns} matrix of ${data.length} numbers`,
    );
  }
  const limit = 2 ** (bits - 1);
  const outside = data.find((value) => value < -limit || value >= limit);
  if (outside !== undefined) {
    throw new RangeError(
      `Cannot multiply by tables as numbers must fit ${bits} bits, ${-limit} to ${
        limit - 1
      }: current value is ${outside}`,
    );
  }
}
