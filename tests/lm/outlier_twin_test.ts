import { assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { denseCache, forward, type LanguageModel, outlierTwin } from "@fewer-bytes/lm";
import { tinyModel } from "./runtime/tiny.ts";
import { tinyLatentModel } from "./runtime/tiny_latent.ts";

const run = (model: LanguageModel) =>
  forward(model, [{ tokens: [3, 1, 4, 1, 5], cache: denseCache(model) }], { logits: "all" })[0]!;

Deno.test("outlierTwin() computes the same logits, to the last digit when the factor is a power of two", () => {
  const model = tinyModel();
  assertEquals(run(outlierTwin(model)), run(model));
  const other = run(outlierTwin(model, { factor: 50 }));
  run(model).forEach((logit, index) => assertAlmostEquals(other[index]!, logit, 1e-4));
});

Deno.test("outlierTwin() has activations after its norms that are the factor larger in the chosen channels", () => {
  const model = tinyModel();
  const twin = outlierTwin(model, { channels: 2, factor: 64 });
  const ratios = Array.from(
    twin.layers[0]!.attentionNorm,
    (gain, channel) => gain / model.layers[0]!.attentionNorm[channel]!,
  );
  assertEquals(ratios.filter((ratio) => ratio === 64).length, 2);
  assertEquals(ratios.filter((ratio) => ratio === 1).length, 22);
  assertGreater(Math.max(...twin.layers[0]!.attentionNorm), 30);
});

Deno.test("outlierTwin() refuses a model whose keys and values read a latent", () => {
  assertThrows(() => outlierTwin(tinyLatentModel()), TypeError, "k_proj.weight reads a latent");
});

Deno.test("outlierTwin() refuses more channels than there are", () => {
  assertThrows(
    () => outlierTwin(tinyModel(), { channels: 25 }),
    RangeError,
    "channels must be <= 24",
  );
  assertThrows(() => outlierTwin(tinyModel(), { factor: 0 }), RangeError, "factor");
});
