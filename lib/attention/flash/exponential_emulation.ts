import { mathjs, requireInteger } from "../../units/mod.ts";

/** A polynomial that stands for 2^x on [0, 1), where everything else is exact. */
export interface ExponentialPolynomial {
  /** Of 1, x, x², …; the first is 1, so that whole powers of two are exact. */
  readonly coefficients: readonly number[];
  /** Largest relative error on [0, 1). */
  readonly error: number;
}

/**
 * Which polynomial comes closest to 2^x on [0, 1)? The one whose relative error swings between equally high peaks, found by
 * Remez's exchange: solve for equal errors at some points, move the points to where the error peaks, repeat.
 *
 * @param degree 1 to 8.
 * @example Degree 3 errs by less than 1e-4, where bf16 itself rounds by up to 2^-9 = 2e-3
 * ```ts
 * import { assert } from "@std/assert";
 * import { exponentialPolynomial } from "@fewer-bytes/attention";
 *
 * assert(exponentialPolynomial(3).error < 1e-4);
 * ```
 */
export function exponentialPolynomial(degree: number): ExponentialPolynomial {
  requireInteger(degree, 1, "approximate 2^x", "the degree");
  if (degree > 8) {
    throw new RangeError(
      `Cannot approximate 2^x as the degree must be at most 8: current value is ${degree}`,
    );
  }
  let points = Array.from(
    { length: degree + 1 },
    (_, k) => (1 - Math.cos(Math.PI * (k + 1) / (degree + 1))) / 2,
  );
  let coefficients: number[] = [];
  for (let round = 0; round < 8; round++) {
    // Unknowns: coefficients of x, x², … and the height of the peaks.
    const equations = points.map((x, k) => [
      ...Array.from({ length: degree }, (_, power) => x ** (power + 1) / 2 ** x),
      (-1) ** k,
    ]);
    const solved = mathjs.lusolve(equations, points.map((x) => 1 - 2 ** -x)) as number[][];
    coefficients = [1, ...solved.slice(0, degree).map(([value]) => value!)];
    points = peaks(coefficients, degree + 1);
  }
  return {
    coefficients,
    error: Math.max(...points.map((x) => Math.abs(errorAt(coefficients, x)))),
  };
}

/**
 * 2^x by additions and multiplications: the whole part goes into the exponent, the rest through the polynomial.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { emulatedExp2, exponentialPolynomial } from "@fewer-bytes/attention";
 *
 * assertEquals(emulatedExp2(-3, exponentialPolynomial(3)), 1 / 8);
 * ```
 */
export function emulatedExp2(x: number, { coefficients }: ExponentialPolynomial): number {
  const whole = Math.floor(x);
  return 2 ** whole * horner(coefficients, x - whole);
}

const horner = (coefficients: readonly number[], x: number) =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

const errorAt = (coefficients: readonly number[], x: number) =>
  horner(coefficients, x) / 2 ** x - 1;

/** Where the error is largest between its changes of sign: `count` of them. */
function peaks(coefficients: readonly number[], count: number): number[] {
  const steps = 4096;
  const found: { x: number; error: number }[] = [];
  for (let i = 1; i <= steps; i++) {
    const x = i / steps;
    const error = errorAt(coefficients, x);
    const last = found.at(-1);
    if (!last || Math.sign(last.error) !== Math.sign(error)) found.push({ x, error });
    else if (Math.abs(error) > Math.abs(last.error)) found[found.length - 1] = { x, error };
  }
  return found.slice(-count).map(({ x }) => x);
}
