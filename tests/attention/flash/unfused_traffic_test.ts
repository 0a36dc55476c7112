import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { operators, sumOperators } from "@fewer-bytes/transformer";
import { standardAttention, unfusedTraffic } from "@fewer-bytes/attention";
import { randomInputs } from "./random_inputs.ts";

const decode = (context: number) => ({ phase: "decode", batch: 1, newTokens: 1, context } as const);
const prefill = (
  newTokens: number,
) => ({ phase: "prefill", batch: 1, newTokens, context: 0 } as const);
const cacheOf = (name: string, context: number) =>
  sumOperators(operators(findModel(name), decode(context))).bytes.cache;

Deno.test("unfusedTraffic() is what the simulated standard attention moves for scores and weights", () => {
  const n = 24;
  const { memory } = standardAttention(
    randomInputs({ queries: n, keys: n, width: 8, valueWidth: 8 }),
  );
  const counted = memory.arrays.filter(({ name }) => name === "scores" || name === "weights")
    .reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0) / 4;
  const model = findModel("llama-2-7b");
  assertEquals(unfusedTraffic(model, prefill(n)).scores, 32 * 32 * 2 * counted);
});

Deno.test("in decode stored scores are 2/d of the cache for each query head that shares it", () => {
  for (
    const [name, sharing] of [["llama-2-7b", 1], ["llama-3.1-8b", 4], ["llama-3.1-70b", 8]] as const
  ) {
    const added = unfusedTraffic(findModel(name), decode(100_000)).scores / cacheOf(name, 100_000);
    assertAlmostEquals(added, sharing * 2 / 128, 1e-4);
  }
});

Deno.test("in decode of latent attention stored scores would be most of a cache: 128 heads share 576 values", () => {
  const added = unfusedTraffic(findModel("deepseek-v3"), decode(100_000)).scores /
    cacheOf("deepseek-v3", 100_000);
  assertAlmostEquals(added, 4 * 128 / 576, 1e-3);
});

Deno.test("in prefill stored scores grow with the square, and soon outweigh all else", () => {
  const model = findModel("llama-3.1-8b");
  const [short, long] = [8192, 16384].map((n) => unfusedTraffic(model, prefill(n)));
  assertEquals(long!.scores / short!.scores, 4);
  const { bytes } = sumOperators(operators(model, prefill(8192)));
  assert(short!.scores > 3 * (bytes.weights + bytes.cache + bytes.activations));
  assertEquals(long!.footprint, 32 * 16384 ** 2 * 2);
});

Deno.test("unfusedTraffic() refuses a step of nothing", () => {
  assertThrows(
    () => unfusedTraffic(findModel("gpt2"), { ...decode(5), batch: 0 }),
    RangeError,
    "batch",
  );
});
