import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { findModel, type Model, modelNames } from "@fewer-bytes/catalog";
import {
  arithmeticIntensity,
  type Operator,
  operators,
  parameters,
  ruleOfThumb,
  type Step,
  sumOperators,
} from "@fewer-bytes/transformer";

const decode = (context: number, batch = 1): Step => ({
  phase: "decode",
  batch,
  newTokens: 1,
  context,
});
const prefill = (newTokens: number, batch = 1, context = 0): Step => ({
  phase: "prefill",
  batch,
  newTokens,
  context,
});
const all = (rows: Operator[], name: string) => rows.filter((row) => row.name === name);
const sum = (rows: Operator[], name: string) => sumOperators(all(rows, name));

/** Counts multiply-adds and visited keys of per-head attention by walking over every pair of tokens. */
function walkAttention(model: Model, step: Step): { flops: number; cacheReads: number } {
  let multiplyAdds = 0, values = 0;
  for (const { count, attention } of model.layers) {
    if (attention.kind !== "heads") throw new Error("only heads");
    const seen = new Set<number>();
    for (let query = step.context; query < step.context + step.newTokens; query++) {
      for (let key = 0; key <= query; key++) {
        if (attention.window !== undefined && query - key >= attention.window) continue;
        multiplyAdds += count * attention.queryHeads * attention.headDimension * 2; // the score, then the weighted value
        seen.add(key);
      }
    }
    values += count * seen.size * 2 * attention.keyValueHeads * attention.headDimension;
  }
  return { flops: 2 * multiplyAdds * step.batch, cacheReads: values * step.batch };
}

