import { type Chooser, SelectiveCache } from "../../attention/mod.ts";
import { forward, type KeyValueCache, type LanguageModel, probabilities } from "../../lm/mod.ts";
import { draw } from "../coupling/distribution.ts";
import { type Drafter, requireTruncate } from "./drafter.ts";

/**
 * The target drafts for itself, with sparse attention into its own cache: nothing is loaded or kept twice. What drafting
 * leaves in the cache is forgotten before the target verifies, which computes the same tokens with all of its attention.
 *
 * Source: Sadhukhan et al., "MagicDec" (2024), where the sparse cache is a window with sinks.
 *
 * @param cache The target's own: hand the same one to `speculate()`.
 * @param chooser What drafts attend to. It must choose by position or by the keys that it is shown; one that keeps a summary
 *   of all tokens would not hear of those that are forgotten.
 * @throws {TypeError} when the cache cannot forget, or the chooser keeps something of each token.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { windowChooser } from "@fewer-bytes/attention";
 * import { denseCache, encode, loadModel } from "@fewer-bytes/lm";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { selfDrafter, speculate } from "@fewer-bytes/decoding";
 *
 * const target = await loadModel("target");
 * const cache = denseCache(target);
 * const drafter = selfDrafter(target, cache, windowChooser(target, { window: 12, sinks: 4 }));
 * const [round] = speculate(target, drafter, encode("<story> Once there were"), 4, seeded(1), { cache });
 * assert(round!.accepted > 0); // all is within the window here
 * ```
 */
export function selfDrafter(
  target: LanguageModel,
  cache: KeyValueCache,
  chooser: Chooser,
): Drafter {
  const truncate = requireTruncate(cache);
  if (chooser.append) {
    throw new TypeError(
      "Cannot draft with the target's own cache as the chooser must keep nothing of the tokens",
    );
  }
  const sparse = new SelectiveCache(cache, target, chooser);
  return {
    draft(text, count, temperature, random) {
      const length = cache.length;
      const tokens: number[] = [];
      const laws: Float64Array[] = [];
      let next = text.slice(length);
      while (tokens.length < count) {
        const [logits] = forward(target, [{ tokens: next, cache: sparse }]);
        const law = probabilities(logits!, temperature);
        const token = draw(law, random);
        tokens.push(token);
        laws.push(law);
        next = [token];
      }
      truncate(length);
      return { tokens, laws };
    },
  };
}
