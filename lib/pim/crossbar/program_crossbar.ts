import { requireInteger } from "../../units/mod.ts";
import type { IntegerMatrix } from "../lookup/lookup_products.ts";
import type { Crossbar } from "./crossbar_products.ts";

/**
 * Writes a matrix into cells once, and multiplies it with as many vectors as come: what such arrays are made for, as
 * writing is slow and reading is not.
 *
 * The products are those of {@linkcode crossbarProducts}, rounding of the converters included, for cells that hold what
 * was written. They come much faster, as the cells of a column are kept as words of bits: one "and" and one count of ones
 * do what a column of cells does.
 *
 * @param inputBits Bits of an input, applied one after the other.
 * @param watch Called with each sum before it is converted: which sums do occur?
 * @returns Products for one vector of inputs.
 * @throws {RangeError} when a size is out of range, or cells deviate.
 * @throws {TypeError} when a vector is not as long as a row.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { programCrossbar } from "@fewer-bytes/pim";
 *
 * const matrix = { rows: 2, columns: 3, bits: 4, data: Int32Array.of(-8, 7, 3, 1, 0, -5) };
 * const products = programCrossbar(matrix, 4, { rows: 128, cellBits: 2, converterBits: 9 });
 * assertEquals([...products(Int32Array.of(1, 2, -3))], [-8 + 14 - 9, 1 + 15]);
 * assertEquals([...products(Int32Array.of(0, 1, 0))], [7, 0]);
 * ```
 */
export function programCrossbar(
  matrix: IntegerMatrix,
  inputBits: number,
  crossbar: Crossbar,
  watch?: (sum: number) => void,
): (vector: Int32Array) => Float64Array {
  const { rows: length, cellBits = 1, converterBits, noise } = crossbar;
  const top = length * (2 ** cellBits - 1);
  const { largestSum = top } = crossbar;
  const sizes = { "the rows of an array": length, cellBits, converterBits, inputBits, largestSum };
  for (const [name, value] of Object.entries(sizes)) {
    requireInteger(value, 1, "write into cells", name);
  }
  if (noise) {
    throw new RangeError(
      `Cannot write into cells as they must keep what is written: current deviation is ${noise.deviation}`,
    );
  }
  const { rows, columns, bits } = matrix;
  const slices = Math.ceil(bits / cellBits);
  const arrays = Math.ceil(columns / length);
  const words = Math.ceil(length / 32);
  const shift = 2 ** (bits - 1);
  const pack = (values: ArrayLike<number>, planes: number) =>
    packBits(values, { columns, length, words, planes });
  const cells = pack(matrix.data.map((value) => value + shift), slices * cellBits);
  const read = converted(top, largestSum, converterBits);
  return (vector) => {
    if (vector.length !== columns) {
      throw new TypeError(
        `Cannot multiply in cells as the vector must be as long as a row, ${columns}: current length is ${vector.length}`,
      );
    }
    const inputs = pack(vector, inputBits);
    const offset = shift * vector.reduce((sum, value) => sum + value, 0);
    const products = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      let product = 0;
      for (let array = 0; array < arrays; array++) {
        for (let slice = 0; slice < slices; slice++) {
          const first = ((row * arrays + array) * slices + slice) * cellBits * words;
          for (let bit = 0; bit < inputBits; bit++) {
            const at = (array * inputBits + bit) * words;
            let sum = 0;
            for (let cell = 0; cell < cellBits; cell++) {
              let ones = 0;
              for (let word = 0; word < words; word++) {
                ones += countOnes(cells[first + cell * words + word]! & inputs[at + word]!);
              }
              sum += ones << cell;
            }
            watch?.(sum);
            const weight = 2 ** (slice * cellBits + bit);
            product += (bit === inputBits - 1 ? -weight : weight) * read[sum]!;
          }
        }
      }
      products[row] = product - offset;
    }
    return products;
  };
}

/** Bits of numbers, as words: row after row, array after array, the lowest plane of an array first. */
function packBits(
  values: ArrayLike<number>,
  { columns, length, words, planes }: Record<"columns" | "length" | "words" | "planes", number>,
): Int32Array {
  const arrays = Math.ceil(columns / length);
  const packed = new Int32Array(values.length / columns * arrays * planes * words);
  for (let index = 0; index < values.length; index++) {
    const column = index % columns;
    const array = Math.floor(index / columns) * arrays + Math.floor(column / length);
    const place = column % length;
    const word = array * planes * words + (place >> 5);
    for (let plane = 0; plane < planes; plane++) {
      packed[word + plane * words]! |= (values[index]! >> plane & 1) << (place & 31);
    }
  }
  return packed;
}

/** What the converter says for each sum from 0 to the top. */
function converted(top: number, largest: number, bits: number): Float64Array {
  const step = Math.max(1, largest / (2 ** bits - 1));
  return Float64Array.from(
    { length: top + 1 },
    (_, sum) => Math.min(largest, Math.round(sum / step) * step),
  );
}

/** Ones among 32 bits: sums of neighboring bits, then of pairs, then of bytes. */
function countOnes(word: number): number {
  const pairs = word - (word >>> 1 & 0x55555555);
  const nibbles = (pairs & 0x33333333) + (pairs >>> 2 & 0x33333333);
  return Math.imul(nibbles + (nibbles >>> 4) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
