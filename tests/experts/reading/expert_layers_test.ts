import { assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { expertLayers } from "@fewer-bytes/experts";

Deno.test("expertLayers() passes over the dense layers that DeepSeek-V3 begins with", () => {
  const [layers, ...others] = expertLayers(findModel("deepseek-v3"));
  assertEquals([layers!.count, layers!.network.experts, others.length], [58, 256, 0]);
  assertEquals(expertLayers(findModel("gpt-oss-20b")).map(({ count }) => count), [12, 12]);
});

Deno.test("expertLayers() refuses a dense model", () => {
  assertThrows(() => expertLayers(findModel("qwen3-8b")), RangeError, "it must have some");
});
