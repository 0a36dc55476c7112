import type { Random } from "../../numeric/mod.ts";
import {
  denseCache,
  forward,
  type KeyValueCache,
  type LanguageModel,
  probabilities,
} from "../../lm/mod.ts";
import { draw } from "../coupling/distribution.ts";

/** What was drafted. */
export interface Draft {
  readonly tokens: readonly number[];
  /** For each token, the law that it was drawn from. */
  readonly laws: readonly Float64Array[];
}

/** Whatever guesses how a text goes on. Its guesses may be bad: then they are refused. But it must say how it drew them. */
export interface Drafter {
  /**
   * Drafts tokens.
   *
   * @param text All tokens so far.
   * @param count How many are wanted. It may give fewer, or none.
   * @param temperature Of the laws that it draws from.
   */
  draft(text: readonly number[], count: number, temperature: number, random: Random): Draft;
}

/** How a model drafts. */
export interface ModelDrafterOptions {
  /** Its cache, which must be able to forget. Default: a dense one. */
  readonly cache?: KeyValueCache;
}

/**
 * A language model that drafts: usually a small one. It keeps a cache of its own; what was refused since the last time is
 * forgotten, and what it has not seen yet is read first.
 *
 * @throws {TypeError} when the cache cannot forget.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encode, loadModel } from "@fewer-bytes/lm";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { modelDrafter } from "@fewer-bytes/decoding";
 *
 * const drafter = modelDrafter(await loadModel("draft"));
 * const { tokens, laws } = drafter.draft([...encode("<story> Once there were")], 2, 0, seeded(1));
 * assertEquals(tokens.map((token, place) => laws[place]![token]), [1, 1]); // at temperature 0 it is sure
 * ```
 */
export function modelDrafter(
  model: LanguageModel,
  { cache = denseCache(model) }: ModelDrafterOptions = {},
): Drafter {
  const truncate = requireTruncate(cache);
  const seen: number[] = [];
  return {
    draft(text, count, temperature, random) {
      let same = 0;
      while (same < Math.min(seen.length, text.length - 1) && seen[same] === text[same]) same++;
      truncate(seen.length = same);
      const tokens: number[] = [];
      const laws: Float64Array[] = [];
      let next = text.slice(same);
      while (tokens.length < count) {
        const [logits] = forward(model, [{ tokens: next, cache }]);
        seen.push(...next);
        const law = probabilities(logits!, temperature);
        const token = draw(law, random);
        tokens.push(token);
        laws.push(law);
        next = [token];
      }
      return { tokens, laws };
    },
  };
}

/**
 * Gives a cache's way to forget.
 *
 * @throws {TypeError} when it has none.
 */
export function requireTruncate(cache: KeyValueCache): (length: number) => void {
  if (!cache.truncate) {
    throw new TypeError("Cannot speculate as the cache must be able to forget refused tokens");
  }
  return (length) => cache.truncate!(length);
}