Deno.test("operators() counts attention as a walk over every visible pair of tokens does", () => {
  const names = [
    "llama-3.2-1b",
    "gemma-3-1b",
    "mistral-7b-v0.1",
    "gpt-oss-20b",
    "falcon-7b",
    "gpt2",
  ];
  const size = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      size,
      fc.integer({ min: 0, max: 700 }),
      fc.integer({ min: 1, max: 3 }),
      (name, newTokens, context, batch) => {
        const model = findModel(name);
        const step: Step = { phase: "decode", batch, newTokens, context };
        const walked = walkAttention(model, step);
        const attention = sum(operators(model, step), "attention");
        assertEquals(attention.flops, walked.flops);
        const written = batch * newTokens *
          model.layers.reduce(
            (total, { count, attention }) =>
              attention.kind === "heads"
                ? total + count * 2 * attention.keyValueHeads * attention.headDimension
                : NaN,
            0,
          );
        assertEquals(attention.bytes.cache, 2 * (walked.cacheReads + written));
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("operators() of one token multiply each active parameter once, but for the embedding, norms and biases", () => {
  for (const name of modelNames) {
    const model = findModel(name);
    const { active, embedding, norms } = parameters(model);
    // A tied table is used as the head, so it is multiplied after all.
    const multiplied = active - norms - embedding +
      (model.tiedEmbeddings ? model.vocabularySize * model.hiddenSize : 0);
    const rows = operators(model, decode(0)).filter((row) =>
      row.name !== "attention" && row.precision !== "fp32"
    );
    const { flops } = sumOperators(rows);
    assertAlmostEquals(flops / 2, multiplied, 0.002 * multiplied, name); // biases, and norms inside the attention
    assertLess(flops / 2, multiplied + 1, name);
  }
});

Deno.test("operators() of one token read every active weight, and of the embedding one row", () => {
  for (const name of ["qwen3-8b", "mixtral-8x7b", "deepseek-v3", "gemma-2-9b"]) {
    const model = findModel(name);
    const { active, embedding } = parameters(model);
    const read = sumOperators(operators(model, decode(0))).bytes.weights / 2;
    const expected = model.tiedEmbeddings ? active : active - embedding;
    assertAlmostEquals(read, expected + model.hiddenSize, 2, name);
  }
});

Deno.test("operators() of Qwen3-8B at 38,000 tokens give 20.7 GB and 37.6 GFLOP, the rule of thumb 22.0 and 38.8", () => {
  const model = findModel("qwen3-8b");
  const { bytes, flops } = sumOperators(operators(model, decode(38_000)));
  // By hand: (8.19 - 0.622) B weights x 2 B + 38,000 x 147,456 B; 2 x 7.568 B + 4 x 36 x 4,096 x 38,000 FLOP.
  assertAlmostEquals((bytes.weights + bytes.cache) / 1e9, 20.74, 0.01);
  assertAlmostEquals(flops / 1e9, 37.55, 0.02);
  const rough = ruleOfThumb(model, 38_000);
  assertAlmostEquals(rough.bytes / 1e9, 21.98, 0.01);
  assertAlmostEquals(rough.flops / 1e9, 38.79, 0.01);
});

Deno.test("operators() give decode attention the intensity of its kind: 1, heads per group, 242 for absorbed MLA", () => {
  const intensity = (name: string) => {
    const [row] = all(operators(findModel(name), decode(1_000_000)), "attention");
    return arithmeticIntensity(row!);
  };
  assertAlmostEquals(intensity("llama-2-7b"), 1, 0.001); // MHA
  assertAlmostEquals(intensity("qwen3-8b"), 4, 0.001); // 32 query heads on 8
  assertAlmostEquals(intensity("llama-2-70b"), 8, 0.001); // 64 on 8
  assertAlmostEquals(intensity("falcon-7b"), 71, 0.1); // MQA
  // 2 x 128 heads x (576 + 512) operations for each 576 x 2 bytes
  assertAlmostEquals(intensity("deepseek-v3"), 2 * 128 * (576 + 512) / (576 * 2), 0.1);
});

Deno.test("operators() read nearly all 8 experts of Mixtral at batch 64, two at batch 1", () => {
  const mixtral = findModel("mixtral-8x7b");
  const expert = 3 * 4096 * 14336 * 2 * 32; // three matrices, 2 bytes, 32 layers
  const experts = (batch: number) =>
    sum(operators(mixtral, decode(1000, batch)), "experts").bytes.weights / expert;
  assertAlmostEquals(experts(1), 2);
  assertGreater(experts(64), 7.9999);
});

Deno.test("operators() of a prompt cost what its tokens cost one by one, but for weights and the head", () => {
  const model = findModel("llama-3.2-1b");
  const tokens = 37;
  const together = operators(model, prefill(tokens));
  const single = Array.from({ length: tokens }, (_, context) => operators(model, decode(context)));
  for (const name of ["attention", "queries, keys, values", "feed-forward up", "norms"]) {
    assertEquals(
      sum(together, name).flops,
      single.reduce((total, rows) => total + sum(rows, name).flops, 0),
      name,
    );
  }
  assertEquals(
    sum(together, "feed-forward up").bytes.weights * tokens,
    single.reduce((total, rows) => total + sum(rows, "feed-forward up").bytes.weights, 0),
  );
  assertEquals(
    sum(together, "head").flops,
    sum(single[0]!, "head").flops,
    "only the last prediction of a prompt is needed",
  );
});

Deno.test("operators() expand the latent in prefill and absorb it in decode", () => {
  const model = findModel("deepseek-v3");
  const names = (step: Step) => new Set(operators(model, step).map(({ name }) => name));
  assertEquals(names(prefill(10)).has("latent up"), true);
  assertEquals(names(decode(10)).has("latent up"), false);
  // 61 layers x 128 heads x (192 + 128) wide, two operations, for n(n + 1)/2 pairs
  assertEquals(
    sum(operators(model, prefill(100)), "attention").flops,
    61 * 2 * 128 * (192 + 128) * 5050,
  );
  const absorbed = sum(operators(model, decode(99)), "absorb keys");
  assertEquals(absorbed.bytes.weights, 61 * 128 * 128 * 512 * 2);
});

Deno.test("operators() on a group of devices split the work evenly, but for what each must hold whole", () => {
  const model = findModel("llama-3.1-70b");
  const one = operators(model, decode(4000, 8));
  const eighth = operators(model, decode(4000, 8), { devices: 8 });
  for (
    const name of [
      "queries, keys, values",
      "attention",
      "attention output",
      "feed-forward up",
      "feed-forward down",
      "head",
    ]
  ) {
    assertAlmostEquals(sum(eighth, name).flops * 8, sum(one, name).flops, 1, name);
    assertAlmostEquals(sum(eighth, name).bytes.weights * 8, sum(one, name).bytes.weights, 1, name);
  }
  assertEquals(sum(eighth, "norms").flops, sum(one, "norms").flops);
  // 80 layers, twice each, 2 x 7/8 of 8 tokens x 8192 x 2 bytes
  assertEquals(sumOperators(eighth).transfer, 80 * 2 * 2 * 7 / 8 * 8 * 8192 * 2);
  // 16 devices share 8 key-value heads: the cache of a device no longer shrinks
  assertEquals(
    sum(operators(model, decode(4000), { devices: 16 }), "attention").bytes.cache,
    sum(operators(model, decode(4000), { devices: 8 }), "attention").bytes.cache,
  );
});

Deno.test("operators() compute four-bit weights in the format of the activations, and count their scales", () => {
  const model = findModel("llama-3.1-8b");
  const weights = { format: "int4", groupSize: 128, scaleBits: 16 } as const;
  const rows = operators(model, decode(10), {
    formats: { weights, cache: "bf16", activations: "bf16" },
  });
  const up = all(rows, "feed-forward up")[0]!;
  assertEquals(up.precision, "bf16");
  assertEquals(up.bytes.weights, 32 * 2 * 4096 * 14336 * 4.125 / 8);
});

Deno.test("operators() have finite, non-negative costs for every model and step", () => {
  const count = fc.integer({ min: 1, max: 5000 });
  fc.assert(
    fc.property(
      fc.constantFrom(...modelNames),
      fc.constantFrom("prefill", "decode"),
      count,
      count,
      fc.integer({ min: 0, max: 1e6 }),
      (name, phase, batch, newTokens, context) => {
        for (
          const row of operators(findModel(name), {
            phase: phase as Step["phase"],
            batch,
            newTokens,
            context,
          })
        ) {
          for (
            const value of [
              row.flops,
              row.bytes.weights,
              row.bytes.cache,
              row.bytes.activations,
              row.transfer,
            ]
          ) {
            assertEquals(Number.isFinite(value) && value >= 0, true, `${name} ${row.name}`);
          }
        }
      },
    ),
  );
});

Deno.test("operators() refuse what is no step", () => {
  const model = findModel("gpt2");
  assertThrows(() => operators(model, { ...decode(1), batch: 0 }), RangeError, "batch");
  assertThrows(() => operators(model, { ...decode(1), newTokens: 1.5 }), RangeError, "newTokens");
  assertThrows(() => operators(model, decode(NaN)), RangeError, "context");
  assertThrows(() => operators(model, decode(1), { devices: 5 }), RangeError, "12 query heads");
});
