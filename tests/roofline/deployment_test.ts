import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { type Deployment, footprint, largestBatch, weightBytes } from "@fewer-bytes/roofline";
import { cacheBytes } from "@fewer-bytes/transformer";

const h100 = findHardware("nvidia-h100-sxm");
const llama8: Deployment = { model: findModel("llama-3.1-8b"), hardware: h100 };
const llama70: Deployment = { model: findModel("llama-3.1-70b"), hardware: h100, devices: 4 };

Deno.test("footprint() keeps weights, cache and activations apart", () => {
  const parts = footprint(llama8, { promptTokens: 1000, outputTokens: 24, batch: 3 });
  assertEquals(parts.weights, 2 * 8_030_261_248);
  assertEquals(parts.cache, 3 * 1024 * 131_072);
  assertEquals(parts.total, parts.weights + parts.cache + parts.activations);
  assertEquals(parts.capacity, 0.9 * 80e9);
  // Of 3 x 1000 tokens in 2 bytes: the hidden state, and gate, up and their product
  assertEquals(parts.activations, 3000 * 2 * (4096 + 3 * 14336));
  assert(parts.fits);
});

Deno.test("footprint() on a group of devices divides weights and cache", () => {
  const request = { promptTokens: 1000, outputTokens: 24 };
  assertAlmostEquals(footprint(llama70, request).weights * 4, weightBytes(llama70.model), 1);
  assertEquals(footprint(llama70, request).cache * 4, cacheBytes(llama70.model, 1024));
  assert(footprint(llama70, request).fits);
  assert(!footprint({ ...llama70, devices: 1 }, request).fits, "141 GB do not fit 80 GB");
});

Deno.test("largestBatch() is the last batch that fits", () => {
  const sizes = fc.integer({ min: 1, max: 20_000 });
  fc.assert(
    fc.property(sizes, sizes, (promptTokens, outputTokens) => {
      const batch = largestBatch(llama8, { promptTokens, outputTokens });
      assert(batch >= 1);
      assert(footprint(llama8, { promptTokens, outputTokens, batch }).fits);
      assert(!footprint(llama8, { promptTokens, outputTokens, batch: batch + 1 }).fits);
    }),
    { numRuns: 30 },
  );
  assertEquals(largestBatch({ ...llama70, devices: 1 }, { promptTokens: 1, outputTokens: 1 }), 0);
});
