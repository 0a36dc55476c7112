import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel, fromHuggingFaceConfig, modelNames } from "@fewer-bytes/catalog";
import { type KeptActivation, keptActivations } from "@fewer-bytes/training";
import { gpt } from "../gpt_shape.ts";

const sum = (rows: readonly KeptActivation[]) =>
  rows.reduce((total, { bytes, inLayers }) => total + (inLayers ? bytes : 0), 0);

// PyTorch 2.13 on a CPU, torch.autograd.graph.saved_tensors_hooks around one layer in bf16, storages counted once and
// parameters left out; 2 sequences of 64 tokens, width 128, 4 heads.
Deno.test("keptActivations() is what PyTorch saves of a GPT layer, but for the sums of its norms", () => {
  const model = gpt({ hidden: 128, heads: 4, layers: 1, vocabulary: 1000 });
  const rows = keptActivations(model, { sequences: 2, tokens: 64 }, { attention: "scores" });
  const saved = 590_848, sumsOfNorms = 4 * 256;
  assertEquals(sum(rows), saved - sumsOfNorms);
});

// The same with RMSNorm, 2 key-value heads, scaled_dot_product_attention and silu(gate) * up of width 352. PyTorch's
// RMSNorm saves two 32-bit copies of its input (we: one in 16 bits) and a sum; silu and the product are not fused there,
// so that silu's output is saved too.
Deno.test("keptActivations() is what PyTorch saves of a Llama layer, but for what is not fused there", () => {
  const model = fromHuggingFaceConfig({
    model_type: "llama",
    hidden_size: 128,
    intermediate_size: 352,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    num_hidden_layers: 1,
    vocab_size: 1000,
    max_position_embeddings: 2048,
    tie_word_embeddings: true,
  }, "a Llama");
  const perToken = sum(keptActivations(model, { sequences: 2, tokens: 64 })) / 128;
  const norms = 2 * (2 * 4 * 128 - 2 * 128 + 4), silu = 2 * 352;
  assertEquals(perToken, 6168 - norms - silu);
});

Deno.test("every model of the catalog keeps something, linear in tokens with a fused attention", () => {
  for (const name of modelNames) {
    const [one, two] = [64, 128].map((tokens) =>
      sum(keptActivations(findModel(name), { sequences: 1, tokens }))
    );
    assert(one! > 0, name);
    assertAlmostEquals(two! / one!, 2, 1e-12, name);
  }
});

Deno.test("inputs of frozen matrices are not kept, but for what attention needs itself", () => {
  const model = findModel("llama-2-7b"), batch = { sequences: 1, tokens: 1 };
  const all = sum(keptActivations(model, batch));
  const frozen = sum(keptActivations(model, batch, { trained: () => false }));
  assertEquals(all - frozen, 32 * 2 * (4096 + 4096 + 11008));
});

Deno.test("two devices split what heads and width divide; the rest is divided with the sequence", () => {
  const model = gpt({ hidden: 512, heads: 8, layers: 3, vocabulary: 1000 });
  const batch = { sequences: 2, tokens: 32 };
  const one = sum(keptActivations(model, batch));
  const split = sum(keptActivations(model, batch, { devices: 2, splitSequence: true }));
  assertAlmostEquals(split, one / 2, 1e-6);
  assert(sum(keptActivations(model, batch, { devices: 2 })) > one / 2);
});

Deno.test("keptActivations() refuses batches and devices that are none", () => {
  const model = findModel("gpt2");
  const batch = { sequences: 1, tokens: 1 };
  assertThrows(() => keptActivations(model, { ...batch, tokens: NaN }), RangeError, "tokens");
  assertThrows(() => keptActivations(model, { ...batch, sequences: 0 }), RangeError, "sequences");
  assertThrows(() => keptActivations(model, batch, { devices: 0 }), RangeError, "devices");
  assertThrows(() => keptActivations(model, batch, { devices: 5 }), RangeError, "12 query heads");
});
