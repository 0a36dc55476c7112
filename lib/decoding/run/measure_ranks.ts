import type { Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type CandidateOptions, coupleCandidates } from "../coupling/candidates.ts";
import type { Law } from "../coupling/distribution.ts";

/** The laws of target and draft at one place of a text. */
export interface LawPair {
  readonly target: Law;
  readonly draft: Law;
}

/**
 * How likely is the first candidate the accepted one, the second, and so on? Candidates are drawn and tried at some places of
 * real texts, and counted: what `bestTree()` needs to know of two models.
 *
 * @param draws How often candidates are drawn at each place.
 * @returns For each rank, the share of places where its candidate was accepted.
 * @throws {RangeError} without places, or as {@linkcode coupleCandidates}.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { measureRanks } from "@fewer-bytes/decoding";
 *
 * const same = [{ target: [0.5, 0.5], draft: [0.5, 0.5] }];
 * assertEquals([...measureRanks(same, { count: 2 }, 10, seeded(1))], [1, 0]);
 * ```
 */
export function measureRanks(
  places: readonly LawPair[],
  options: CandidateOptions,
  draws: number,
  random: Random,
): Float64Array {
  requireInteger(places.length, 1, "measure ranks", "the number of places");
  requireInteger(draws, 1, "measure ranks", "the draws");
  const counts = new Float64Array(requireInteger(options.count, 1, "measure ranks", "the count"));
  for (const { target, draft } of places) {
    for (let drawn = 0; drawn < draws; drawn++) {
      const { rank } = coupleCandidates(target, draft, options, random);
      if (rank !== undefined) counts[rank]!++;
    }
  }
  return counts.map((count) => count / (places.length * draws));
}
