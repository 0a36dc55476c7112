import { assert, assertEquals, assertThrows } from "@std/assert";
import { affineFormat, xquant, XQuantCache } from "@fewer-bytes/cache";
import { findModel } from "@fewer-bytes/catalog";
import { denseCache, forward, multiplyRows, outlierTwin } from "@fewer-bytes/lm";
import { cacheBytes } from "@fewer-bytes/transformer";
import { gap, logitsOf, model, someTokens } from "./runs.ts";

Deno.test("XQuantCache is a model whose keys and values read rounded inputs", () => {
  // The same by another way: round what enters those two matrices, and leave the cache alone. All stay in step, as the
  // newest token sees its own rounded input too.
  const tokens = someTokens(14);
  const format = affineFormat(3, 8);
  const rounded = (name: string) => /[kv]_proj/.test(name);
  const cache = new XQuantCache(model, { bits: 3, groupSize: 8 });
  const measured = logitsOf(cache, tokens);
  const expected = logitsOfRounded(tokens, (x, name) => rounded(name) ? format.roundTrip(x) : x);
  assert(gap(measured, expected) < 1e-3, `${gap(measured, expected)}`);
  assert(gap(measured, logitsOf(denseCache(model), tokens)) > 0.05);
});

function logitsOfRounded(
  tokens: number[],
  round: (x: Float32Array, name: string) => Float32Array,
): Float32Array {
  return forward(model, [{ tokens, cache: denseCache(model) }], {
    logits: "all",
    multiply: (x, rows, weight, y) => multiplyRows(round(x, weight.name), rows, weight, y),
  })[0]!;
}

Deno.test("xquant() gives the bytes that XQuantCache takes", () => {
  const cache = new XQuantCache(model, { bits: 4, groupSize: 8, window: 3 });
  const method = xquant(4, { groupSize: 8, window: 3 });
  for (const [index, token] of someTokens(8).entries()) {
    logitsOf(cache, [token]);
    assertEquals(cache.bytes, cacheBytes(model.shape, index + 1, { storage: "fp32", method }));
  }
});

Deno.test("xquant() halves a cache where each head has its own keys, and doubles it with four to a group", () => {
  const ratio = (name: string) => {
    const shape = findModel(name);
    const bytes = cacheBytes(shape, 1000, { method: { name: "X", kept: xquant(4).kept! } });
    return bytes / cacheBytes(shape, 1000);
  };
  assertEquals([ratio("llama-2-7b"), ratio("llama-3.1-8b")], [0.5, 2]);
});

Deno.test("xquant() counts two projections of each token for a rebuild", () => {
  const shape = findModel("llama-2-7b");
  const { rebuild } = xquant(4).kept!(shape.layers[0]!.attention, shape);
  assertEquals(rebuild, 2 * (2 * 4096 * 4096)); // a multiplication and an addition for each weight of both matrices
});

Deno.test("XQuantCache works with channels that are blown up", () => {
  const twin = outlierTwin(model, { channels: 2, factor: 64 });
  const tokens = someTokens(10);
  const [plain, loud] = [model, twin].map((each) =>
    gap(
      logitsOf(new XQuantCache(each, { bits: 4, groupSize: 24 }), tokens, each),
      logitsOf(denseCache(each), tokens, each),
    )
  );
  assert(loud! > plain!); // outliers of the input spoil their group, as they do for activations
});

Deno.test("XQuantCache and xquant() refuse groups, bits and models that cannot be", () => {
  assertThrows(() => new XQuantCache(model), RangeError, "blocks of 64 must fill a row");
  assertThrows(() => new XQuantCache(model, { bits: 9, groupSize: 8 }), RangeError, "at most 8");
  assertThrows(() => xquant(4, { window: -1 }), RangeError, "the window");
  const latent = findModel("deepseek-v3");
  assertThrows(
    () => xquant(4).kept!(latent.layers[0]!.attention, latent),
    RangeError,
    "current kind is latent",
  );
});
