import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { denseCache, forward, type LanguageModel } from "@fewer-bytes/lm";
import { foldNorms } from "@fewer-bytes/quantization";
import { tinyModel } from "../../lm/runtime/tiny.ts";
import { tinyLatentModel } from "../../lm/runtime/tiny_latent.ts";

const run = (model: LanguageModel) =>
  forward(model, [{ tokens: [3, 1, 4, 1, 5], cache: denseCache(model) }], { logits: "all" })[0]!;

Deno.test("foldNorms() leaves the logits, and gains of 1", () => {
  const model = tinyModel();
  const folded = foldNorms(model);
  const expected = run(model);
  run(folded).forEach((logit, i) => assertAlmostEquals(logit, expected[i]!, 1e-4));
  for (const { attentionNorm, feedForwardNorm } of folded.layers) {
    assert([...attentionNorm, ...feedForwardNorm].every((gain) => gain === 1));
  }
  assert(folded.norm.every((gain) => gain === 1));
  assert(model.norm.some((gain) => gain !== 1)); // the model given is left as it was
});

Deno.test("foldNorms() separates a head from the embedding that it was tied to", () => {
  const model = tinyModel();
  assertEquals(model.head, model.embedding);
  const { head, embedding } = foldNorms(model);
  assertEquals(embedding, model.embedding);
  assertEquals(head.name, "lm_head.weight");
  assertAlmostEquals(head.data[30]!, model.embedding.data[30]! * model.norm[30 % 24]!, 1e-7);
});

Deno.test("foldNorms() refuses a model whose keys and values read a latent", () => {
  assertThrows(() => foldNorms(tinyLatentModel()), TypeError, "Cannot fold norms");
});
