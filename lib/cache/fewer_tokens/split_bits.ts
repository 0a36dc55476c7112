import { requireInteger } from "../../units/mod.ts";

/** In which two parts the bits of a number lie. */
export interface BitPlanes {
  /** Bits that are read first, the sign among them: 2 to 8. */
  readonly high: number;
  /** Bits that may follow: 1 to 8. */
  readonly low: number;
}

/**
 * What do numbers look like by their high bits, and by all of them?
 *
 * They are rounded to whole multiples of a scale, the largest magnitude over 2^(bits − 1) − 1. The high bits alone say in
 * which interval of 2^low codes a number lies; its middle stands for it.
 *
 * @returns The numbers by their high bits, and by all.
 * @throws {RangeError} for bits out of range, or a number that is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { splitBits } from "@fewer-bytes/cache";
 *
 * const { high, all } = splitBits(Float32Array.of(7, -3, 0), { high: 2, low: 2 }); // scale 1
 * assertEquals([...all], [7, -3, 0]);
 * assertEquals([...high], [5.5, -2.5, 1.5]); // the middles of 4..7, -4..-1 and 0..3
 * ```
 */
export function splitBits(
  numbers: Float32Array,
  { high, low }: BitPlanes,
): { readonly high: Float32Array; readonly all: Float32Array } {
  for (const [name, bits, least] of [["high", high, 2], ["low", low, 1]] as const) {
    requireInteger(bits, least, "split bits", name);
    if (bits > 8) {
      throw new RangeError(`Cannot split bits as ${name} must be <= 8: current value is ${bits}`);
    }
  }
  let largest = 0;
  for (const number of numbers) {
    if (!Number.isFinite(number)) {
      throw new RangeError(
        `Cannot split bits as every number must be finite: current value is ${number}`,
      );
    }
    largest = Math.max(largest, Math.abs(number));
  }
  const scale = largest / (2 ** (high + low - 1) - 1) || 1;
  const step = 2 ** low;
  const codes = Array.from(numbers, (number) => Math.round(number / scale));
  const middle = (code: number) => Math.floor(code / step) * step + (step - 1) / 2;
  return {
    high: Float32Array.from(codes, (code) => scale * middle(code)),
    all: Float32Array.from(codes, (code) => scale * code),
  };
}
