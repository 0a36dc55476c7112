import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { xquantCrossLayer, XQuantCrossLayerCache } from "@fewer-bytes/cache";
import { bytesPerValue, findModel } from "@fewer-bytes/catalog";
import type { LanguageModel } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { cacheBytes } from "@fewer-bytes/transformer";
import { gap, hidden, logitsOf, model, someTokens, width } from "./runs.ts";

/** How far three layers are off, when their keys are the first channels of their input, and each input is given. */
function errorsOf(inputs: readonly Float32Array[]): number[] {
  const [layer] = model.layers;
  const eye = new Float32Array(width * hidden);
  for (let i = 0; i < width; i++) eye[i * hidden + i] = 1;
  const attentionNorm = new Float32Array(hidden).fill(2);
  const layers = inputs.map(() => ({
    ...layer!,
    attentionNorm,
    keys: { ...layer!.keys, data: eye },
  }));
  const three: LanguageModel = { ...model, layers };
  const cache = new XQuantCrossLayerCache(three, { bits: 4, groupSize: hidden });
  const row = new Float32Array(width);
  inputs.forEach((input, index) =>
    cache.append(index, { position: 0, keys: row, values: row, hidden: input })
  );
  return inputs.map((input, index) => gap(cache.read(index).keys, input.slice(0, width)));
}

Deno.test("a difference of few bits mends what the layer right below lost", () => {
  const random = seeded(1);
  const more = (input: Float32Array, size: number) =>
    input.map((value) => value + size * random.normal());
  const first = more(new Float32Array(hidden), 1);
  const second = more(first, 0.5);
  const third = more(second, 0.01);
  const [, before, after] = errorsOf([first, second, third]);
  assert(after! < before! / 3, `${before}, then ${after}`); // the step is that of the difference, not of the input
});

Deno.test("xquantCrossLayer() gives the bytes that XQuantCrossLayerCache takes", () => {
  for (const baseLayers of [1, 2, 3]) {
    const options = { groupSize: 8, window: 2, baseLayers, baseBits: 8 };
    const cache = new XQuantCrossLayerCache(model, { bits: 2, ...options });
    logitsOf(cache, someTokens(9));
    const method = xquantCrossLayer(2, model.shape, options);
    assertAlmostEquals(
      cache.bytes,
      cacheBytes(model.shape, 9, { storage: "fp32", method }),
      1e-9 * cache.bytes,
    );
  }
});

Deno.test("xquantCrossLayer() stores 3.25 bits a value in later layers, and their mean with the first", () => {
  const { storage } = xquantCrossLayer(3, findModel("llama-2-7b"), { baseLayers: 8 });
  assertEquals(8 * bytesPerValue(storage!), 3.25 + 8 / 32); // 8 of 32 layers have a bit more
});

Deno.test("reading a layer moves the estimate of the layer below, which is far larger than what is stored", () => {
  const cache = new XQuantCrossLayerCache(model, { bits: 2, groupSize: 8 });
  logitsOf(cache, someTokens(6));
  const first = cache.read(0).traffic!;
  assertEquals(first, 6 * hidden * (4 + 32 / 8) / 8);
  assertEquals(cache.read(1).traffic! - 6 * hidden * (2 + 32 / 8) / 8, 6 * 2 * 4 * hidden);
});

Deno.test("XQuantCrossLayerCache refuses a layer that comes before the one below", () => {
  const cache = new XQuantCrossLayerCache(model, { groupSize: 8 });
  const [row, input] = [new Float32Array(width), new Float32Array(hidden)];
  assertThrows(
    () => cache.append(1, { position: 0, keys: row, values: row, hidden: input }),
    RangeError,
    "the layer below must have the token first",
  );
});

Deno.test("a gain of zero does no harm", () => {
  const layers = model.layers.map((layer) => {
    const attentionNorm = layer.attentionNorm.slice();
    attentionNorm[3] = 0;
    return { ...layer, attentionNorm, keys: { ...layer.keys }, values: { ...layer.values } };
  });
  const silent = { ...model, layers };
  const logits = logitsOf(
    new XQuantCrossLayerCache(silent, { groupSize: 8 }),
    someTokens(5),
    silent,
  );
  assert(logits.every(Number.isFinite));
});

Deno.test("XQuantCrossLayerCache refuses base layers that the model does not have", () => {
  const make = (baseLayers: number) => () =>
    new XQuantCrossLayerCache(model, { groupSize: 8, baseLayers });
  assertThrows(make(0), RangeError, "the base layers");
  assertThrows(make(4), RangeError, "must be at most 3: current value is 4");
  assertThrows(() => xquantCrossLayer(2, model.shape, { baseLayers: 4 }), RangeError, "at most 3");
});
