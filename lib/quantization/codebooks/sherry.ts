import type { BlockFormat } from "../formats/block_format.ts";
import { requireRow } from "../formats/row.ts";
import { deternarize, type TernaryTensor } from "./ternary.ts";

/**
 * Which three of four weights stay? The largest: no other choice leaves a smaller squared error. Each becomes
 * its sign times the mean magnitude of all that stay; a 0 that must stay counts as plus.
 *
 * Source: Huang et al., "Sherry: Hardware-Efficient 1.25-Bit Ternary Quantization via Fine-grained
 * Sparsification" (2026).
 *
 * @param values The whole tensor, which shares one scale; its length a multiple of 4.
 * @throws {RangeError} for another length, or a value that is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sparseTernarize } from "@fewer-bytes/quantization";
 *
 * const { scale, codes } = sparseTernarize(Float32Array.of(3, -1, 0.5, 2));
 * assertEquals(scale, 2);
 * assertEquals([...codes], [1, -1, 0, 1]);
 * ```
 */
export function sparseTernarize(values: Float32Array): TernaryTensor {
  requireRow(values, 4, "3:4 ternary");
  const codes = new Int8Array(values.length);
  let total = 0;
  for (let at = 0; at < values.length; at += 4) {
    const sizes = values.subarray(at, at + 4).map(Math.abs);
    const zero = sizes.indexOf(Math.min(...sizes));
    for (let i = 0; i < 4; i++) {
      if (i === zero) continue;
      codes[at + i] = values[at + i]! < 0 ? -1 : 1;
      total += sizes[i]!;
    }
  }
  return { scale: Math.fround(total / Math.max(1, values.length * 3 / 4)), codes };
}

/** Sherry's weights: 1.25 bits a value. One scale for the row that it is given. */
export const sherry: BlockFormat = {
  name: "Sherry 3:4 ternary",
  blockSize: 4,
  bitsPerValue: 5 / 4,
  roundTrip: (row) => deternarize(sparseTernarize(row)),
};
