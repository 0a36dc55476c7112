import { roundHalfEven } from "../uniform/quantize.ts";
import { exponentOf, type NumberCode, requireCode } from "./number_code.ts";

/**
 * What the largest exponent is for. `"ieee"`: infinity and NaN, as in IEEE 754. `"nan"`: numbers, but for the
 * very last code, which is NaN. `"numbers"`: nothing but numbers.
 */
export type TopExponent = "ieee" | "nan" | "numbers";

/** Beyond the maximum: the maximum, as quantizers do, or what the format has for too large (infinity, or else NaN). */
export type Overflow = "saturate" | "overflow";

/** A floating-point format: a sign, an exponent, a fraction. */
export interface SmallFloat extends NumberCode {
  readonly exponentBits: number;
  readonly fractionBits: number;
  /** What is taken from the stored exponent. */
  readonly bias: number;
  readonly encode: (value: number, overflow?: Overflow) => number;
}

/**
 * How does a handful of bits say a number? Sign, exponent e, fraction f: (1 + f) · 2^(e − bias), or f · 2^(1
 * − bias) when e is 0 (the subnormal numbers, evenly spaced down to zero).
 *
 * Encoding rounds to the nearest number, ties to the even code. NaN becomes the format's NaN, and is refused
 * by formats that have none. Infinity is a value beyond the maximum like any other.
 *
 * Sources: IEEE 754-2019; OCP 8-bit Floating Point Specification (2023); OCP Microscaling Formats (2023).
 *
 * @throws {RangeError} from `decode`, for a code with too many bits; from `encode`, for a NaN that cannot be said.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { smallFloat } from "@fewer-bytes/quantization";
 *
 * const e4m3 = smallFloat("FP8 E4M3", 4, 3, "nan");
 * assertEquals(e4m3.maximum, 448);
 * assertEquals(e4m3.decode(0b0_0111_100), 1.5);
 * assertEquals(e4m3.decode(e4m3.encode(17)), 16); // 16 and 18 are as near: the even code wins
 * assertEquals(e4m3.decode(e4m3.encode(1000)), 448);
 * assertEquals(e4m3.decode(e4m3.encode(1000, "overflow")), NaN);
 * ```
 */
export function smallFloat(
  name: string,
  exponentBits: number,
  fractionBits: number,
  top: TopExponent,
): SmallFloat {
  const bits = 1 + exponentBits + fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  const signBit = 2 ** (bits - 1);
  const last = signBit - 1;
  // Codes ascend with their numbers, so the largest number sits right below the code for "too large".
  const largest = { ieee: last - 2 ** fractionBits, nan: last - 1, numbers: last }[top];
  const notANumber = top === "ieee" ? largest + 1 + 2 ** (fractionBits - 1) : last;

  const decode = (code: number) => {
    const magnitude = requireCode(code, bits, name) % signBit;
    const sign = code < signBit ? 1 : -1;
    if (magnitude > largest) return magnitude === largest + 1 && top === "ieee" ? sign / 0 : NaN;
    const exponent = Math.floor(magnitude / 2 ** fractionBits);
    const fraction = magnitude / 2 ** fractionBits - exponent;
    return sign * (exponent ? (1 + fraction) * 2 ** (exponent - bias) : fraction * 2 ** (1 - bias));
  };
  const encode = (value: number, overflow: Overflow = "saturate") => {
    if (Number.isNaN(value)) {
      if (top !== "numbers") return notANumber;
      throw new RangeError(`Cannot encode ${name} as it has no code for NaN: current value is NaN`);
    }
    const sign = value < 0 || Object.is(value, -0) ? signBit : 0;
    const exponent = value === 0 ? -Infinity : exponentOf(value);
    const tooLarge = overflow === "saturate" || top === "numbers" ? largest : largest + 1;
    if (exponent > bias + 1) return sign + tooLarge;
    const lowest = Math.max(exponent, 1 - bias);
    // The steps count the hidden one too; where rounding carries, the sum carries into the exponent by itself.
    const steps = roundHalfEven(Math.abs(value) * 2 ** (fractionBits - lowest));
    const code = (lowest - 1 + bias) * 2 ** fractionBits + steps;
    return sign + (code > largest ? tooLarge : code);
  };
  return { name, bits, exponentBits, fractionBits, bias, maximum: decode(largest), decode, encode };
}

/** The floating-point formats that models are stored in, from 4 to 16 bits. */
export const smallFloats = {
  fp4E2M1: smallFloat("FP4 E2M1", 2, 1, "numbers"),
  fp6E2M3: smallFloat("FP6 E2M3", 2, 3, "numbers"),
  fp6E3M2: smallFloat("FP6 E3M2", 3, 2, "numbers"),
  fp8E4M3: smallFloat("FP8 E4M3", 4, 3, "nan"),
  fp8E5M2: smallFloat("FP8 E5M2", 5, 2, "ieee"),
  fp16: smallFloat("FP16", 5, 10, "ieee"),
  bf16: smallFloat("BF16", 8, 7, "ieee"),
} as const satisfies Record<string, SmallFloat>;
