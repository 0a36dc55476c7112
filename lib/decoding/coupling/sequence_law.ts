import { requireInteger } from "../../units/mod.ts";
import { type Conditional, type DraftAndTarget, roundPaths } from "./round_paths.ts";

/**
 * How likely is each text of so many tokens, when the model writes it token by token? The product of its conditional
 * chances.
 *
 * @returns The chances of all texts; that of the tokens a, b, c is at place (a · V + b) · V + c.
 * @throws {RangeError} for a length below 1.
 */
export function sequenceLaw(target: Conditional, length: number): Float64Array {
  return speculativeLaw({ target, draft: target, draftLength: 0 }, length);
}

/**
 * How likely is each text of so many tokens, when a draft writes it and the target accepts or replaces? All rounds are
 * followed through all of their paths; what a last round gives beyond the length is cut off. It equals
 * {@linkcode sequenceLaw} of the target: speculative decoding is lossless, whatever the draft.
 *
 * The work grows as the vocabulary to the power of the length: this is for small ones.
 *
 * @returns As {@linkcode sequenceLaw}.
 * @throws {RangeError} for a length below 1, or as {@linkcode roundPaths}.
 * @example A chain of two words that like to repeat themselves, drafted by a coin
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { sequenceLaw, speculativeLaw } from "@fewer-bytes/decoding";
 *
 * const target = (prefix: readonly number[]) => prefix.at(-1) === 1 ? [0.125, 0.875] : [0.75, 0.25];
 * const draft = () => [0.5, 0.5];
 * const plain = sequenceLaw(target, 3);
 * speculativeLaw({ target, draft, draftLength: 2 }, 3).forEach((chance, text) => {
 *   assertAlmostEquals(chance, plain[text]!, 1e-12);
 * });
 * ```
 */
export function speculativeLaw(models: DraftAndTarget, length: number): Float64Array {
  requireInteger(length, 1, "enumerate texts", "the length");
  const vocabulary = models.target([]).length;
  const law = new Float64Array(vocabulary ** length);
  const follow = (prefix: readonly number[], chance: number) => {
    if (prefix.length >= length) {
      const place = prefix.slice(0, length).reduce((sum, token) => sum * vocabulary + token, 0);
      law[place]! += chance;
      return;
    }
    for (const path of roundPaths(models, prefix)) {
      follow([...prefix, ...path.tokens], chance * path.chance);
    }
  };
  follow([], 1);
  return law;
}
