import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { fillBatch } from "@fewer-bytes/experts";
import { operatorTime, ridgePoint } from "@fewer-bytes/roofline";
import { halfPrecision, operators } from "@fewer-bytes/transformer";

const hardware = findHardware("nvidia-h100-sxm");

Deno.test("fillBatch() is the first batch at which experts wait for arithmetic", () => {
  for (const name of ["mixtral-8x7b", "qwen3-30b-a3b"]) {
    const model = findModel(name);
    const bound = (batch: number) => {
      const rows = operators(model, { phase: "decode", batch, newTokens: 1, context: 0 });
      return operatorTime(rows.find((row) => row.name === "experts")!, hardware).bound;
    };
    const batch = fillBatch(model, hardware);
    assertEquals([bound(batch - 1), bound(batch)], ["memory", "compute"]);
  }
});

Deno.test("fillBatch() is the ridge for a dense model and E / k times the ridge for a mixture, and a little more", () => {
  const ridge = ridgePoint(hardware);
  const over = (name: string, times: number) =>
    fillBatch(findModel(name), hardware) / ridge / times;
  assert(over("llama-3.1-405b", 1) > 1 && over("llama-3.1-405b", 1) < 1.1);
  assert(over("mixtral-8x22b", 4) > 1 && over("mixtral-8x22b", 4) < 1.1);
  assert(over("deepseek-v3", 32) > 1 && over("deepseek-v3", 32) < 1.3); // thinner, so more activations
});

Deno.test("fillBatch() is Infinity where activations alone are too many for the ridge", () => {
  const fast = { ...hardware, peak: { bf16: 100 * 989.4e12, fp32: 1e15 } };
  assertEquals(fillBatch(findModel("qwen3-30b-a3b"), fast), Infinity);
  const formats = { ...halfPrecision, weights: "int4" } as const;
  const model = findModel("mixtral-8x7b");
  assertAlmostEquals(fillBatch(model, hardware, formats) / fillBatch(model, hardware), 0.25, 0.02);
});
