import { assertAlmostEquals, assertEquals } from "@std/assert";
import { denseCache, forward, probabilities, score, type Story } from "@fewer-bytes/lm";
import { tinyModel } from "./tiny.ts";

/** Stories of the tiny model, which knows no language. */
const tell = (...tokens: number[]): Story => ({
  tokens: Uint16Array.from(tokens),
  surprise: new Float64Array(tokens.length),
  recalls: [],
});

Deno.test("score() lists the surprise at each token after the first, story after story, and its mean as the loss", () => {
  const model = tinyModel();
  const stories = [tell(3, 1, 4, 1, 5), tell(9, 2, 6)];
  const { surprises, loss, perplexity } = score(model, stories);
  // by hand: each token alone, given those before it
  const expected = stories.flatMap(({ tokens }) =>
    Array.from({ length: tokens.length - 1 }, (_, i) => {
      const cache = denseCache(model);
      const [logits] = forward(model, [{ tokens: tokens.subarray(0, i + 1), cache }]);
      return -Math.log(probabilities(logits!)[tokens[i + 1]!]!);
    })
  );
  assertEquals(surprises.length, 4 + 2);
  expected.forEach((surprise, i) => assertAlmostEquals(surprises[i]!, surprise, 1e-5));
  const mean = surprises.reduce((sum, surprise) => sum + surprise, 0) / 6;
  assertAlmostEquals(loss, mean, 1e-12);
  assertAlmostEquals(perplexity, Math.exp(mean), 1e-9);
});
