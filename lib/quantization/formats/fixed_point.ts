import { requireInteger } from "../../units/mod.ts";
import { roundHalfEven } from "../uniform/quantize.ts";
import { type NumberCode, requireCode } from "./number_code.ts";

/**
 * A whole number with the binary point after its first digit: code · 2^(2 − bits), in two's complement.
 *
 * This is the element of MXINT8 and of classic block floating point: numbers below 2, in even steps. The most
 * negative code is left unused, so that the numbers are symmetric around zero.
 *
 * @param bits From 2 to 16, the sign included.
 * @throws {RangeError} for bits out of range, and from `encode` for NaN.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fixedPoint, valuesOf } from "@fewer-bytes/quantization";
 *
 * assertEquals([...valuesOf(fixedPoint(3))], [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5]);
 * assertEquals(fixedPoint(8).maximum, 127 / 64);
 * assertEquals(fixedPoint(8).decode(fixedPoint(8).encode(-2)), -127 / 64);
 * ```
 */
export function fixedPoint(bits: number): NumberCode {
  if (requireInteger(bits, 2, "make a fixed-point format", "bits") > 16) {
    throw new RangeError(
      `Cannot make a fixed-point format as bits must be at most 16: current value is ${bits}`,
    );
  }
  const name = `INT${bits}`;
  const codes = 2 ** bits;
  const step = 2 ** (2 - bits);
  const largest = codes / 2 - 1;
  return {
    name,
    bits,
    maximum: largest * step,
    decode: (code) => {
      requireCode(code, bits, name);
      return (code > largest ? code - codes : code) * step;
    },
    encode: (value) => {
      if (Number.isNaN(value)) {
        throw new RangeError(
          `Cannot encode ${name} as it has no code for NaN: current value is NaN`,
        );
      }
      const steps = Math.max(-largest, Math.min(roundHalfEven(value / step), largest));
      return (steps + codes) % codes;
    },
  };
}
