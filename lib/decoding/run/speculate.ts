import type { Random } from "../../numeric/mod.ts";
import {
  denseCache,
  forward,
  type KeyValueCache,
  type LanguageModel,
  probabilities,
} from "../../lm/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { acceptance } from "../coupling/acceptance.ts";
import { couple } from "../coupling/couple.ts";
import { draw } from "../coupling/distribution.ts";
import { type Drafter, requireTruncate } from "./drafter.ts";

/** How text is drafted and verified. */
export interface SpeculateOptions {
  /** Tokens drafted in a round. Default 4. */
  readonly draftLength?: number;
  /** Of both models: 0 takes the likeliest token. Default 1. */
  readonly temperature?: number;
  /** The target's cache, which must be able to forget. Default: a dense one. */
  readonly cache?: KeyValueCache;
}

/** One round: a draft, and one pass of the target. */
export interface Round {
  /** What the text gets: the accepted tokens, and one of the target. */
  readonly tokens: readonly number[];
  readonly drafted: number;
  readonly accepted: number;
  /** For each drafted token that was judged, how likely a draft was to be accepted there: the last may have been refused. */
  readonly chances: readonly number[];
}

/**
 * Continues a prompt by speculative decoding: a drafter guesses, the target computes what it would have said at all of these
 * places in one pass, and keeps as much as it can. The text follows the target's law exactly, whatever the drafter.
 *
 * @param count Tokens to add at least: the last round may give more, which a caller can cut off.
 * @param random The source of all chance, for drafts and for what becomes of them.
 * @yields Each round as it is done.
 * @throws {TypeError} when the cache cannot forget, or laws do not fit together.
 * @throws {RangeError} when a number is out of range.
 * @example Three tokens a pass from a model of a sixth of the size
 * ```ts
 * import { assert } from "@std/assert";
 * import { encode, loadModel } from "@fewer-bytes/lm";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { modelDrafter, speculate } from "@fewer-bytes/decoding";
 *
 * const [target, draft] = await Promise.all([loadModel("target"), loadModel("draft")]);
 * const prompt = encode("<story> Once there were Mira and Kai.");
 * const rounds = [...speculate(target, modelDrafter(draft), prompt, 40, seeded(1))];
 * assert(rounds.length < 20);
 * ```
 */
export function* speculate(
  target: LanguageModel,
  drafter: Drafter,
  prompt: ArrayLike<number>,
  count: number,
  random: Random,
  options: SpeculateOptions = {},
): Generator<Round> {
  const { draftLength = 4, temperature = 1, cache = denseCache(target) } = options;
  requireInteger(prompt.length, 1, "speculate", "the prompt's length");
  requireInteger(count, 0, "speculate", "the count");
  requireInteger(draftLength, 0, "speculate", "the draft length");
  const truncate = requireTruncate(cache);
  const { vocabularySize } = target.shape;
  const text = Array.from(prompt);
  // All but the newest token are in the cache when a round begins: that one is computed with the draft that follows it.
  if (text.length > 1) forward(target, [{ tokens: text.slice(0, -1), cache }]);

  while (text.length < prompt.length + count) {
    const { tokens: drafted, laws } = drafter.draft(text, draftLength, temperature, random);
    const [logits] = forward(target, [{ tokens: [text.at(-1)!, ...drafted], cache }], {
      logits: "all",
    });
    const wanted = (place: number) =>
      probabilities(
        logits!.subarray(place * vocabularySize, (place + 1) * vocabularySize),
        temperature,
      );
    const tokens: number[] = [];
    const chances: number[] = [];
    let accepted = 0;
    for (; accepted < drafted.length; accepted++) {
      const [law, draft] = [wanted(accepted), laws[accepted]!];
      chances.push(acceptance(law, draft));
      const coupled = couple(drafted[accepted]!, law, draft, random);
      tokens.push(coupled.token);
      if (!coupled.accepted) break;
    }
    if (accepted === drafted.length) tokens.push(draw(wanted(accepted), random));
    truncate(text.length + accepted);
    text.push(...tokens);
    yield { tokens, drafted: drafted.length, accepted, chances };
  }
}
