import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { expertReads, withPopularity } from "@fewer-bytes/experts";
import { operators } from "@fewer-bytes/transformer";
import { isExperts } from "../../../lib/experts/reading/with_popularity.ts";

const step = { phase: "decode", batch: 8, newTokens: 2, context: 500 } as const;

Deno.test("withPopularity() changes the weights of experts alone, to what skew reads", () => {
  for (const name of ["gpt-oss-20b", "deepseek-v3"]) {
    const model = findModel(name);
    const table = operators(model, step);
    const skewed = withPopularity(table, model, 16, 0.9);
    let bytes = 0;
    skewed.forEach((row, at) => {
      if (!isExperts(row)) return assertEquals(row, table[at]);
      bytes += row.bytes.weights;
      const { weights, ...rest } = row.bytes;
      assertEquals(rest.activations, table[at]!.bytes.activations);
      assert(weights < table[at]!.bytes.weights);
    });
    assertAlmostEquals(bytes / expertReads(model, 16, { exponent: 0.9 }).routed, 1, 1e-9);
  }
});

Deno.test("withPopularity() with exponent 0 changes nothing, and refuses another model's table", () => {
  const model = findModel("mixtral-8x7b");
  const table = operators(model, step);
  withPopularity(table, model, 16, 0).forEach((row, at) =>
    assertAlmostEquals(row.bytes.weights, table[at]!.bytes.weights, 1)
  );
  const other = operators(findModel("qwen3-8b"), step);
  assertThrows(() => withPopularity(other, model, 16, 1), TypeError, "current number is 0");
});
