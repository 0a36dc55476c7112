import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { cacheBytesPerToken } from "@fewer-bytes/transformer";
import { cacheForms } from "@fewer-bytes/offload";

Deno.test("cacheForms() breaks even at two query heads to each head of keys and values", () => {
  const model = findModel("opt-13b");
  const group = (heads: number) => {
    const layers = model.layers.map((layer) => {
      assert(layer.attention.kind === "heads");
      return { ...layer, attention: { ...layer.attention, keyValueHeads: 40 / heads } };
    });
    return cacheForms({ ...model, layers });
  };
  for (const heads of [1, 2, 4, 8, 40]) {
    assertEquals([group(heads).ratio, group(heads).group], [heads / 2, heads]);
  }
});

Deno.test("cacheForms() of keys and values are the cache of lib/transformer", () => {
  for (const name of ["opt-30b", "llama-3.1-8b", "mistral-7b-v0.3"]) {
    const model = findModel(name);
    const layers = model.layers.reduce((sum, { count }) => sum + count, 0);
    assertAlmostEquals(layers * cacheForms(model).keysAndValues, cacheBytesPerToken(model), 1e-6);
  }
});

Deno.test("cacheForms() refuses latents", () => {
  assertThrows(() => cacheForms(findModel("deepseek-v3")), RangeError, "it has a latent");
});
