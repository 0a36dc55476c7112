import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findModel, modelNames } from "@fewer-bytes/catalog";
import {
  cacheBytes,
  cacheBytesPerToken,
  cacheBytesPerTokenFormula,
} from "@fewer-bytes/transformer";

const kv = (name: string) => cacheBytesPerToken(findModel(name));

Deno.test("cacheBytesPerToken() gives the published figures", () => {
  assertEquals(kv("deepseek-v3"), 70_272); // DeepSeek-V3 report and "Insights into DeepSeek-V3", table 1: 70.272 KB
  assertEquals(kv("llama-3.1-405b"), 516_096); // the same table: 516.096 KB
  assertEquals(kv("qwen2.5-72b"), 327_680); // the same table: 327.680 KB
  assertEquals(kv("opt-13b"), 800 * 1024); // PagedAttention paper, section 3: 800 KB a token
  assertEquals(kv("gpt-3-175b"), 2 * 2 * 96 * 12288); // two vectors of the hidden size for each of 96 layers
});

Deno.test("cacheBytes() of Llama-2-70B at 2,048 tokens is 640 MiB", () => {
  assertEquals(cacheBytes(findModel("llama-2-70b"), 2048), 640 * 2 ** 20);
});

Deno.test("cacheBytes() stops growing where windows are full", () => {
  const windowed = findModel("mistral-7b-v0.1");
  assertEquals(cacheBytes(windowed, 4096), cacheBytes(windowed, 100_000));
  const mixed = findModel("gpt-oss-20b"); // 12 of 24 layers see 128 tokens, 8 key-value heads of 64
  const layer = 2 * 8 * 64 * 2;
  assertEquals(cacheBytes(mixed, 10_000), 12 * layer * 128 + 12 * layer * 10_000);
});

Deno.test("cacheBytes() is linear in the context for every model without windows", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...modelNames),
      fc.integer({ min: 1, max: 1e6 }),
      (name, context) => {
        const model = findModel(name);
        const windows = model.layers.some(({ attention }) =>
          attention.kind === "heads" && attention.window !== undefined
        );
        if (!windows) assertEquals(cacheBytes(model, context), context * cacheBytesPerToken(model));
      },
    ),
  );
});

Deno.test("cacheBytes() replicates key-value heads when devices exceed them, and a latent always", () => {
  const llama = findModel("llama-3.1-70b"); // 64 query heads, 8 key-value heads
  const on = (devices: number) => cacheBytesPerToken(llama, { devices });
  assertEquals([on(1), on(2), on(8), on(16), on(64)], [327_680, 163_840, 40_960, 40_960, 40_960]);
  assertEquals(cacheBytesPerToken(findModel("deepseek-v3"), { devices: 8 }), 70_272);
  assertThrows(() => on(3), RangeError, "64 query heads must divide evenly");
});

Deno.test("cacheBytes() counts the scales of a quantized cache", () => {
  const storage = { format: "int4", groupSize: 32, scaleBits: 16, zeroPointBits: 16 } as const; // 5 bits in all
  assertEquals(cacheBytesPerToken(findModel("qwen3-8b"), { storage }), 147_456 * 5 / 16);
});

Deno.test("cacheBytes() of layers that share a cache counts it once", () => {
  const model = findModel("llama-3.1-8b");
  const [group] = model.layers;
  if (!group || group.attention.kind !== "heads") throw new Error("expected one group of heads");
  const half = { ...group, count: 16 };
  const crossLayer = {
    ...model,
    layers: [half, { ...half, attention: { ...group.attention, sharesCache: true as const } }],
  };
  assertEquals(cacheBytesPerToken(crossLayer), cacheBytesPerToken(model) / 2);
});

Deno.test("cacheBytes() refuses what is no context", () => {
  for (const context of [-1, NaN, Infinity]) {
    assertThrows(() => cacheBytes(findModel("qwen3-8b"), context), RangeError, "context");
  }
  assertThrows(() => cacheBytes(findModel("qwen3-8b"), "9" as unknown as number), TypeError);
});

Deno.test("cacheBytesPerToken() computes the printed formula for every model of equal layers with heads", () => {
  for (const name of modelNames) {
    const [group, ...others] = findModel(name).layers;
    if (others.length > 0 || group?.attention.kind !== "heads") continue;
    const { keyValueHeads, headDimension } = group.attention;
    const values = { layers: group.count, heads: keyValueHeads, dimension: headDimension, size: 2 };
    assertEquals(kv(name), cacheBytesPerTokenFormula.evaluate(values), name);
  }
});
