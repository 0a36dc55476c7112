import { assertAlmostEquals, assertLess, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { operators, sumOperators } from "@fewer-bytes/transformer";
import { mixedPrecisionOperators } from "@fewer-bytes/quantization";

const llama8 = findModel("llama-3.1-8b");
const prefill = { phase: "prefill", batch: 1, newTokens: 2048, context: 0 } as const;
const decode = { phase: "decode", batch: 1, newTokens: 1, context: 1000 } as const;

Deno.test("mixedPrecisionOperators() does the work of the plain table, in other formats", () => {
  for (const step of [prefill, decode]) {
    const plain = sumOperators(operators(llama8, step));
    const mixed = sumOperators(mixedPrecisionOperators(llama8, step, 0.16));
    assertAlmostEquals(mixed.flops / plain.flops, 1, 1e-12);
    // 4 of 16 bits, and 16 shared by 128; 4 more for the cache's zero points. What stays: embedding rows and head.
    const rest = sumOperators(
      operators(llama8, step).filter(({ name }) => name === "embedding" || name === "head"),
    ).bytes.weights;
    assertAlmostEquals(
      (mixed.bytes.weights - rest) / (plain.bytes.weights - rest),
      4.125 / 16,
      1e-6,
    );
    assertAlmostEquals(mixed.bytes.cache / plain.bytes.cache, (4 + 20 / 128) / 16, 1e-9);
    assertLess(mixed.bytes.activations, plain.bytes.activations);
  }
});

Deno.test("mixedPrecisionOperators() refuses shares outside 0 to 1", () => {
  for (const share of [-0.1, 1.1, NaN]) {
    assertThrows(() => mixedPrecisionOperators(llama8, decode, share), RangeError, "share");
  }
});
