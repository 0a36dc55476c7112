import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { SelectiveCache, windowChooser } from "@fewer-bytes/attention";
import { acceptance, agreement, lawsAlong } from "@fewer-bytes/decoding";
import { denseCache, forward, loadModel, probabilities, writeStory } from "@fewer-bytes/lm";
import { otherTinyModel, tinyModel } from "../tiny.ts";

const [model, other] = [tinyModel(), otherTinyModel()];
const mean = (values: Float64Array) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

Deno.test("lawsAlong() gives the laws that a model has after each token", () => {
  const text = [1, 2, 3, 4];
  lawsAlong({ model }, text, 0.5).forEach((law, place) => {
    const [logits] = forward(model, [{
      tokens: text.slice(0, place + 1),
      cache: denseCache(model),
    }]);
    probabilities(logits!, 0.5).forEach((p, token) => assertAlmostEquals(law[token]!, p, 1e-5));
  });
});

Deno.test("agreement() is the acceptance at each place from the first that counts", () => {
  const texts = [[1, 2, 3, 4], [5, 6, 7]];
  const [a, b] = [model, other].map((model) => texts.map((text) => lawsAlong({ model }, text)));
  assertEquals(
    [...agreement({ model }, { model: other }, texts, { from: 2 })],
    [
      acceptance(a![0]![2]!, b![0]![2]!),
      acceptance(a![0]![3]!, b![0]![3]!),
      acceptance(a![1]![2]!, b![1]![2]!),
    ],
  );
  assertAlmostEquals(mean(agreement({ model }, { model }, texts)), 1, 1e-9);
});

Deno.test("the target with a part of its cache guesses better for itself than a small model with all of its own", async () => {
  const [target, draft] = await Promise.all([loadModel("target"), loadModel("draft")]);
  const cache = () =>
    new SelectiveCache(denseCache(target), target, windowChooser(target, { window: 60, sinks: 4 }));
  const texts = [writeStory(11, 320).tokens];
  const [sparse, small] = [{ model: target, cache }, { model: draft }].map((drafter) =>
    mean(agreement({ model: target }, drafter, texts, { from: 128 }))
  );
  assert(sparse! > small!, `${sparse} with 64 tokens, ${small} from the draft`);
});

Deno.test("agreement() refuses another vocabulary", async () => {
  const draft = await loadModel("draft");
  assertThrows(() => agreement({ model }, { model: draft }, [[1, 2]]), TypeError, "same tokens");
});
