import type { Random } from "../../numeric/mod.ts";

/** The chances of all tokens, by their number: none is negative, and their sum is 1. */
export type Law = ArrayLike<number>;

/**
 * Refuses what is no law.
 *
 * @param action What was attempted, as in "couple two laws".
 * @throws {RangeError} when it is empty, a chance is negative or no number, or the sum is not 1.
 */
export function requireLaw(law: Law, action: string, name: string): Law {
  let sum = 0;
  for (let token = 0; token < law.length; token++) {
    const chance = law[token]!;
    if (!(chance >= 0)) {
      throw new RangeError(
        `Cannot ${action} as every chance of ${name} must be >= 0: current value is ${chance}`,
      );
    }
    sum += chance;
  }
  if (!(Math.abs(sum - 1) < 1e-6)) {
    throw new RangeError(
      `Cannot ${action} as the chances of ${name} must sum to 1: current value is ${sum}`,
    );
  }
  return law;
}

/**
 * Refuses two laws that are not about the same tokens.
 *
 * @throws {TypeError} when their lengths differ.
 * @throws {RangeError} as {@linkcode requireLaw}.
 */
export function requireLaws(target: Law, draft: Law, action: string): void {
  if (target.length !== draft.length) {
    throw new TypeError(
      `Cannot ${action} as both laws must have the same tokens: current numbers are ${target.length} and ${draft.length}`,
    );
  }
  requireLaw(target, action, "the target");
  requireLaw(draft, action, "the draft");
}

/** Draws a token from a law. A token without a chance is never drawn. */
export function draw(law: Law, random: Random): number {
  let rest = random.uniform();
  let drawn = -1;
  for (let token = 0; token < law.length; token++) {
    if (law[token]! <= 0) continue;
    drawn = token; // sums of floats may fall short of 1: then the last possible token is meant
    if ((rest -= law[token]!) < 0) break;
  }
  return drawn;
}
