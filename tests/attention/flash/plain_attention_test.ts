import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import { finishPart, partOf, plainAttention, softmaxWeights } from "@fewer-bytes/attention";
import { golden, goldenInputs } from "./golden_attention.ts";
import { anySizes, distance, randomInputs, wideInputs } from "./random_inputs.ts";

Deno.test("plainAttention() agrees with PyTorch's scaled_dot_product_attention", () => {
  const output = plainAttention(goldenInputs, { causal: true });
  assert(distance(output.data, golden.output) < 1e-6);
});

Deno.test("plainAttention() of one query is the online softmax of its scores", () => {
  fc.assert(fc.property(anySizes, fc.nat(1000), (sizes, seed) => {
    const inputs = wideInputs(randomInputs({ ...sizes, queries: 1 }, seed));
    const scores = inputs.keys.multiply(inputs.queries.transpose()).data
      .map((score) => score / Math.sqrt(sizes.width));
    const { output } = finishPart(partOf(scores, inputs.values));
    assert(distance(plainAttention(inputs).data, output) < 1e-12);
  }));
});

Deno.test("softmaxWeights() are rows that sum to 1, with nothing above the diagonal", () => {
  fc.assert(fc.property(anySizes, fc.nat(1000), (sizes, seed) => {
    const inputs = wideInputs(randomInputs(sizes, seed));
    const weights = softmaxWeights(inputs, { causal: true });
    weights.toRows().forEach((row, i) => {
      const seen = i + 1 + sizes.keys - sizes.queries;
      assertAlmostEquals(row.reduce((a, b) => a + b), seen > 0 ? 1 : 0, 1e-12);
      assert(row.slice(Math.max(0, seen)).every((weight) => weight === 0));
    });
  }));
});

Deno.test("plainAttention() gives zeros to a query that sees nothing, and keeps the type of its inputs", () => {
  const inputs = randomInputs({ queries: 3, keys: 2, width: 4, valueWidth: 2 });
  const output = plainAttention(inputs, { causal: true });
  assertEquals([...output.row(0)], [0, 0]);
  assert(output.data instanceof Float32Array);
  assert(plainAttention(wideInputs(inputs)).data instanceof Float64Array);
  assertEquals(plainAttention({ ...inputs, queries: Matrix.zeros(1, 4) }, { scale: 0 }).rows, 1);
});
