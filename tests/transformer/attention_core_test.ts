import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findModel, type Model } from "@fewer-bytes/catalog";
import {
  cacheBytesPerToken,
  type Operator,
  operators,
  type Reads,
  type Step,
  sumOperators,
} from "@fewer-bytes/transformer";
import fc from "fast-check";

const decode = (context: number, batch = 1): Step => ({
  phase: "decode",
  batch,
  newTokens: 1,
  context,
});
const row = (table: readonly Operator[], name: string) => {
  const [found, ...others] = table.filter((each) => each.name === name);
  assert(found && others.length === 0, `one row ${name}`);
  return found;
};
const newest = (count: number): Reads => ({
  name: "the newest",
  attended: (visible) => Math.min(visible, count),
});

Deno.test("layers that share a cache halve what is kept, and not what is read", () => {
  const model = findModel("llama-3.1-8b");
  const [group] = model.layers;
  const half = { ...group!, count: 16 };
  assert(group!.attention.kind === "heads");
  const shared: Model = {
    ...model,
    layers: [half, { ...half, attention: { ...group!.attention, sharesCache: true } }],
  };
  assertEquals(cacheBytesPerToken(shared), cacheBytesPerToken(model) / 2);
  const [plain, cla] = [model, shared].map((each) =>
    sumOperators(operators(each, decode(1000))).bytes.cache
  );
  // 1,001 tokens are read in all 32 layers, the new one is written in 32 or in 16.
  assertEquals(cla! / plain!, (1001 * 32 + 16) / (1001 * 32 + 32));
});

Deno.test("reads of the newest tokens cost what a window of them costs, in decode", () => {
  const model = findModel("qwen3-8b");
  const windowed: Model = {
    ...model,
    layers: model.layers.map((layer) => {
      assert(layer.attention.kind === "heads");
      return { ...layer, attention: { ...layer.attention, window: 500 } };
    }),
  };
  for (const context of [0, 100, 499, 500, 501, 30_000]) {
    assertEquals(
      row(operators(model, decode(context), { reads: newest(500) }), "attention"),
      row(operators(windowed, decode(context)), "attention"),
    );
  }
});

Deno.test("pairs under reads are those of a walk over all queries, in prefill too", () => {
  const model = findModel("qwen3-8b");
  const numbers = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(numbers, numbers, numbers, (newTokens, context, count) => {
      const step: Step = { phase: "prefill", batch: 2, newTokens, context };
      let pairs = 0;
      for (let query = context; query < context + newTokens; query++) {
        for (let key = 0; key <= query; key++) if (query - key < count) pairs++;
      }
      const { flops } = row(operators(model, step, { reads: newest(count) }), "attention");
      assertEquals(flops, 36 * 2 * 32 * 256 * 2 * pairs);
    }),
    { numRuns: 30 },
  );
});

Deno.test("query heads that choose for themselves read together what the method says, and never more than all", () => {
  const model = findModel("qwen3-8b"); // four query heads share a key-value head
  const reads: Reads = { ...newest(100), together: (_, sharers) => 100 * sharers };
  const perToken = cacheBytesPerToken(model);
  const cache = (context: number) =>
    row(operators(model, decode(context), { reads }), "attention").bytes.cache;
  assertEquals(cache(10_000), (400 + 1) * perToken); // the new token is written besides
  assertEquals(cache(200), (201 + 1) * perToken);
});

Deno.test("a choice is an operator of its own, with what it reads and what it writes for later ones", () => {
  const model = findModel("deepseek-v3");
  const reads: Reads = {
    ...newest(2048),
    choice: (visible) => ({ flops: 10 * visible, bytes: 128 * visible }),
    index: () => 128,
  };
  const table = operators(model, decode(100_000, 3), { reads });
  const choices = table.filter(({ name }) => name === "choice of tokens");
  assertEquals(choices.reduce((sum, { layers }) => sum + layers, 0), 61);
  const { flops, bytes } = sumOperators(choices);
  assertEquals([flops, bytes.cache], [61 * 3 * 10 * 100_001, 61 * 3 * 128 * (100_001 + 1)]);
});

Deno.test("a budget limits what later steps see, and a prompt still sees itself", () => {
  const model = findModel("qwen3-8b");
  const cache = { name: "budget", budget: 512 };
  const perToken = cacheBytesPerToken(model);
  assertEquals(
    row(operators(model, decode(9000), { cache }), "attention").bytes.cache,
    513 * perToken,
  );
  const prompt: Step = { phase: "prefill", batch: 1, newTokens: 1000, context: 0 };
  assertEquals(
    row(operators(model, prompt, { cache }), "attention").flops,
    row(operators(model, prompt), "attention").flops,
  );
});

Deno.test("keys and values that are made again cost arithmetic for each token that is read", () => {
  const model = findModel("qwen3-8b");
  const cache = { name: "inputs", kept: () => ({ values: 4096, rebuild: 7 }) };
  const table = operators(model, decode(999), { cache });
  assertEquals(row(table, "keys and values again").flops, 36 * 7 * 1000);
  assertEquals(row(table, "attention").bytes.cache, 36 * 4096 * 2 * (1000 + 1));
});

Deno.test("a cache in fewer bits changes traffic of the cache alone", () => {
  const model = findModel("llama-3.1-8b");
  const cache = { name: "four bits", storage: "int4" as const };
  const [plain, four] = [undefined, cache].map((cache) =>
    sumOperators(operators(model, decode(5000), { cache }))
  );
  assertAlmostEquals(four!.bytes.cache / plain!.bytes.cache, 1 / 4);
  assertEquals(
    { ...four!, bytes: { ...four!.bytes, cache: 0 } },
    { ...plain!, bytes: { ...plain!.bytes, cache: 0 } },
  );
});
