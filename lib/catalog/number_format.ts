import { requireInteger } from "../units/mod.ts";

/** Bits that one value takes in memory. TF32 is a way to compute: its 19 bits are stored in 32. */
const bits = {
  fp64: 64,
  fp32: 32,
  tf32: 32,
  fp16: 16,
  bf16: 16,
  fp8: 8,
  int8: 8,
  fp6: 6,
  fp4: 4,
  int4: 4,
  int3: 3,
  int2: 2,
} as const;

/** A number format that hardware computes in or memory holds. */
export type NumberFormat = keyof typeof bits;

/** All number formats, widest first. */
export const numberFormats: readonly NumberFormat[] = Object.keys(bits) as NumberFormat[];

/** Values that share a scale, and perhaps a zero point, in groups: what quantized weights and caches look like. */
export interface GroupedFormat {
  readonly format: NumberFormat;
  /** How many values share one scale. */
  readonly groupSize: number;
  /** Bits of each scale, 16 for a half-precision one. */
  readonly scaleBits: number;
  /** Bits of each zero point; 0 when the grid is symmetric. */
  readonly zeroPointBits?: number;
}

/** How values lie in memory: a plain format, or one with a scale per group. */
export type Storage = NumberFormat | GroupedFormat;

/** The format of the values themselves, without their scales. */
export function valueFormat(storage: Storage): NumberFormat {
  return typeof storage === "string" ? storage : storage.format;
}

/**
 * How many bytes does one stored value take? Scales and zero points are counted: four-bit weights in groups of 128
 * with a 16-bit scale take 4.125 bits each, not 4.
 *
 * @throws {RangeError} for an unknown format, or a group that is no whole number of values.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bytesPerValue } from "@fewer-bytes/catalog";
 *
 * assertEquals(bytesPerValue("bf16"), 2);
 * assertEquals(8 * bytesPerValue({ format: "int4", groupSize: 128, scaleBits: 16 }), 4.125);
 * ```
 */
export function bytesPerValue(storage: Storage): number {
  const own = bits[valueFormat(storage)];
  if (own === undefined) {
    throw new RangeError(
      `Cannot size a value as its format must be one of ${
        numberFormats.join(", ")
      }: current value is ${JSON.stringify(storage)}`,
    );
  }
  if (typeof storage === "string") return own / 8;
  const { groupSize, scaleBits, zeroPointBits = 0 } = storage;
  requireInteger(groupSize, 1, "size a grouped format", "groupSize");
  requireInteger(scaleBits, 0, "size a grouped format", "scaleBits");
  requireInteger(zeroPointBits, 0, "size a grouped format", "zeroPointBits");
  return (own + (scaleBits + zeroPointBits) / groupSize) / 8;
}

/** The wider of two formats, in which an operation on both is done: 4-bit weights times bf16 activations compute in bf16. */
export function widerFormat(a: NumberFormat, b: NumberFormat): NumberFormat {
  return bits[a] > bits[b] ? a : b;
}
