import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { denseCache, forward, type LanguageModel, outlierTwin } from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { permuteInputs, permuteOutputs, rearrangeModel } from "@fewer-bytes/quantization";
import { tinyModel } from "../../lm/runtime/tiny.ts";

const random = seeded(3);

Deno.test("rearrangeModel() leaves the logits, tied or not", () => {
  const tokens = [3, 1, 4, 1, 5];
  const run = (model: LanguageModel) =>
    forward(model, [{ tokens, cache: denseCache(model) }], { logits: "all" })[0]!;
  const order = seeded(1).shuffle(Array.from({ length: 24 }, (_, i) => i));
  const tied = outlierTwin(tinyModel());
  const separate = { ...tied, head: { ...tied.head } };
  const expected = run(tied);
  for (const model of [tied, separate]) {
    const logits = run(rearrangeModel(model, order));
    logits.forEach((logit, i) => assertAlmostEquals(logit, expected[i]!, 1e-4));
  }
  assertEquals(rearrangeModel(tied, order).head, rearrangeModel(tied, order).embedding);
});

Deno.test("rearrangeModel() leaves windows where they were", () => {
  const model = tinyModel();
  const layers = model.layers.map((layer, index) => ({ ...layer, window: index + 1 }));
  const backwards = Array.from({ length: 24 }, (_, i) => 23 - i);
  const { layers: after } = rearrangeModel({ ...model, layers }, backwards);
  assertEquals(after.map(({ window }) => window), [1, 2, 3]);
});

Deno.test("permuteOutputs() of queries and keys leaves their products: (P·q)·(P·k) = q·k", () => {
  const make = (name: string) => ({
    name,
    outputs: 4,
    inputs: 3,
    data: Float32Array.from({ length: 12 }, () => random.normal()),
  });
  const scores = (queries: ReturnType<typeof make>, keys: ReturnType<typeof make>) => {
    const [q, k] = [queries, keys].map(({ data }) => new Matrix(4, 3, data));
    return k!.transpose().multiply(q!);
  };
  const [queries, keys] = [make("q"), make("k")];
  const order = [2, 0, 3, 1];
  const expected = scores(queries, keys);
  scores(permuteOutputs(queries, order), permuteOutputs(keys, order)).data.forEach((value, i) =>
    assertAlmostEquals(value, expected.data[i]!, 1e-5)
  );
  assertEquals([...permuteInputs(queries, [2, 1, 0]).data.slice(0, 3)], [
    queries.data[2]!,
    queries.data[1]!,
    queries.data[0]!,
  ]);
});

Deno.test("permuteInputs(), permuteOutputs() and rearrangeModel() refuse what is no order", () => {
  const weight = { name: "w", outputs: 2, inputs: 3, data: new Float32Array(6) };
  assertThrows(() => permuteInputs(weight, [0, 1]), RangeError, "3 channels must occur once");
  assertThrows(() => permuteOutputs(weight, [0, 0]), RangeError, "2 channels must occur once");
  assertThrows(() => rearrangeModel(tinyModel(), []), RangeError, "24 channels must occur once");
});
