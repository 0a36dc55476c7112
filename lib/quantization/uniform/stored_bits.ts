import type { GroupedFormat, NumberFormat } from "../../catalog/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import type { QuantizedMatrix } from "./quantize.ts";

/** What the numbers beside the codes take. */
export interface StoredBitsOptions {
  /** Bits of each scale. Default 16, a half-precision one. */
  readonly scaleBits?: number;
  /** Bits of each zero point. Default: as many as a code, or 0 on a symmetric grid. */
  readonly zeroPointBits?: number;
}

/** What of a quantized matrix matters for its size. */
type Stored = Pick<QuantizedMatrix, "bits" | "groupSize" | "zeroPoints">;

/**
 * How many bits does one weight really take, its share of the scale and the zero point included?
 *
 * bits + (scale bits + zero-point bits) / group size. "Four-bit" weights in groups of 32 with 16-bit
 * scales are 4.5-bit weights. The codes count at their own width, as packed by `packCodes()`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { quantize, storedBits } from "@fewer-bytes/quantization";
 *
 * const weights = Matrix.zeros(2, 64);
 * assertEquals(storedBits(quantize(weights, { bits: 4, groupSize: 32 })), 4.5);
 * assertEquals(storedBits(quantize(weights, { bits: 4, groupSize: 32, symmetric: false })), 4.625);
 * ```
 */
export function storedBits(quantized: Stored, options: StoredBitsOptions = {}): number {
  const { scaleBits, zeroPointBits } = beside(quantized, options);
  return quantized.bits + (scaleBits + zeroPointBits) / quantized.groupSize;
}

const formats: Readonly<Record<number, NumberFormat>> = {
  2: "int2",
  3: "int3",
  4: "int4",
  8: "int8",
};

/**
 * The same as a storage format of the catalog, for operator tables, footprints and times.
 *
 * @throws {RangeError} when the catalog has no integer format of that width: it has 2, 3, 4 and 8 bits.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bytesPerValue } from "@fewer-bytes/catalog";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { groupedFormat, quantize } from "@fewer-bytes/quantization";
 *
 * const quantized = quantize(Matrix.zeros(2, 128), { bits: 4, groupSize: 128 });
 * assertEquals(8 * bytesPerValue(groupedFormat(quantized)), 4.125);
 * ```
 */
export function groupedFormat(quantized: Stored, options: StoredBitsOptions = {}): GroupedFormat {
  const format = formats[quantized.bits];
  if (format === undefined) {
    throw new RangeError(
      `Cannot name a storage format as bits must be one of ${
        Object.keys(formats).join(", ")
      }: current value is ${quantized.bits}`,
    );
  }
  return { format, groupSize: quantized.groupSize, ...beside(quantized, options) };
}

function beside({ bits, zeroPoints }: Stored, options: StoredBitsOptions) {
  const { scaleBits = 16, zeroPointBits = zeroPoints ? bits : 0 } = options;
  requireInteger(scaleBits, 0, "count stored bits", "scaleBits");
  requireInteger(zeroPointBits, 0, "count stored bits", "zeroPointBits");
  return { scaleBits, zeroPointBits };
}
