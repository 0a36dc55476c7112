import type { BlockFormat } from "../formats/block_format.ts";
import { requireRow } from "../formats/row.ts";

/** A tensor whose values are −scale, 0 or scale. */
export interface TernaryTensor {
  readonly scale: number;
  /** −1, 0 or 1, one a value. */
  readonly codes: Int8Array<ArrayBuffer>;
}

/**
 * What if a weight says only "minus", "nothing" or "plus"? Absmean: the scale is the mean magnitude, and each
 * weight over it is rounded to −1, 0 or 1. So what is below half the mean becomes 0.
 *
 * log₂ 3 = 1.585 bits a value, and multiplications become additions. The scale is for training: to read a
 * ternarized tensor and ternarize it again shrinks it, as the zeros lower the mean.
 *
 * Source: Ma et al., "The Era of 1-bit LLMs: All Large Language Models are in 1.58 Bits" (2024), equations 1
 * to 3.
 *
 * @param values The whole tensor, which shares one scale.
 * @throws {RangeError} for a value that is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ternarize } from "@fewer-bytes/quantization";
 *
 * const { scale, codes } = ternarize(Float32Array.of(2, -1, 0.25, -0.75));
 * assertEquals(scale, 1);
 * assertEquals([...codes], [1, -1, 0, -1]);
 * ```
 */
export function ternarize(values: Float32Array): TernaryTensor {
  requireRow(values, 1, "ternary");
  const total = values.reduce((sum, value) => sum + Math.abs(value), 0);
  const scale = Math.fround(total / Math.max(1, values.length));
  const codes = Int8Array.from(
    values,
    (value) => Math.abs(value) > scale / 2 ? Math.sign(value) : 0,
  );
  return { scale, codes };
}

/**
 * The values that a ternary tensor stands for: code × scale.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { deternarize } from "@fewer-bytes/quantization";
 *
 * const values = deternarize({ scale: 0.5, codes: Int8Array.of(1, -1) });
 * assertEquals([...values], [0.5, -0.5]);
 * ```
 */
export function deternarize({ scale, codes }: TernaryTensor): Float32Array<ArrayBuffer> {
  return Float32Array.from(codes, (code) => code * scale);
}

/** Absmean ternary weights, five in a byte: 1.6 bits a value. One scale for the row that it is given. */
export const ternary: BlockFormat = {
  name: "ternary",
  blockSize: 1,
  bitsPerValue: 8 / 5,
  roundTrip: (row) => deternarize(ternarize(row)),
};
