import type { Random } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger } from "../../units/mod.ts";
import type { IntegerMatrix } from "../lookup/lookup_products.ts";
import type { CrossbarShape } from "./converter_bits.ts";

/** An array with its converters. */
export interface Crossbar extends CrossbarShape {
  /** Bits of the converter behind each column. */
  readonly converterBits: number;
  /**
   * The sum that the highest level stands for; larger ones are read as this. Default: all that a column could give. Sums
   * that do occur crowd around a quarter of the rows, so a converter that is fitted to them saves a bit.
   */
  readonly largestSum?: number;
  /** How cells deviate from what was written into them. Default: they do not. */
  readonly noise?: {
    /** Relative standard deviation of a cell's value. */
    readonly deviation: number;
    readonly random: Random;
  };
}

/**
 * Products of a matrix with a vector, added up in the cells that hold the matrix.
 *
 * Weights are shifted to be positive and cut into cells of a few bits; inputs are applied bit after bit. Each column's sum
 * passes a converter of 2^bits levels, evenly spaced over all that a column could give; then sums are shifted and added
 * in digital, and the shift of the weights is taken away again. Longer vectors take several arrays.
 *
 * With enough bits (see {@linkcode converterBits}) and without noise the result is exact. With fewer, each sum is rounded,
 * and those of the upper bits count for most.
 *
 * @param matrix Weights, one output in each row.
 * @param vector Inputs, in two's complement.
 * @param inputBits Bits of an input.
 * @throws {RangeError} when a size is out of range.
 * @throws {TypeError} when the vector is not as long as a row.
 * @example Nine bits are exact for 128 rows of 2 bits, six are not
 * ```ts
 * import { assertEquals, assertNotEquals } from "@std/assert";
 * import { crossbarProducts } from "@fewer-bytes/pim";
 *
 * const data = Int32Array.from({ length: 128 }, (_, i) => (i * 37) % 16 - 8);
 * const vector = Int32Array.from({ length: 128 }, (_, i) => (i * 11) % 16 - 8);
 * const exact = data.reduce((sum, weight, i) => sum + weight * vector[i]!, 0);
 * const matrix = { rows: 1, columns: 128, bits: 4, data };
 * assertEquals(crossbarProducts(matrix, vector, 4, { rows: 128, cellBits: 2, converterBits: 9 })[0], exact);
 * assertNotEquals(crossbarProducts(matrix, vector, 4, { rows: 128, cellBits: 2, converterBits: 6 })[0], exact);
 * ```
 */
export function crossbarProducts(
  matrix: IntegerMatrix,
  vector: Int32Array,
  inputBits: number,
  crossbar: Crossbar,
): Float64Array {
  const { rows: length, cellBits = 1, converterBits: bits, noise } = crossbar;
  const { largestSum: top = length * (2 ** cellBits - 1) } = crossbar;
  requireInteger(length, 1, "multiply in cells", "the rows of an array");
  requireInteger(cellBits, 1, "multiply in cells", "cellBits");
  requireInteger(bits, 1, "multiply in cells", "converterBits");
  requireInteger(inputBits, 1, "multiply in cells", "inputBits");
  requireInteger(top, 1, "multiply in cells", "largestSum");
  if (noise) requireAtLeast(noise.deviation, 0, "multiply in cells", "the deviation");
  if (vector.length !== matrix.columns) {
    throw new TypeError(
      `Cannot multiply in cells as the vector must be as long as a row, ${matrix.columns}: current length is ${vector.length}`,
    );
  }
  const cells = cellValues(matrix, cellBits);
  const slices = cells.length;
  const written = noise
    ? cells.map((slice) =>
      slice.map((value) => value * (1 + noise.random.normal(0, noise.deviation)))
    )
    : cells;
  const products = new Float64Array(matrix.rows);
  const offset = 2 ** (matrix.bits - 1) * vector.reduce((sum, value) => sum + value, 0);
  for (let row = 0; row < matrix.rows; row++) {
    for (let from = 0; from < matrix.columns; from += length) {
      const to = Math.min(matrix.columns, from + length);
      for (let slice = 0; slice < slices; slice++) {
        for (let bit = 0; bit < inputBits; bit++) {
          const sum = columnSum(written[slice]!, row * matrix.columns, vector, from, to, bit);
          const sign = bit === inputBits - 1 ? -1 : 1;
          products[row]! += sign * 2 ** (slice * cellBits + bit) * convert(sum, top, bits);
        }
      }
    }
    products[row]! -= offset;
  }
  return products;
}

/** The weights, made positive, a few bits in each cell: one array of cells for each slice, the lowest first. */
function cellValues({ bits, data }: IntegerMatrix, cellBits: number): Float64Array[] {
  const shift = 2 ** (bits - 1);
  const mask = 2 ** cellBits - 1;
  return Array.from(
    { length: Math.ceil(bits / cellBits) },
    (_, slice) => Float64Array.from(data, (value) => (value + shift >> slice * cellBits) & mask),
  );
}

function columnSum(
  cells: Float64Array,
  offset: number,
  vector: Int32Array,
  from: number,
  to: number,
  bit: number,
): number {
  let sum = 0;
  for (let column = from; column < to; column++) {
    if ((vector[column]! >> bit) & 1) sum += cells[offset + column]!;
  }
  return sum;
}

/** Rounds to one of 2^bits levels from 0 to the top; exact when whole numbers are levels. */
function convert(sum: number, top: number, bits: number): number {
  const step = Math.max(1, top / (2 ** bits - 1));
  return Math.min(top, Math.max(0, Math.round(sum / step) * step));
}
