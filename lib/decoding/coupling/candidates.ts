import type { Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { residual } from "./couple.ts";
import { draw, type Law, requireLaws } from "./distribution.ts";

/** How several candidates for one place are drawn. */
export interface CandidateOptions {
  /** How many. */
  readonly count: number;
  /**
   * Whether one may be drawn again. Default false: a refused token is never wanted again, so drawing it twice is a waste.
   */
  readonly replacement?: boolean;
}

/** What became of the candidates for one place. */
export interface ChosenCandidate {
  readonly token: number;
  /** Which of the candidates it is, from 0; undefined when all were refused. */
  readonly rank: number | undefined;
}

/**
 * Draws candidates for one place and tries them one after the other, as the siblings of a tree are: each refusal leaves the
 * residual for the next to match. The token follows the target's law exactly, however many candidates there are.
 *
 * Source: with replacement, Miao et al., "SpecInfer" (2024), multi-step speculative sampling; without, Chen et al.,
 * "Sequoia" (2024), and the implementation of EAGLE (Li et al. 2024).
 *
 * @throws {TypeError} when the laws have different lengths.
 * @throws {RangeError} when one is no law, or for fewer than one candidate.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { coupleCandidates } from "@fewer-bytes/decoding";
 *
 * const { token, rank } = coupleCandidates([0, 1], [0.5, 0.5], { count: 2 }, seeded(3));
 * assert(token === 1 && rank !== undefined); // one of the two is the only token that the target knows
 * ```
 */
export function coupleCandidates(
  target: Law,
  draft: Law,
  { count, replacement = false }: CandidateOptions,
  random: Random,
): ChosenCandidate {
  requireInteger(count, 1, "try candidates", "the count");
  let [wanted, offered]: [Law, Law | undefined] = [target, draft];
  for (let rank = 0; rank < count && offered; rank++) {
    requireLaws(wanted, offered, "try candidates");
    const token = draw(offered, random);
    if (random.uniform() * offered[token]! < wanted[token]!) return { token, rank };
    wanted = residual(wanted, offered);
    if (!replacement) offered = without(offered, token);
  }
  return { token: draw(wanted, random), rank: undefined };
}

/** The law of the token, and which candidate gives it. */
export interface CandidateLaw {
  readonly law: Float64Array;
  /** For each rank, the chance that its candidate is accepted after all before it were refused. */
  readonly acceptance: Float64Array;
}

/**
 * Which law does {@linkcode coupleCandidates} follow, and how likely is each candidate the one? By following every path: each
 * token that may come first, second, and so on. The work grows as the vocabulary to the power of the count.
 *
 * @throws As {@linkcode coupleCandidates}.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { candidateLaw } from "@fewer-bytes/decoding";
 *
 * const { law, acceptance } = candidateLaw([0.5, 0.5, 0], [0, 0.5, 0.5], { count: 2 });
 * assertEquals([...law], [0.5, 0.5, 0]);
 * assertEquals([...acceptance], [0.5, 0]); // neither a refused token nor its rival is wanted any more
 * ```
 */
export function candidateLaw(
  target: Law,
  draft: Law,
  { count, replacement = false }: CandidateOptions,
): CandidateLaw {
  requireInteger(count, 1, "try candidates", "the count");
  const law = new Float64Array(target.length);
  const accepted = new Float64Array(count);
  const follow = (wanted: Law, offered: Law | undefined, rank: number, chance: number) => {
    if (rank === count || !offered) {
      for (let token = 0; token < law.length; token++) law[token]! += chance * wanted[token]!;
      return;
    }
    requireLaws(wanted, offered, "try candidates");
    const rest = residual(wanted, offered);
    for (let token = 0; token < offered.length; token++) {
      const q = offered[token]!;
      if (q === 0) continue;
      const accept = Math.min(1, wanted[token]! / q);
      law[token]! += chance * q * accept;
      accepted[rank]! += chance * q * accept;
      if (accept === 1) continue;
      follow(
        rest,
        replacement ? offered : without(offered, token),
        rank + 1,
        chance * q * (1 - accept),
      );
    }
  };
  follow(target, draft, 0, 1);
  return { law, acceptance: accepted };
}

/** The law of the draft when one token may not come; undefined when it was the only one. */
function without(law: Law, token: number): Float64Array | undefined {
  const others = Float64Array.from(law);
  others[token] = 0;
  const sum = others.reduce((sum, chance) => sum + chance, 0);
  return sum > 0 ? others.map((chance) => chance / sum) : undefined;
}
