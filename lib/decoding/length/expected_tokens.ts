import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger } from "../../units/mod.ts";

/** The tokens of a round as they are printed and computed; where the acceptance is 1 there are one more than drafted. */
export const expectedTokensFormula = formula("tokens = (1 - a ^ (g + 1)) / (1 - a)", {
  tokens: "tokens that a round gives, on average",
  a: "chance that a drafted token is accepted, the same for each and below 1",
  g: "tokens drafted in a round",
});

/** How the number of tokens that a round gives is spread. */
export interface TokensPerRound {
  readonly mean: number;
  readonly variance: number;
  /** The chance of each number of tokens, from 1 to one more than were drafted. */
  readonly chances: Float64Array;
}

/**
 * How many tokens does a round give? Drafted tokens count up to the first that is refused, and the target always adds one:
 * in its place, or after the last. So at least k + 1 tokens come when the first k are accepted, and the mean is
 * 1 + a₁ + a₁a₂ + …
 *
 * @param acceptances For each drafted token, the chance that it is accepted when all before it were.
 * @throws {RangeError} when one is not from 0 to 1.
 * @example Four drafted tokens, each accepted four times in five
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { tokensPerRound } from "@fewer-bytes/decoding";
 *
 * const { mean, variance, chances } = tokensPerRound([0.8, 0.8, 0.8, 0.8]);
 * assertAlmostEquals(mean, 3.36, 0.005);
 * assertAlmostEquals(variance, 2.57, 0.005);
 * assertAlmostEquals(chances[4]!, 0.8 ** 4); // all five
 * ```
 */
export function tokensPerRound(acceptances: readonly number[]): TokensPerRound {
  let all = 1, mean = 0, square = 0;
  const chances = new Float64Array(acceptances.length + 1);
  for (let accepted = 0; accepted <= acceptances.length; accepted++) {
    const next = accepted < acceptances.length ? requireChance(acceptances[accepted]!) : 0;
    const chance = chances[accepted] = all * (1 - next);
    mean += chance * (accepted + 1);
    square += chance * (accepted + 1) ** 2;
    all *= next;
  }
  return { mean, variance: Math.max(0, square - mean ** 2), chances };
}

/**
 * How many tokens does a round give on average, when each drafted token is accepted with the same chance? The sum
 * 1 + a + … + a^g. However long the draft, it stays below 1/(1 − a).
 *
 * Real acceptance changes from place to place, and where it is low it tends to stay so: the mean acceptance put in here
 * is an approximation. {@linkcode tokensPerRound} takes each for itself.
 *
 * Source: Leviathan et al. (2023), equation 1.
 *
 * @throws {RangeError} when the acceptance is not from 0 to 1, or the draft length no whole number.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { expectedTokens } from "@fewer-bytes/decoding";
 *
 * assertAlmostEquals(expectedTokens(0.8, 4), 3.36, 0.005);
 * assertEquals(expectedTokens(1, 4), 5);
 * ```
 */
export function expectedTokens(acceptance: number, draftLength: number): number {
  requireChance(acceptance);
  requireInteger(draftLength, 0, "expect tokens", "the draft length");
  let all = 1, sum = 1;
  for (let place = 0; place < draftLength; place++) sum += all *= acceptance;
  return sum;
}

/** By how much does the number of tokens of a round vary, when each drafted token is accepted with the same chance? */
export function tokensVariance(acceptance: number, draftLength: number): number {
  requireInteger(draftLength, 0, "expect tokens", "the draft length");
  return tokensPerRound(new Array(draftLength).fill(acceptance)).variance;
}

/** Refuses what is no chance. */
export function requireChance(chance: number): number {
  requireAtLeast(chance, 0, "expect tokens", "the acceptance");
  if (chance > 1) {
    throw new RangeError(
      `Cannot expect tokens as the acceptance must be <= 1: current value is ${chance}`,
    );
  }
  return chance;
}
