import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import {
  backwardOperators,
  modelFlops,
  recomputedOperators,
  trainingForward,
  updateOperator,
} from "@fewer-bytes/training";
import { operators, parameters, sumOperators } from "@fewer-bytes/transformer";
import fc from "fast-check";
import { gpt, gptShapes } from "../gpt_shape.ts";

// Narayanan et al., "Efficient Large-Scale Language Model Training" (2021), appendix: 72·B·s·l·h²(1 + s/6h + V/12lh)
// without recomputation, with all pairs of tokens; causal attention computes (s + 1)/2s of them.
Deno.test("modelFlops() of a GPT is the published formula, with the pairs that causal attention computes", () => {
  fc.assert(
    fc.property(gptShapes, fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 1, max: 4 }), (
      shape,
      s,
      B,
    ) => {
      const { hidden: h, layers: l, vocabulary: V } = shape;
      const found = modelFlops(trainingForward(gpt(shape), { sequences: B, tokens: s }));
      const wanted = 72 * B * s * l * h ** 2 * (1 + (s + 1) / (12 * h) + V / (12 * l * h));
      assertAlmostEquals(found / wanted, 1, 1e-9);
    }),
  );
});

Deno.test("modelFlops() is about six for each parameter and token", () => {
  for (const name of ["llama-2-7b", "llama-3.1-70b", "gpt-3-175b"]) {
    const model = findModel(name);
    const flops = modelFlops(trainingForward(model, { sequences: 1, tokens: 512 }));
    assertAlmostEquals(flops / (6 * parameters(model).total * 512), 1, 0.03, name);
  }
});

Deno.test("the forward pass is a prefill whose head sees every token", () => {
  const model = findModel("qwen3-8b");
  const forward = trainingForward(model, { sequences: 2, tokens: 100 });
  const step = { phase: "prefill", batch: 2, newTokens: 100, context: 0 } as const;
  const prefill = operators(model, step);
  for (const [index, row] of prefill.entries()) {
    const times = row.name === "head" ? 100 : 1;
    assertEquals(forward[index]!.flops, times * row.flops, row.name);
    assertEquals(forward[index]!.bytes.weights, row.bytes.weights);
  }
});

Deno.test("a product's backward pass moves the three matrices of each of two products", () => {
  const rows = trainingForward(findModel("llama-2-7b"), { sequences: 1, tokens: 64 });
  const row = rows.find(({ name }) => name === "feed-forward down")!;
  const back = backwardOperators([row])[0]!;
  const x = 64 * 11008 * 2, y = 64 * 4096 * 2, w = 11008 * 4096 * 2;
  // dX = dY · W and dW = dYᵀ · X, in all layers
  const wanted = 32 * ((y + w + x) + (y + x + w));
  const { weights, cache, activations } = back.bytes;
  assertAlmostEquals(weights + cache + activations, wanted, 1);
  assertEquals(back.flops, 2 * row.flops);
});

Deno.test("devices that split layers add up as often backward as forward", () => {
  const rows = trainingForward(findModel("llama-2-7b"), { sequences: 1, tokens: 64 }, {
    devices: 2,
  });
  const sent = sumOperators(rows).transfer;
  assert(sent > 0);
  assertEquals(sumOperators(backwardOperators(rows)).transfer, sent);
});

Deno.test("full recomputation is the layers once more; fused attention always makes its scores again", () => {
  const rows = trainingForward(findModel("gpt2"), { sequences: 1, tokens: 256 });
  const outside = rows.filter(({ name }) => ["embedding", "final norm", "head"].includes(name));
  const again = sumOperators(recomputedOperators(rows, "layers", false)).flops;
  assertEquals(again, sumOperators(rows).flops - sumOperators(outside).flops);
  const attention = rows.find(({ name }) => name === "attention")!;
  assertEquals(
    sumOperators(recomputedOperators(rows, "attention", false)).flops,
    attention.flops,
  );
  // FlashAttention: forward two products, backward five, one of which makes the scores again.
  assertEquals(sumOperators(recomputedOperators(rows, "nothing")).flops, attention.flops / 2);
  assertEquals(recomputedOperators(rows, "nothing", false), []);
});

Deno.test("updateOperator() moves its bytes and refuses what is nothing", () => {
  assertEquals(updateOperator(1e9, 28).bytes.weights, 28e9);
  assertThrows(() => updateOperator(0, 28), RangeError, "parameters");
  assertThrows(() => updateOperator(1, NaN), RangeError, "bytes");
});
