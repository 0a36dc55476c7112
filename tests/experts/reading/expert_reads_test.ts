import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { expertReads } from "@fewer-bytes/experts";
import { expertBytes } from "@fewer-bytes/serving";
import { operators } from "@fewer-bytes/transformer";

const names = ["mixtral-8x7b", "deepseek-v3", "qwen3-30b-a3b", "gpt-oss-120b", "deepseek-v2-lite"];

Deno.test("expertReads() reads what the operator table and the prompt's traffic read", () => {
  for (const name of names) {
    const model = findModel(name);
    for (const tokens of [1, 7, 64]) {
      const reads = expertReads(model, tokens);
      const rows = operators(model, { phase: "decode", batch: tokens, newTokens: 1, context: 0 });
      const bytes = (wanted: string) =>
        rows.filter((row) => row.name === wanted)
          .reduce((sum, row) => sum + row.bytes.weights, 0);
      assertAlmostEquals(reads.routed / bytes("experts"), 1, 1e-9);
      assertAlmostEquals(reads.shared / (bytes("router") + bytes("shared experts")), 1, 1e-9);
      assertAlmostEquals(reads.routed / expertBytes(model, tokens), 1, 1e-9);
    }
  }
});

Deno.test("64 tokens pick 126 of 128 experts, and Mixtral's batch of 64 reads 8 and not 2", () => {
  assertAlmostEquals(expertReads(findModel("qwen3-30b-a3b"), 64).distinct, 126, 0.1);
  assertAlmostEquals(expertReads(findModel("mixtral-8x7b"), 64).distinct, 8, 1e-6);
});

Deno.test("each expert that is read does at least one operation for each byte in 16 bits", () => {
  for (const name of ["mixtral-8x7b", "deepseek-v3", "qwen3-30b-a3b"]) {
    const model = findModel(name);
    let last = 0;
    for (const tokens of [1, 4, 32, 256, 4096]) {
      const { intensity, tokensPerExpert } = expertReads(model, tokens);
      assertAlmostEquals(intensity, tokensPerExpert, 1e-9); // two operations for two bytes
      assert(intensity > last - 1e-12 && intensity >= 1 - 1e-12);
      last = intensity;
    }
    // In the end all experts share all tokens evenly.
    const { experts, expertsPerToken } = model.layers.at(-1)!.feedForward as {
      experts: number;
      expertsPerToken: number;
    };
    assertAlmostEquals(last, 4096 * expertsPerToken / experts, 1e-6);
  }
});

Deno.test("expertReads() reads less when some are popular, half in 8 bits, and refuses no tokens", () => {
  const model = findModel("deepseek-v3");
  const even = expertReads(model, 32);
  assert(expertReads(model, 32, { exponent: 1 }).routed < 0.8 * even.routed);
  assertAlmostEquals(expertReads(model, 32, { weights: "fp8" }).routed, even.routed / 2, 1);
  assertThrows(() => expertReads(model, 0), RangeError, "the tokens");
  assertThrows(() => expertReads(findModel("llama-3.1-8b"), 1), RangeError, "must have some");
});
