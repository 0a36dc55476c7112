import { requireInteger } from "../../units/mod.ts";

/**
 * What a bit is worth. In all three, bit i counts for 2^i; but the highest bit of two's complement counts
 * negative, and in bipolar integers a 0 counts for −2^i. Bipolar ones are all odd, evenly about zero.
 *
 * Source of the bipolar format: Ma et al., "APT-LLM: Exploiting Arbitrary-Precision Tensor Core
 * Computing for LLM Acceleration" (2025).
 */
export type BitEncoding = "unsigned" | "twosComplement" | "bipolar";

/** Rows of whole numbers, taken apart: all lowest bits together, all second bits together, and so on. */
export interface BitPlanes {
  readonly rows: number;
  readonly columns: number;
  readonly bits: number;
  readonly encoding: BitEncoding;
  /** Words of 32 bits for each row of a plane. */
  readonly words: number;
  /** One for each bit, the lowest first: rows × words. Bits beyond the columns are 0. */
  readonly planes: readonly Uint32Array[];
}

/**
 * Which numbers does an encoding reach? The smallest and the largest one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodedRange } from "@fewer-bytes/quantization";
 *
 * assertEquals(encodedRange(3, "twosComplement"), [-4, 3]);
 * assertEquals(encodedRange(3, "bipolar"), [-7, 7]);
 * ```
 */
export function encodedRange(bits: number, encoding: BitEncoding): readonly [number, number] {
  if (encoding === "unsigned") return [0, 2 ** bits - 1];
  if (encoding === "bipolar") return [1 - 2 ** bits, 2 ** bits - 1];
  return [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

/**
 * What does a set bit of this plane count for? A power of two, negative for a sign.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { planeWeight, toBitPlanes } from "@fewer-bytes/quantization";
 *
 * const planes = toBitPlanes([-3], 1, 3, "twosComplement");
 * assertEquals([0, 1, 2].map((plane) => planeWeight(planes, plane)), [1, 2, -4]);
 * ```
 */
export function planeWeight({ bits, encoding }: BitPlanes, plane: number): number {
  return encoding === "twosComplement" && plane === bits - 1 ? -(2 ** plane) : 2 ** plane;
}

/**
 * How is a matrix of 3-bit numbers held by hardware that knows only single bits? As three matrices of bits.
 *
 * @param values Whole numbers, row by row.
 * @param columns Numbers in a row.
 * @param bits Bits for each, from 1 to 16.
 * @throws {RangeError} when a number is not one of the encoding.
 * @example Five is 101, and in bipolar bits 4 + 2 − 1 = 110
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { toBitPlanes } from "@fewer-bytes/quantization";
 *
 * const bitsOf = (encoding: "unsigned" | "bipolar") =>
 *   toBitPlanes([5], 1, 3, encoding).planes.map((plane) => plane[0]);
 * assertEquals(bitsOf("unsigned"), [1, 0, 1]);
 * assertEquals(bitsOf("bipolar"), [0, 1, 1]);
 * ```
 */
export function toBitPlanes(
  values: ArrayLike<number>,
  columns: number,
  bits: number,
  encoding: BitEncoding,
): BitPlanes {
  requireInteger(columns, 1, "make bit planes", "columns");
  requireInteger(bits, 1, "make bit planes", "bits");
  const rows = requireInteger(values.length / columns, 1, "make bit planes", "the number of rows");
  const [lowest, highest] = encodedRange(bits, encoding);
  const words = Math.ceil(columns / 32);
  const planes = Array.from({ length: bits }, () => new Uint32Array(rows * words));
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const pattern = encoding === "bipolar" ? (value + highest) / 2 : value;
    if (bits > 16 || !Number.isInteger(pattern) || value < lowest || value > highest) {
      throw new RangeError(
        `Cannot make bit planes as each number must be ${encoding} of ${bits} bits, at most 16: current value is ${value}`,
      );
    }
    const word = Math.floor(i / columns) * words + (i % columns >> 5);
    for (let bit = 0; bit < bits; bit++) {
      planes[bit]![word]! |= (pattern >> bit & 1) << (i % columns & 31);
    }
  }
  return { rows, columns, bits, encoding, words, planes };
}

/**
 * Which numbers are in these planes? The way back from `toBitPlanes()`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fromBitPlanes, toBitPlanes } from "@fewer-bytes/quantization";
 *
 * assertEquals([...fromBitPlanes(toBitPlanes([-7, 5], 2, 3, "bipolar"))], [-7, 5]);
 * ```
 */
export function fromBitPlanes(source: BitPlanes): Int32Array {
  const { rows, columns, words, planes, encoding } = source;
  return Int32Array.from({ length: rows * columns }, (_, i) => {
    const column = i % columns;
    const word = Math.floor(i / columns) * words + (column >> 5);
    return planes.reduce((sum, plane, bit) => {
      const isSet = plane[word]! >>> (column & 31) & 1;
      return sum + planeWeight(source, bit) * (encoding === "bipolar" ? 2 * isSet - 1 : isSet);
    }, 0);
  });
}
