import { formula } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** A sum guessed from two counts, as it is printed and computed. */
export const probableSumFormula = formula("sum = a * b / n", {
  sum: "expected places where both vectors have a one",
  a: "ones in the first vector",
  b: "ones in the second",
  n: "places",
});

/** A guess and its uncertainty. */
export interface ProbableSum {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * What is the product of two vectors of bits, if only the number of ones in each is known? With a and b ones among n
 * places, at random: a b / n, with the hypergeometric deviation. The guess needs no multiplication and no cell; it has no
 * bias, and its relative error falls as the vectors grow. PACiM (2024) guesses so the products of low bits, where an error
 * counts least, and computes the others.
 *
 * @throws {RangeError} when a count is no whole number, or larger than n.
 * @example Of 256 places, half ones in each: 64, give or take 4
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { probableSum } from "@fewer-bytes/pim";
 *
 * const { mean, deviation } = probableSum(128, 128, 256);
 * assertEquals(mean, 64);
 * assertAlmostEquals(deviation, 4, 0.01);
 * ```
 */
export function probableSum(a: number, b: number, n: number): ProbableSum {
  requireInteger(n, 1, "guess a sum", "n");
  requireInteger(a, 0, "guess a sum", "a");
  requireInteger(b, 0, "guess a sum", "b");
  if (a > n || b > n) {
    throw new RangeError(
      `Cannot guess a sum as the ones must be at most the places, ${n}: current values are ${a} and ${b}`,
    );
  }
  const variance = n === 1 ? 0 : a * b * (n - a) * (n - b) / (n * n * (n - 1));
  return { mean: a * b / n, deviation: Math.sqrt(variance) };
}
