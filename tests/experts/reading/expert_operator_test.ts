import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { expertLayers, expertOperator } from "@fewer-bytes/experts";
import { halfPrecision, operators, parameters } from "@fewer-bytes/transformer";

Deno.test("expertOperator() for all experts is the row of experts, when tokens are spread evenly", () => {
  for (const name of ["mixtral-8x7b", "deepseek-v3", "qwen3-235b-a22b"]) {
    const model = findModel(name);
    const [{ count, network }] = expertLayers(model) as [ReturnType<typeof expertLayers>[0]];
    const batch = 50 * network.experts; // each expert gets 50 k tokens, and all are read
    const row = operators(model, { phase: "decode", batch, newTokens: 1, context: 0 })
      .find(({ name }) => name === "experts")!;
    const one = expertOperator(model, 50 * network.expertsPerToken);
    const all = count * network.experts;
    assertAlmostEquals(all * one.flops / row.flops, 1, 1e-12);
    assertAlmostEquals(all * one.bytes.weights / row.bytes.weights, 1, 1e-9);
    assertAlmostEquals(all * one.bytes.activations / row.bytes.activations, 1, 1e-12);
    assertEquals(one.precision, row.precision);
  }
});

Deno.test("expertOperator() reads nothing for no token, and 4 bits as 4 bits", () => {
  const model = findModel("mixtral-8x7b");
  const { flops, bytes } = expertOperator(model, 0);
  assertEquals([flops, bytes], [0, { weights: 0, cache: 0, activations: 0 }]);
  const formats = { ...halfPrecision, weights: "int4" } as const;
  const { total, active } = parameters(model);
  assertAlmostEquals(
    expertOperator(model, 3, formats).bytes.weights,
    (total - active) / 6 / 32 / 2, // six of eight experts are not active
    1e-6,
  );
  assertThrows(() => expertOperator(model, 1.5), RangeError, "the tokens");
  assertThrows(() => expertOperator(findModel("gpt2"), 1), RangeError, "must have some");
});
