import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { cacheBytesPerToken } from "@fewer-bytes/transformer";
import { cacheBuffers, pagedWaste, tokensPerPage } from "@fewer-bytes/paging";

const [small, large] = [64 * 1024, 2 ** 21];

Deno.test("tokensPerPage() is the page over the bytes of a token's keys in one layer, on one device", () => {
  // Heads times dimension times 2 bytes: 8 x 128, 8 x 128 on two devices, 40 x 128, 8 x 128.
  const expected = [["llama-3.1-8b", 1, 32, 1024], ["llama-3.1-8b", 2, 64, 2048], [
    "opt-13b",
    1,
    6.4,
    204.8,
  ], ["yi-34b", 1, 32, 1024]] as const;
  for (const [name, devices, of64k, of2m] of expected) {
    const tokens = [small, large].map((page) => tokensPerPage(findModel(name), page, { devices }));
    assertEquals(tokens, [of64k, of2m]);
  }
});

Deno.test("buffers and their rows add up to the cache of a token", () => {
  for (const name of ["llama-3.1-8b", "opt-13b", "deepseek-v2-lite", "qwen3-8b"]) {
    for (const storage of ["bf16", "fp8"] as const) {
      const { buffers, rowBytes } = cacheBuffers(findModel(name), { storage });
      assertEquals(buffers * rowBytes, cacheBytesPerToken(findModel(name), { storage }));
    }
  }
  assertEquals(cacheBuffers(findModel("deepseek-v2-lite")).buffers, 27);
});

Deno.test("pages of 2 MiB waste most of short sequences, small pages little more than blocks", () => {
  const model = findModel("llama-3.1-8b");
  assertAlmostEquals(pagedWaste(500, tokensPerPage(model, large)), 0.506, 1e-3);
  assertAlmostEquals(pagedWaste(500, tokensPerPage(model, small)), 0.030, 1e-3);
  assertAlmostEquals(pagedWaste(30_000, tokensPerPage(model, large)), 0.0168, 1e-4);
});

Deno.test("tokensPerPage() refuses sizes that are none, and models whose layers differ in what they keep", () => {
  const model = findModel("llama-3.1-8b");
  assertThrows(() => tokensPerPage(model, 0), RangeError, "pageBytes");
  assertThrows(() => tokensPerPage(model, NaN), RangeError, "pageBytes");
  const mixed = { ...model, layers: [...model.layers, ...findModel("llama-2-7b").layers] };
  assertThrows(() => tokensPerPage(mixed, large), RangeError, "keep equally much");
});
