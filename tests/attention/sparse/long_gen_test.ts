import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  drawPattern,
  everything,
  hybridCacheSaving,
  hybridGain,
  keptForSaving,
  longGenPattern,
  unionOf,
} from "@fewer-bytes/attention";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import fc from "fast-check";

Deno.test("heads with all offsets together see everything", () => {
  const union = unionOf(
    ...[0, 1, 2, 3].map((offset) => longGenPattern({ window: 1, stride: 4, offset })),
  );
  assertEquals(
    drawPattern(union, 12, { causal: true }),
    drawPattern(everything, 12, { causal: true }),
  );
});

Deno.test("without a stride a layer sees its window and its sinks", () => {
  assertEquals(
    drawPattern(longGenPattern({ window: 2, sinks: 2 }), 6, { causal: true })[5],
    "110011",
  );
});

Deno.test("keptForSaving() undoes hybridCacheSaving(), which never saves more than the sparse layers' share", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 131_072 }), (kept) => {
    const saving = hybridCacheSaving(2 / 3, kept, 131_072);
    assert(saving < 2 / 3);
    assertAlmostEquals(keptForSaving(saving, 2 / 3, 131_072), kept, 1e-6);
  }));
  assertEquals(hybridCacheSaving(0.5, 1000, 100), 0);
  assert(keptForSaving(0.7, 2 / 3, 131_072) < 0);
});

Deno.test("hybridGain() of layers that keep everything is none", () => {
  const gain = hybridGain(
    findModel("llama-2-7b"),
    findHardware("nvidia-a100-sxm-80gb"),
    4096,
    4097,
  );
  assertAlmostEquals(gain.cache, 0);
  assertAlmostEquals(gain.prefill, 1, 1e-9);
  assertAlmostEquals(gain.decode, 1, 1e-9);
});

Deno.test("LongGen's setting by hand: Llama 2 7B at 128K, with 22 of 32 layers sparse", () => {
  const [context, kept] = [131_072, 9175];
  const gain = hybridGain(
    findModel("llama-2-7b"),
    findHardware("nvidia-a100-sxm-80gb"),
    context,
    kept,
  );
  assertAlmostEquals(gain.cache, 22 / 32 * (1 - kept / context), 1e-9);
  // Bytes of decode: weights without the embedding table, and half a MiB of cache a token.
  const weights = 2 * (6.738e9 - 32_000 * 4096);
  const cache = 524_288 * context;
  assertAlmostEquals(gain.decode, (weights + cache) / (weights + cache * (1 - gain.cache)), 0.02);
  // Operations of prefill: two for each weight and token; 4 · 4096 for each pair and layer.
  const linear = 2 * (6.738e9 - 2 * 32_000 * 4096) * context;
  const dense = 32 * 4 * 4096 * context * context / 2;
  const sparse = dense * (10 / 32) + 22 * 4 * 4096 * (kept * context - kept * kept / 2);
  assertAlmostEquals(gain.prefill, (linear + dense) / (linear + sparse), 0.02);
});

Deno.test("settings that are none are refused", () => {
  assertThrows(() => longGenPattern({ window: 0 }), RangeError, "the window");
  assertThrows(() => hybridCacheSaving(1.5, 1, 10), RangeError, "the share of full layers");
  assertThrows(() => keptForSaving(0.5, 0.5, 0), RangeError, "the context");
});
