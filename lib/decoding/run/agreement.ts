import {
  denseCache,
  forward,
  type KeyValueCache,
  type LanguageModel,
  probabilities,
} from "../../lm/mod.ts";
import { acceptance } from "../coupling/acceptance.ts";

/** A model, and the cache with which it reads. */
export interface ModelWithCache {
  readonly model: LanguageModel;
  /** Makes the cache of each text. Default: a dense one. */
  readonly cache?: (model: LanguageModel) => KeyValueCache;
}

/** The laws of the next token at each place of a text, from one model. */
export function lawsAlong(
  { model, cache = denseCache }: ModelWithCache,
  text: ArrayLike<number>,
  temperature = 1,
): Float64Array[] {
  const [logits] = forward(model, [{ tokens: text, cache: cache(model) }], { logits: "all" });
  const { vocabularySize } = model.shape;
  return Array.from(
    { length: text.length },
    (_, place) =>
      probabilities(
        logits!.subarray(place * vocabularySize, (place + 1) * vocabularySize),
        temperature,
      ),
  );
}

/** How texts are compared. */
export interface AgreementOptions {
  /** Of both models. Default 1. */
  readonly temperature?: number;
  /** The first place that counts: before it a sparse cache may still see everything. Default 0. */
  readonly from?: number;
}

/**
 * How likely would the target accept a token of this drafter, on average over given texts? One minus the total variation
 * distance at each place. No text is written and no chance involved, so drafters are compared place by place.
 *
 * @returns For each place of each text, from the first that counts.
 * @throws {TypeError} when the vocabularies differ.
 * @example A model that looks at eight tokens guesses better what it says than a small one that looks at all
 * ```ts
 * import { assert } from "@std/assert";
 * import { oracleChooser, SelectiveCache } from "@fewer-bytes/attention";
 * import { denseCache, loadModel, writeStory } from "@fewer-bytes/lm";
 * import { agreement } from "@fewer-bytes/decoding";
 *
 * const [target, draft] = await Promise.all([loadModel("target"), loadModel("draft")]);
 * const cache = () => new SelectiveCache(denseCache(target), target, oracleChooser(target, 8));
 * const texts = [writeStory(1, 120).tokens];
 * const mean = (chances: Float64Array) => chances.reduce((sum, chance) => sum + chance, 0) / chances.length;
 * const [small, sparse] = [{ model: draft }, { model: target, cache }].map((drafter) =>
 *   mean(agreement({ model: target }, drafter, texts))
 * );
 * assert(sparse! > small! && small! > 0.5);
 * ```
 */
export function agreement(
  target: ModelWithCache,
  drafter: ModelWithCache,
  texts: readonly ArrayLike<number>[],
  { temperature = 1, from = 0 }: AgreementOptions = {},
): Float64Array {
  return Float64Array.from(texts.flatMap((text) => {
    const drafts = lawsAlong(drafter, text, temperature);
    return lawsAlong(target, text, temperature).slice(from)
      .map((law, place) => acceptance(law, drafts[from + place]!));
  }));
}
