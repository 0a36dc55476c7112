import { bytesPerValue, type Storage, valueFormat } from "../catalog/mod.ts";
import { requireInteger } from "../units/mod.ts";

/**
 * Which share of the bytes is left at 2:4? Not a half: half of the values, and one bit for each value that was there
 * (two for each that is kept). So `1/2 + 1/bits`: 9/16 at 16 bits, 5/8 at 8, 3/4 at 4. The fewer bits a value has, the
 * less is won, since its index stays as large.
 *
 * Scales and zero points of quantized weights stay too.
 *
 * @param storage How the dense values lie in memory.
 * @param valuesPerIndex Values that share an index. Default 1. Tensor cores for 4 bits keep or drop values in pairs
 * (4:8 in pairs), so 2 of them share one and 5/8 is left.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { twoFourShare } from "@fewer-bytes/sparsity";
 *
 * assertEquals(twoFourShare("bf16"), 9 / 16);
 * assertEquals(twoFourShare("fp8"), 5 / 8);
 * ```
 */
export function twoFourShare(storage: Storage, valuesPerIndex = 1): number {
  return twoFourBytesPerValue(storage, valuesPerIndex) / bytesPerValue(storage);
}

/**
 * How many bytes does a value of the dense matrix take at 2:4, its index and its share of scales counted?
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { twoFourBytesPerValue } from "@fewer-bytes/sparsity";
 *
 * const grouped = { format: "int4", groupSize: 128, scaleBits: 16 } as const; // 4.125 bits when dense
 * assertEquals(8 * twoFourBytesPerValue(grouped), 2 + 1 + 0.125);
 * ```
 */
export function twoFourBytesPerValue(storage: Storage, valuesPerIndex = 1): number {
  requireInteger(valuesPerIndex, 1, "size a 2:4 matrix", "valuesPerIndex");
  const saved = bytesPerValue(valueFormat(storage)) / 2;
  return bytesPerValue(storage) - saved + 1 / 8 / valuesPerIndex;
}
