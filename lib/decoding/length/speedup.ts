import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger } from "../../units/mod.ts";
import { expectedTokens } from "./expected_tokens.ts";

/** The gain in time as it is printed and computed. */
export const speculativeSpeedupFormula = formula(
  "speedup = (1 - a ^ (g + 1)) / ((1 - a) * (g * c + 1))",
  {
    speedup: "time of plain decoding over that of speculative decoding",
    a: "chance that a drafted token is accepted, the same for each and below 1",
    g: "tokens drafted in a round",
    c: "time to draft a token, over the time of a step of the target",
  },
);

/** The gain when all tokens are drafted in one pass, as it is printed and computed. */
export const parallelSpeedupFormula = formula(
  "speedup = (1 - a ^ (g + 1)) / ((1 - a) * (c + 1))",
  {
    speedup: "time of plain decoding over that of speculative decoding",
    a: "chance that a drafted token is accepted, the same for each and below 1",
    g: "tokens drafted in a round",
    c: "time to draft all of them, over the time of a step of the target",
  },
);

/** The price in arithmetic as it is printed and computed. */
export const operationsFactorFormula = formula(
  "factor = (1 - a) * (g * c + g + 1) / (1 - a ^ (g + 1))",
  {
    factor: "operations for each token, over those of plain decoding",
    a: "chance that a drafted token is accepted, the same for each and below 1",
    g: "tokens drafted in a round",
    c: "operations to draft a token, over those of the target for one",
  },
);

/** A round of speculative decoding, in units of the target's step. */
export interface RoundShape {
  /** The chance that a drafted token is accepted. */
  readonly acceptance: number;
  /** Tokens drafted in a round. */
  readonly draftLength: number;
  /** What a pass of the drafter costs, over a step of the target. */
  readonly draftCost: number;
  /**
   * Passes of the drafter in a round. Default: one for each token. Drafters that fill in all places at once, by heads or by
   * denoising a block, need a number that does not grow with them.
   */
  readonly draftPasses?: number;
}

/**
 * How much faster is decoding with a draft? A round takes its drafting and one pass of the target, and gives as many tokens
 * as {@linkcode expectedTokens} says.
 *
 * Verifying g + 1 tokens is taken to cost what one costs. That holds while the target waits for memory; with large batches
 * and with mixtures of experts it does not, and `speculativeRound()` computes what it does cost.
 *
 * Source: Leviathan et al. (2023), theorem 3.8.
 *
 * @throws {RangeError} when the acceptance is no chance, a cost is negative or a number no whole one.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { speculativeSpeedup } from "@fewer-bytes/decoding";
 *
 * const round = { acceptance: 0.8, draftLength: 5, draftCost: 0.05 };
 * assertAlmostEquals(speculativeSpeedup(round), 2.95, 0.005);
 * assertAlmostEquals(speculativeSpeedup({ ...round, draftPasses: 1 }), 3.51, 0.005); // a parallel drafter as good
 * ```
 */
export function speculativeSpeedup(
  { acceptance, draftLength, draftCost, draftPasses = draftLength }: RoundShape,
): number {
  requireAtLeast(draftCost, 0, "compute a speedup", "the draft's cost");
  requireInteger(draftPasses, 0, "compute a speedup", "the draft's passes");
  return expectedTokens(acceptance, draftLength) / (draftPasses * draftCost + 1);
}

/**
 * How many more operations does a token take? The target computes g + 1 tokens in each round and the drafter its own; all
 * that lies behind the first refusal is lost. Latency is bought with arithmetic that would have been idle.
 *
 * @param round Its costs in operations, not in time.
 * @throws As {@linkcode speculativeSpeedup}.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { operationsFactor } from "@fewer-bytes/decoding";
 *
 * const factor = operationsFactor({ acceptance: 0.8, draftLength: 5, draftCost: 0.05 });
 * assertAlmostEquals(factor, 1.69, 0.005);
 * ```
 */
export function operationsFactor(
  { acceptance, draftLength, draftCost, draftPasses = draftLength }: RoundShape,
): number {
  requireAtLeast(draftCost, 0, "count operations", "the draft's cost");
  requireInteger(draftPasses, 0, "count operations", "the draft's passes");
  return (draftPasses * draftCost + draftLength + 1) / expectedTokens(acceptance, draftLength);
}

/**
 * How long should a draft be? Each further token is less likely to count, and costs the same. The gain rises, then falls: the
 * first length that no longer gains is one too many.
 *
 * @param longest No draft is longer. Default 64.
 * @returns 0 when drafting does not pay at all, as when the acceptance is not above the cost.
 * @throws As {@linkcode speculativeSpeedup}.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bestDraftLength } from "@fewer-bytes/decoding";
 *
 * assertEquals([0.5, 0.7, 0.9].map((acceptance) => bestDraftLength(acceptance, 0.1)), [2, 4, 10]);
 * assertEquals(bestDraftLength(0.1, 0.2), 0);
 * ```
 */
export function bestDraftLength(acceptance: number, draftCost: number, longest = 64): number {
  requireInteger(longest, 0, "choose a draft length", "the longest");
  const gain = (draftLength: number) => speculativeSpeedup({ acceptance, draftLength, draftCost });
  let best = 0;
  while (best < longest && gain(best + 1) > gain(best)) best++;
  return best;
}
