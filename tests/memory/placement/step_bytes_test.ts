import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { stepBytes } from "@fewer-bytes/memory";
import { cacheBytes, parameters } from "@fewer-bytes/transformer";

const model = findModel("llama-3.1-8b");
const hardware = findHardware("nvidia-h100-sxm");

Deno.test("stepBytes() holds all weights and reads all but the embedding", () => {
  const { weights, cache } = stepBytes({ model, hardware }, {
    promptTokens: 900,
    outputTokens: 101,
    batch: 4,
  });
  assertEquals(weights.footprint, 2 * parameters(model).total);
  const unread = weights.footprint - weights.traffic;
  assertAlmostEquals(unread, 2 * (model.vocabularySize - 4) * model.hiddenSize, 1e3);
  assertEquals(cache.footprint, 4 * cacheBytes(model, 1001));
  assertAlmostEquals(cache.traffic / (4 * cacheBytes(model, 951)), 1, 0.002);
});

Deno.test("stepBytes() of a group are those of one device", () => {
  const request = { promptTokens: 900, outputTokens: 101, batch: 4 };
  const [one, four] = [1, 4].map((devices) => stepBytes({ model, hardware, devices }, request));
  assertAlmostEquals(one!.cache.footprint / four!.cache.footprint, 4, 1e-9);
  assertAlmostEquals(one!.weights.traffic / four!.weights.traffic, 4, 0.01);
  assert(four!.operators.some(({ transfer }) => transfer > 0));
});
