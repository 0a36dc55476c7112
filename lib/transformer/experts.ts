import { formula } from "../numeric/mod.ts";
import { requireAtLeast, requireInteger, type Tokens } from "../units/mod.ts";

/** The expected number of experts read, as it is printed and computed. */
export const distinctExpertsFormula = formula("read = E * (1 - (1 - k / E) ^ T)", {
  read: "experts that at least one token of the step picks",
  E: "experts in the layer",
  k: "experts that each token picks",
  T: "tokens in the step",
});

/**
 * How many different experts must be read, when several tokens are routed at once?
 *
 * Each token picks k of the E experts. One expert is missed by one token with probability 1 − k/E, by T independent
 * tokens with (1 − k/E)^T; so E · (1 − (1 − k/E)^T) are expected to be read. Not k: with 64 tokens in a step, Mixtral
 * reads all of its 8 experts. Uniform, independent routing is assumed; skewed routing reads fewer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { expectedDistinctExperts } from "@fewer-bytes/transformer";
 *
 * assertEquals(expectedDistinctExperts(8, 2, 1).toFixed(3), "2.000");
 * assertEquals(expectedDistinctExperts(8, 2, 64).toFixed(3), "8.000");
 * ```
 */
export function expectedDistinctExperts(
  experts: number,
  expertsPerToken: number,
  tokens: Tokens,
): number {
  requireInteger(experts, 1, "count experts", "experts");
  requireInteger(expertsPerToken, 1, "count experts", "expertsPerToken");
  requireAtLeast(tokens, 0, "count experts", "tokens");
  if (expertsPerToken > experts) {
    throw new RangeError(
      `Cannot count experts as expertsPerToken must be <= ${experts}: current value is ${expertsPerToken}`,
    );
  }
  if (tokens === 0) return 0;
  return experts * -Math.expm1(tokens * Math.log1p(-expertsPerToken / experts));
}
