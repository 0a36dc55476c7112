import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";
import { expectedTokens } from "./expected_tokens.ts";

/** One level of drafting below the target, or below the level above. */
export interface DraftLevel {
  /** Time of one step of the drafter by itself. */
  readonly seconds: Seconds;
  /** The chance that the level above accepts one of its tokens. */
  readonly acceptance: number;
  /** How many tokens it gives the level above in a round. */
  readonly draftLength: number;
}

/** Two levels as they are printed and computed. */
export const hierarchyFormula = formula(
  "time = (outer * (inner * draft + middle) / innerTokens + target) / outerTokens",
  {
    time: "seconds for each token",
    outer: "tokens that the middle drafts for the target in a round",
    inner: "tokens that the smallest model drafts for the middle in a round",
    draft: "seconds of a step of the smallest model",
    middle: "seconds of a pass of the middle",
    innerTokens: "tokens that an inner round gives, on average",
    target: "seconds of a pass of the target",
    outerTokens: "tokens that an outer round gives, on average",
  },
);

/**
 * How long does a token take when drafters are drafted for? A drafter that is itself slow, such as the target with fewer
 * reads, gets its tokens from a smaller one, and gives them on: it drafts faster, and by the law it had before, since the
 * inner rounds are lossless too.
 *
 * For each level, from the target down: a round takes the drafting of its tokens, each at the time of a token one level
 * below, and one pass. Inner rounds are taken to end where the outer one does; the tokens that the last of them gives too
 * many are not counted.
 *
 * Source: Sun et al., "TriForce" (2024), where the middle is the target with a retrieved part of its cache.
 *
 * @param target Time of a pass of the target.
 * @param levels The drafters, the largest first.
 * @throws {RangeError} when a time is negative, an acceptance no chance or a length no whole number.
 * @example A middle of a fifth of the target's time, with and without a drafter of its own
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { hierarchySeconds } from "@fewer-bytes/decoding";
 *
 * const middle = { seconds: 0.2, acceptance: 0.9, draftLength: 6 };
 * const small = { seconds: 0.01, acceptance: 0.6, draftLength: 1 };
 * assertAlmostEquals(1 / hierarchySeconds(1, [middle]), 2.37, 0.005);
 * assertAlmostEquals(1 / hierarchySeconds(1, [middle, small]), 2.92, 0.005);
 * ```
 */
export function hierarchySeconds(target: Seconds, levels: readonly DraftLevel[]): Seconds {
  requireAtLeast(target, 0, "time a hierarchy", "the target's time");
  const [first, ...rest] = levels;
  if (!first) return target;
  const { seconds, acceptance, draftLength } = first;
  requireInteger(draftLength, 0, "time a hierarchy", "the draft length");
  const drafted = draftLength * hierarchySeconds(seconds, rest);
  return (drafted + target) / expectedTokens(acceptance, draftLength);
}
