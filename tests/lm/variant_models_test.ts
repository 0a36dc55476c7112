import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import {
  attentionVariants,
  denseCache,
  expectedWork,
  forward,
  generate,
  type LanguageModel,
  loadVariant,
  manifests,
  score,
  variantCacheBytes,
  WorkLog,
  writeStory,
} from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import {
  cacheBytes,
  type Formats,
  type Operator,
  operators,
  parameters,
  type Step,
} from "@fewer-bytes/transformer";
// Made by data/lm/train_variants.py: PyTorch, in 32 bits, from the same 16-bit weights.
import golden from "../../data/lm/variants/golden.json" with { type: "json" };

const formats: Formats = { weights: "fp32", cache: "fp32", activations: "fp32" };
const logitsOf = (model: LanguageModel, tokens: ArrayLike<number>) =>
  forward(model, [{ tokens, cache: denseCache(model) }])[0]!;

/** Runs a step, and gives what it did beside a table: all of it that the runtime counts. */
function run(model: LanguageModel, { batch, newTokens, context, phase }: Step): WorkLog {
  const sequences = Array.from(
    { length: batch },
    () => ({ tokens: new Array(newTokens).fill(5), cache: denseCache(model) }),
  );
  if (context > 0) {
    forward(
      model,
      sequences.map(({ cache }) => ({ tokens: new Array(context).fill(3), cache })),
    );
  }
  const log = new WorkLog();
  forward(model, sequences, { trace: log.trace, logits: phase === "decode" ? "all" : "last" });
  return log;
}

/** The rows that the runtime counts; what is done to each value by itself is not among them. */
function counted(table: readonly Operator[]): string[] {
  const others = ["norms", "final norm", "activation function"];
  return [...new Set(table.map(({ name }) => name))].filter((name) => !others.includes(name));
}

Deno.test("there are weights for every variant, and logits by PyTorch", () => {
  const names = attentionVariants.map(({ name }) => name);
  assertEquals(Object.keys(golden.logits), names);
});

for (const variant of attentionVariants) {
  const { name } = variant;
  const expected = (golden.logits as Record<string, number[]>)[name]!;

  Deno.test(`the variant ${name} gives PyTorch's logits within 1e-4, with all tokens at once and one by one`, async () => {
    const model = await loadVariant(name);
    const cache = denseCache(model);
    const single = golden.tokens.map((token) => forward(model, [{ tokens: [token], cache }])[0]!);
    for (const logits of [logitsOf(model, golden.tokens), single.at(-1)!]) {
      assertEquals(logits.length, expected.length);
      expected.forEach((value, i) => assertAlmostEquals(logits[i]!, value, 1e-4));
    }
  });

  Deno.test(`the variant ${name} does and moves in a decode step what the operator table says, to the byte`, async () => {
    const model = await loadVariant(name);
    for (const [batch, context] of [[1, 17], [3, 100]] as const) {
      const step: Step = { phase: "decode", batch, newTokens: 1, context };
      const log = run(model, step);
      const table = operators(model.shape, step, { formats });
      for (const row of counted(table)) assertEquals(log.of(row), expectedWork(table, row), row);
      const total = counted(table).map((row) => expectedWork(table, row).flops);
      assertEquals(log.total().flops, total.reduce((a, b) => a + b), "and nothing besides");
    }
  });

  Deno.test(`the variant ${name} computes a prompt like a decode step of as many tokens; its cache is read token by token`, async () => {
    // With heads that is the table's own prefill, but for the head. With latents the table expands them for a prompt,
    // and this runtime absorbs: it never forms keys and values.
    const model = await loadVariant(name);
    const step: Step = { phase: "decode", batch: 1, newTokens: 90, context: 0 };
    const log = run(model, step);
    const table = operators(model.shape, step, { formats });
    for (const row of counted(table)) {
      const { cache, ...says } = expectedWork(table, row);
      const { cache: moved, ...did } = log.of(row)!;
      assertEquals(did, says, row);
      if (row !== "attention") assertEquals(moved, cache);
    }
    // Each token reads all that it sees, and writes itself once.
    const reads = variant.windows.map((window) => {
      const seen = (position: number) => Math.min(position + 1, window ?? Infinity);
      return Array.from({ length: 90 }, (_, position) => seen(position) + 1);
    });
    const tokens = reads.flat().reduce((a, b) => a + b);
    assertEquals(log.of("attention")!.cache, 4 * variant.cachedValues * tokens);
  });

  Deno.test(`the variant ${name} caches as many bytes as its manifest says`, async () => {
    const model = await loadVariant(name);
    for (const tokens of [1, 63, 64, 65, 150]) {
      const cache = denseCache(model);
      forward(model, [{ tokens: new Array(tokens).fill(7), cache }]);
      assertEquals(cache.bytes, variantCacheBytes(variant, tokens, 4));
      assertEquals(cache.bytes, cacheBytes(model.shape, tokens, { storage: "fp32" }));
    }
  });

  Deno.test(`the variant ${name} has as many parameters as its manifest says`, async () => {
    assertEquals(parameters((await loadVariant(name)).shape).total, variant.parameters);
  });
}

Deno.test("a token beyond the reach of its windows changes nothing; where one layer sees everything it does", async () => {
  // Three layers hand on 3 * 63 tokens: the last of 200 is reached from the 11th on.
  const [first, ...others] = golden.tokens;
  const changed = [first! + 1, ...others];
  const moved = async (name: string) => {
    const model = await loadVariant(name);
    const after = logitsOf(model, changed);
    return logitsOf(model, golden.tokens).some((logit, i) => Math.abs(logit - after[i]!) > 1e-6);
  };
  assertEquals(await moved("sliding window"), false);
  assertEquals(await moved("local and global"), true);
});

Deno.test("variants run with score() and generate() like any model", async () => {
  for (const { name } of attentionVariants) {
    const model = await loadVariant(name);
    const { loss, floor } = score(model, [writeStory(3, 128)]);
    assert(Number.isFinite(loss) && loss > 0 && floor > 0, name);
    const write = () => [...generate(model, [0, 26, 49], 5, seeded(1))];
    assertEquals(write(), write());
  }
});

Deno.test("loadVariant() passes each matrix through the transform, and refuses a name it does not know", async () => {
  const met: string[] = [];
  await loadVariant("MLA", ({ name, data }) => {
    met.push(name);
    return data;
  });
  assertEquals(met.length, 1 + 3 * 10);
  await assertRejects(() => loadVariant("ALiBi"), RangeError, "current value is ALiBi");
});

Deno.test("variants lose and recall here what their manifest says, as far as one story can tell", async () => {
  const story = writeStory(3, 1024);
  for (const { name, loss, recall } of attentionVariants) {
    const scored = score(await loadVariant(name), [story]);
    assertAlmostEquals(scored.loss - scored.floor, loss - manifests.target.floor, 0.15, name);
    let count = 0, right = 0, expected = 0;
    for (const bucket of scored.recall) {
      count += bucket.count;
      right += bucket.count * bucket.right;
      expected += bucket.count * recall[bucket.upTo]![1]!;
    }
    assertAlmostEquals(right / count, expected / count, 0.25, name);
  }
});
