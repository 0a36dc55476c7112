import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, type Tokens } from "../../units/mod.ts";

/** How likely a step reads an expert, as it is printed and computed. */
export const stepChanceFormula = formula("read = 1 - (1 - p) ^ T", {
  read: "chance that at least one token of the step picks the expert",
  p: "chance that one token picks it",
  T: "tokens in the step",
});

/**
 * How likely is each expert read by a step of several tokens? At least one of them must pick it; tokens are independent.
 *
 * @param chances How likely one token picks each expert.
 * @throws {RangeError} when a chance is not from 0 to 1, or the tokens are negative.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { stepChances } from "@fewer-bytes/experts";
 *
 * assertEquals([...stepChances([0.5, 0.25], 2)].map((chance) => chance.toFixed(4)), ["0.7500", "0.4375"]);
 * ```
 */
export function stepChances(chances: ArrayLike<number>, tokens: Tokens): Float64Array {
  requireAtLeast(tokens, 0, "find what a step reads", "the tokens");
  return Float64Array.from(chances, (chance) => {
    requireChance(chance, "find what a step reads");
    return tokens === 0 ? 0 : -Math.expm1(tokens * Math.log1p(-chance));
  });
}

/**
 * How many different experts does a step read, when some are popular? 1 − (1 − p)ᵀ, summed over experts.
 *
 * Of all popularities the even one reads most, which {@link expectedDistinctExperts} of lib/transformer counts: an expert that
 * everybody picks is read once. Training spreads loads evenly on purpose; what skew is left makes steps a little cheaper in
 * bytes, and much slower to wait for.
 *
 * Tokens of one text resemble each other, so real steps read fewer still.
 *
 * @example 16 tokens of Qwen3-30B-A3B: 82 of 128 experts, and 58 when popularity follows Zipf's law
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { distinctExperts, evenChances, pickChances } from "@fewer-bytes/experts";
 * import { zipfShares } from "@fewer-bytes/paging";
 *
 * assertAlmostEquals(distinctExperts(evenChances(128, 8), 16), 82.4, 0.1);
 * assertAlmostEquals(distinctExperts(pickChances(zipfShares(128, 1), 8), 16), 57.9, 0.1);
 * ```
 */
export function distinctExperts(chances: ArrayLike<number>, tokens: Tokens): number {
  return stepChances(chances, tokens).reduce((a, b) => a + b, 0);
}

/** Refuses what is no chance. */
export function requireChance(chance: number, action: string): number {
  if (chance >= 0 && chance <= 1) return chance;
  throw new RangeError(
    `Cannot ${action} as each chance must be from 0 to 1: current value is ${chance}`,
  );
}
