import type { BlockFormat } from "../formats/block_format.ts";
import { largestOf, requireRow } from "../formats/row.ts";

/**
 * Which entry of a codebook is nearest? A binary search between the midpoints; halfway, the lower entry.
 *
 * @param levels The entries in ascending order.
 * @returns Its index: the code.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nearestCode } from "@fewer-bytes/quantization";
 *
 * assertEquals([-9, 0.4, 0.5, 0.6, 9].map((x) => nearestCode([-1, 0, 1], x)), [0, 1, 1, 2, 2]);
 * ```
 */
export function nearestCode(levels: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = levels.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (levels[middle]! + levels[middle + 1]!) / 2) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What does a codebook make of real data? Each block is divided by its largest magnitude, kept in 32 bits,
 * and each quotient becomes the nearest entry.
 *
 * @param levels Entries between −1 and 1, in ascending order; a power of two of them.
 * @param blockSize Values that share a scale.
 * @example Three bits: even steps from −1 to 1, without the middle one
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { codebookFormat } from "@fewer-bytes/quantization";
 *
 * const format = codebookFormat("even", [-1, -0.75, -0.5, -0.25, 0.25, 0.5, 0.75, 1], 4);
 * assertEquals(format.bitsPerValue, 3 + 32 / 4);
 * assertEquals([...format.roundTrip(Float32Array.of(8, -2.5, 1, 4.5))], [8, -2, 2, 4]);
 * ```
 */
export function codebookFormat(
  name: string,
  levels: ArrayLike<number>,
  blockSize: number,
): BlockFormat {
  const roundTrip = (row: Float32Array) => {
    requireRow(row, blockSize, name);
    const back = new Float32Array(row.length);
    for (let at = 0; at < row.length; at += blockSize) {
      const scale = largestOf(row.subarray(at, at + blockSize));
      for (let i = at; i < at + blockSize; i++) {
        back[i] = scale && scale * levels[nearestCode(levels, row[i]! / scale)]!;
      }
    }
    return back;
  };
  return { name, blockSize, bitsPerValue: Math.log2(levels.length) + 32 / blockSize, roundTrip };
}
