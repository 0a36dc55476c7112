/**
 * A number as mantissa · 2^exponent, the exponent being an ordinary number of its own: e^100000 fits with ease.
 */
export interface ExtendedNumber {
  readonly mantissa: number;
  /** A whole number, or -Infinity for zero. */
  readonly exponent: number;
}

/** Zero: adding it changes nothing. */
export const extendedZero: ExtendedNumber = { mantissa: 0, exponent: -Infinity };

// ln 2 in two parts, the first with so few digits that a multiple of it is exact (Cody and Waite).
const [HIGH, LOW] = [0.69314718036912381649, 1.90821492927058770002e-10];

/**
 * What is e^x, when it may be far too large for a number? e^x = 2^n · e^(x − n ln 2), with n so chosen that the second
 * factor is close to 1: the pair is n and that factor.
 *
 * Source: Dukhan and Ablavatski, "The Two-Pass Softmax Algorithm" (2020), section 4.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { extendedExp } from "@fewer-bytes/attention";
 *
 * const { mantissa, exponent } = extendedExp(1000); // e^1000 = 1.97e434
 * assertAlmostEquals((Math.log2(mantissa) + exponent) * Math.LN2, 1000, 1e-12);
 * ```
 */
export function extendedExp(x: number): ExtendedNumber {
  if (x === -Infinity) return extendedZero;
  const exponent = Math.round(x * Math.LOG2E);
  return { mantissa: Math.exp((x - exponent * HIGH) - exponent * LOW), exponent };
}

/**
 * The sum of two extended numbers: the one with the smaller exponent is shifted, which cannot overflow.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addExtended } from "@fewer-bytes/attention";
 *
 * const sum = addExtended({ mantissa: 1, exponent: 2000 }, { mantissa: 1, exponent: 1999 });
 * assertEquals(sum, { mantissa: 1.5, exponent: 2000 });
 * ```
 */
export function addExtended(a: ExtendedNumber, b: ExtendedNumber): ExtendedNumber {
  const exponent = Math.max(a.exponent, b.exponent);
  return {
    mantissa: shifted(a, exponent) + shifted(b, exponent),
    exponent,
  };
}

/**
 * The ratio of two extended numbers, as an ordinary one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { extendedRatio } from "@fewer-bytes/attention";
 *
 * assertEquals(extendedRatio({ mantissa: 1, exponent: 5000 }, { mantissa: 1, exponent: 5001 }), 0.5);
 * ```
 */
export function extendedRatio(a: ExtendedNumber, b: ExtendedNumber): number {
  return a.mantissa / b.mantissa * 2 ** (a.exponent - b.exponent);
}

/** The mantissa at another exponent. Zero stays zero, even where both exponents are -Infinity. */
const shifted = ({ mantissa, exponent }: ExtendedNumber, to: number) =>
  mantissa === 0 ? 0 : mantissa * 2 ** (exponent - to);
