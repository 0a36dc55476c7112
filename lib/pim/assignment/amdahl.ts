import { formula } from "../../numeric/mod.ts";
import { requirePositive } from "../../units/mod.ts";

/** Amdahl's law, as it is printed and computed. */
export const amdahlFormula = formula("speedup = 1 / ((1 - share) + share / gain)", {
  speedup: "of the whole",
  share: "of the time that the part took before",
  gain: "speedup of the part",
});

/**
 * What does the whole gain when a part of it gets faster? Never more than 1 / (1 − share), however fast the part: memory
 * that computes attention 9 times as fast makes a step in which attention is half of the time 1.8 times as fast.
 *
 * @param share From 0 to 1.
 * @param gain Above 0; Infinity when the part takes no time any more.
 * @throws {RangeError} when a value is out of range.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { amdahl } from "@fewer-bytes/pim";
 *
 * assertAlmostEquals(amdahl(0.5, 9), 1.8);
 * assertEquals(amdahl(0.75, Infinity), 4);
 * ```
 */
export function amdahl(share: number, gain: number): number {
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(
      `Cannot apply Amdahl's law as the share must be from 0 to 1: current value is ${share}`,
    );
  }
  if (gain === Infinity) return 1 / (1 - share);
  requirePositive(gain, "apply Amdahl's law", "the gain");
  return 1 / (1 - share + share / gain);
}
