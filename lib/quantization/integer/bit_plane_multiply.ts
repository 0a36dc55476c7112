import { type BitPlanes, encodedRange, planeWeight } from "./bit_planes.ts";

/**
 * How does a machine that multiplies only single bits multiply numbers of any width?
 *
 * Plane by plane. The product of two bits is AND, so the product of two rows of bits is a count of ones;
 * each pair of planes adds its count, shifted by what the two are worth. Bipolar bits are ±1: their
 * product is +1 where they agree (XNOR), so the sum is ones minus zeros. Time grows with bits × bits,
 * and every width can be had: 3 by 5 as well as 8 by 8.
 *
 * @param left Rows of numbers, such as activations.
 * @param right Rows of as many numbers, such as the weights of each output.
 * @returns The product of each left row with each right row: left rows × right rows, exact.
 * @throws {TypeError} when the columns differ, or just one side is bipolar.
 * @throws {RangeError} when a sum might not fit 32 bits.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { multiplyBitPlanes, toBitPlanes } from "@fewer-bytes/quantization";
 *
 * const activations = toBitPlanes([1, 2, 3], 3, 2, "unsigned");
 * const weights = toBitPlanes([-4, 0, 3], 3, 3, "twosComplement");
 * assertEquals([...multiplyBitPlanes(activations, weights)], [1 * -4 + 3 * 3]);
 * ```
 */
export function multiplyBitPlanes(left: BitPlanes, right: BitPlanes): Int32Array {
  requireMatch(left, right);
  const product = new Int32Array(left.rows * right.rows);
  left.planes.forEach((leftPlane, i) =>
    right.planes.forEach((rightPlane, j) => {
      const weight = planeWeight(left, i) * planeWeight(right, j);
      for (let k = 0; k < product.length; k++) {
        const row = Math.floor(k / right.rows);
        product[k]! += weight * planeProduct(left, leftPlane, row, rightPlane, k % right.rows);
      }
    })
  );
  return product;
}

/** One row of bits times another. */
function planeProduct(
  { encoding, words, columns }: BitPlanes,
  left: Uint32Array,
  leftRow: number,
  right: Uint32Array,
  rightRow: number,
): number {
  let count = 0;
  for (let word = 0; word < words; word++) {
    const a = left[leftRow * words + word]!;
    const b = right[rightRow * words + word]!;
    count += onesOf(encoding === "bipolar" ? a ^ b : a & b);
  }
  // Counting disagreements instead of agreements leaves the empty end of the last word out by itself.
  return encoding === "bipolar" ? columns - 2 * count : count;
}

/**
 * How many of 32 bits are 1? Summed in pairs, then fours, then bytes: a processor has one instruction for it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { onesOf } from "@fewer-bytes/quantization";
 *
 * assertEquals(onesOf(0b1011), 3);
 * ```
 */
export function onesOf(word: number): number {
  const pairs = word - (word >>> 1 & 0x55555555);
  const fours = (pairs & 0x33333333) + (pairs >>> 2 & 0x33333333);
  const bytes = fours + (fours >>> 4) & 0x0f0f0f0f;
  return Math.imul(bytes, 0x01010101) >>> 24;
}

function requireMatch(left: BitPlanes, right: BitPlanes) {
  if (left.columns !== right.columns) {
    throw new TypeError(
      `Cannot multiply bit planes as both must have the same columns: current values are ${left.columns} and ${right.columns}`,
    );
  }
  if ((left.encoding === "bipolar") !== (right.encoding === "bipolar")) {
    throw new TypeError(
      `Cannot multiply bit planes as both or neither must be bipolar: current values are ${left.encoding} and ${right.encoding}`,
    );
  }
  const [a, b] = [left, right].map(({ bits, encoding }) =>
    Math.max(...encodedRange(bits, encoding).map(Math.abs))
  );
  if (left.columns * a! * b! >= 2 ** 31) {
    throw new RangeError(
      `Cannot multiply bit planes as sums must fit 32 bits: current values are ${left.columns} products of up to ${a} x ${b}`,
    );
  }
}
