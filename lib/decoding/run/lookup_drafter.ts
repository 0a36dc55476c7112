import { requireInteger } from "../../units/mod.ts";
import type { Drafter } from "./drafter.ts";

/**
 * A drafter without a model: it looks for the last place where the newest tokens stood before, and copies what came after.
 * It costs nothing, and is right wherever a text repeats itself: summaries, edits, code.
 *
 * It is sure of what it copies, so its laws have a single token, which is accepted with the chance that the target gives it.
 * Where nothing is found nothing is drafted.
 *
 * @param vocabulary Tokens of the target's vocabulary.
 * @param match How many of the newest tokens must have stood there. Default 2.
 * @throws {RangeError} when one of both is no whole number above 0.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { lookupDrafter } from "@fewer-bytes/decoding";
 *
 * const { tokens } = lookupDrafter(10).draft([1, 2, 3, 4, 5, 1, 2], 2, 1, seeded(1));
 * assertEquals(tokens, [3, 4]);
 * ```
 */
export function lookupDrafter(vocabulary: number, match = 2): Drafter {
  requireInteger(vocabulary, 1, "look up drafts", "the vocabulary");
  requireInteger(match, 1, "look up drafts", "the match");
  return {
    draft(text, count) {
      const newest = text.length - match;
      for (let place = newest - 1; place >= 0; place--) {
        let same = 0;
        while (same < match && text[place + same] === text[newest + same]) same++;
        if (same < match) continue;
        const tokens = text.slice(place + match, place + match + count);
        const laws = tokens.map((token) => {
          const law = new Float64Array(vocabulary);
          law[token] = 1;
          return law;
        });
        return { tokens, laws };
      }
      return { tokens: [], laws: [] };
    },
  };
}
