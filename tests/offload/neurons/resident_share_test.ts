import { assertAlmostEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { residentShare } from "@fewer-bytes/offload";

Deno.test("residentShare() is part by part what is reported of OPT-6.7B (LLM in a flash, 4.1)", () => {
  const held = residentShare(findModel("opt-6.7b"), 0.24, 0.0125);
  assertAlmostEquals(held.embedding, 0.03, 0.003);
  assertAlmostEquals(held.attention, 0.323, 0.001);
  assertAlmostEquals(held.neurons, 0.155, 0.001); // 0.24 x 64.62 %
  assertAlmostEquals(held.total, 0.521, 0.002);
});

Deno.test("residentShare() is everything when all neurons are held", () => {
  for (const name of ["opt-6.7b", "llama-2-7b", "qwen3-30b-a3b"]) {
    assertAlmostEquals(residentShare(findModel(name), 1).total, 1, 1e-12);
  }
});

Deno.test("residentShare() refuses shares that are none", () => {
  assertThrows(() => residentShare(findModel("opt-6.7b"), 1.1), RangeError, "neurons");
  assertThrows(() => residentShare(findModel("opt-6.7b"), 0.1, NaN), RangeError, "predictor");
});
