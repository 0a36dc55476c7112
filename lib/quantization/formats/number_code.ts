/** A finite set of numbers, each with a code of a few bits: what an element of a block, or its scale, is stored as. */
export interface NumberCode {
  readonly name: string;
  /** Of a code. */
  readonly bits: number;
  /** The largest finite number. */
  readonly maximum: number;
  /** The number that a code stands for. */
  readonly decode: (code: number) => number;
  /** The code of the nearest number; beyond the maximum, of the maximum. */
  readonly encode: (value: number) => number;
}

/**
 * Which numbers can a code of so few bits say at all? The finite ones in ascending order, −0 and 0 as one.
 *
 * @example FP4 has 15 numbers, and most of them are small
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { smallFloats, valuesOf } from "@fewer-bytes/quantization";
 *
 * const positive = valuesOf(smallFloats.fp4E2M1).filter((value) => value > 0);
 * assertEquals([...positive], [0.5, 1, 1.5, 2, 3, 4, 6]);
 * ```
 */
export function valuesOf(format: NumberCode): Float64Array {
  const all = Array.from({ length: 2 ** format.bits }, (_, code) => format.decode(code) + 0);
  return Float64Array.from(new Set(all.filter(Number.isFinite))).sort();
}

/**
 * The largest k with 2^k ≤ |value|: the exponent that a floating-point number stores.
 *
 * `Math.log2` alone is wrong just below a power of two, where the logarithm rounds up to a whole number.
 *
 * @param value Finite, not 0.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exponentOf } from "@fewer-bytes/quantization";
 *
 * assertEquals([8, 7.999, -0.75].map(exponentOf), [3, 2, -1]);
 * assertEquals(exponentOf(2 ** 40 - 2 ** -12), 39); // Math.log2 says 40
 * ```
 */
export function exponentOf(value: number): number {
  const size = Math.abs(value);
  const guess = Math.floor(Math.log2(size));
  return 2 ** guess > size ? guess - 1 : guess;
}

/** Refuses a code that is no whole number of so many bits. */
export function requireCode(code: number, bits: number, name: string): number {
  if (!(Number.isInteger(code) && code >= 0 && code < 2 ** bits)) {
    throw new RangeError(
      `Cannot decode ${name} as a code must be a whole number from 0 to ${
        2 ** bits - 1
      }: current value is ${code}`,
    );
  }
  return code;
}
