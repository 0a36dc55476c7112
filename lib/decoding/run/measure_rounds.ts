import { requireInteger } from "../../units/mod.ts";
import { expectedTokens } from "../length/expected_tokens.ts";
import type { Round } from "./speculate.ts";

/** What rounds gave, beside what formulas say. */
export interface MeasuredRounds {
  readonly rounds: number;
  /** Tokens of a round, their mean and variance, as counted. */
  readonly tokens: number;
  readonly variance: number;
  /** The share of judged drafts that were accepted. */
  readonly acceptance: number;
  /** What that share should have been: the mean, over the same places, of one minus the distance of both laws. */
  readonly expectedAcceptance: number;
  /**
   * For each place of the draft, the share that was accepted of those that were judged there. With these instead of one mean
   * `tokensPerRound()` gives the counted mean exactly, when all rounds drafted as many.
   */
  readonly acceptances: readonly number[];
  /** What the formula makes of that mean, as if acceptance were the same everywhere. */
  readonly formulaTokens: number;
}

/**
 * How do rounds compare with the formulas? Counted acceptance follows one minus the total variation distance. Counted tokens
 * come near the formula: it takes acceptance to be the same at all places, and judged places are those that a draft came to,
 * not all alike.
 *
 * @param draftLength What all rounds drafted.
 * @throws {RangeError} without rounds, or without drafts.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { measureRounds } from "@fewer-bytes/decoding";
 *
 * const rounds = [
 *   { tokens: [1, 2], drafted: 1, accepted: 1, chances: [0.5] },
 *   { tokens: [3], drafted: 1, accepted: 0, chances: [0.5] },
 * ];
 * const { tokens, acceptance, formulaTokens } = measureRounds(rounds, 1);
 * assertEquals([tokens, acceptance, formulaTokens], [1.5, 0.5, 1.5]);
 * ```
 */
export function measureRounds(rounds: readonly Round[], draftLength: number): MeasuredRounds {
  const judged = rounds.reduce((sum, { chances }) => sum + chances.length, 0);
  requireInteger(judged, 1, "measure rounds", "the number of judged drafts");
  let tokens = 0, squares = 0, accepted = 0, expected = 0;
  const places = Array.from({ length: draftLength }, () => ({ judged: 0, accepted: 0 }));
  for (const round of rounds) {
    tokens += round.tokens.length;
    squares += round.tokens.length ** 2;
    accepted += round.accepted;
    places.forEach((place, index) => {
      if (index < round.chances.length) place.judged++;
      if (index < round.accepted) place.accepted++;
    });
    expected += round.chances.reduce((sum, chance) => sum + chance, 0);
  }
  const mean = tokens / rounds.length;
  return {
    rounds: rounds.length,
    tokens: mean,
    variance: Math.max(0, squares / rounds.length - mean ** 2),
    acceptance: accepted / judged,
    expectedAcceptance: expected / judged,
    acceptances: places.map((place) => place.judged && place.accepted / place.judged),
    formulaTokens: expectedTokens(Math.min(1, expected / judged), draftLength),
  };
}
