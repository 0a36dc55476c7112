import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  findHardware,
  findMemory,
  findModel,
  fromHuggingFaceConfig,
  type GroupedFormat,
  type Hardware,
} from "@fewer-bytes/catalog";
import { estimate } from "@fewer-bytes/roofline";
import { parameters } from "@fewer-bytes/transformer";
import { expertDecode, hitsFor } from "@fewer-bytes/offload";

// The shapes in the model card of SmallThinker (SJTU-IPADS/SmallThinker, README), whose experts are those of Qwen3-MoE.
const smallThinker = (large: boolean) =>
  fromHuggingFaceConfig({
    model_type: "qwen3_moe",
    vocab_size: 151_936,
    hidden_size: large ? 2560 : 1536,
    num_hidden_layers: large ? 52 : 32,
    num_attention_heads: large ? 28 : 12,
    num_key_value_heads: large ? 4 : 2,
    head_dim: 128,
    num_experts: large ? 64 : 32,
    num_experts_per_tok: large ? 6 : 4,
    moe_intermediate_size: 768,
    intermediate_size: 768,
    decoder_sparse_step: 1,
    mlp_only_layers: [],
    max_position_embeddings: 16_384,
    tie_word_embeddings: !large,
  }, `SmallThinker ${large ? "21B" : "4B"}`);

// A PC with two channels of DDR5-5600: 89.6 GB/s.
const pc: Hardware = {
  ...findHardware("amd-epyc-9654"),
  id: "pc",
  peak: { fp32: 1.5e12, bf16: 1.5e12, fp16: 1.5e12 },
  memory: [{ name: "DDR5", capacity: 64e9, bandwidth: 89.6e9 }],
};
const q4: GroupedFormat = { format: "int4", groupSize: 32, scaleBits: 16 }; // Q4_0
const deployment = (large: boolean) => ({
  model: smallThinker(large),
  hardware: pc,
  formats: { weights: q4, cache: "fp16", activations: "fp16" } as const,
});
const drive = findMemory("samsung-990-pro");
const stored = { drive, depth: 8, routed: "before attention" } as const;

Deno.test("SmallThinker has 21 and 4 billion parameters, of which some 15 % are active, embeddings aside", () => {
  for (const [large, total, active] of [[true, 21e9, 3e9], [false, 4e9, 0.6e9]] as const) {
    const count = parameters(smallThinker(large));
    const own = count.active - count.embedding - count.head;
    assertAlmostEquals(count.total / total, 1, 0.03);
    assertAlmostEquals(own / active, 1, 0.06);
    assertAlmostEquals(own / count.total, 0.147, 0.012);
  }
});

Deno.test("expertDecode() with all experts in memory is the estimate of lib/roofline", () => {
  const whole = deployment(true);
  const { seconds, exposed } = expertDecode(whole, 500, { ...stored, memory: 64e9 });
  const { timePerOutputToken } = estimate(whole, { promptTokens: 500, outputTokens: 1 });
  assertAlmostEquals(seconds, timePerOutputToken, 1e-9);
  assertEquals(exposed, 0);
});

Deno.test("expertDecode() of SmallThinker-21B holds some 70 % of its weights in 8 GiB, and 4B 44 % in 1 GiB", () => {
  const share = (large: boolean, memory: number) =>
    expertDecode(deployment(large), 500, { ...stored, memory }).residentWeights;
  assertAlmostEquals(share(true, 8 * 2 ** 30), 0.7, 0.03);
  assertAlmostEquals(share(false, 2 ** 30), 0.45, 0.03);
});

Deno.test("SmallThinker's 20.3 tokens a second in 8 GiB ask for more hits than alike experts give", () => {
  const memory = 8 * 2 ** 30;
  const alike = expertDecode(deployment(true), 500, { ...stored, memory });
  const needed = hitsFor(1 / 20.3, deployment(true), 500, { ...stored, memory })!;
  assert(alike.tokensPerSecond < 20.3 && needed > alike.resident && needed < 0.95);
  const found = expertDecode(deployment(true), 500, { ...stored, memory, hits: needed });
  assertAlmostEquals(found.tokensPerSecond, 20.3, 1e-3);
});

Deno.test("a router before attention hides what attention takes, at most", () => {
  for (const memory of [5e9, 8e9, 11e9]) {
    const [early, late] = (["before attention", "after attention"] as const).map((routed) =>
      expertDecode(deployment(true), 500, { ...stored, memory, routed })
    );
    assertEquals(late!.exposed, late!.loading);
    assert(early!.exposed < late!.exposed && early!.exposed > late!.exposed - early!.inMemory);
  }
});

Deno.test("expertDecode() reads experts bytes by what is missing, and gets faster with hits", () => {
  const at = (hits: number) =>
    expertDecode(deployment(true), 500, { ...stored, memory: 8e9, hits });
  const expert = 3 * 2560 * 768 * 4.5 / 8;
  assertAlmostEquals(at(0).bytes / (52 * 6 * expert), 1, 0.01);
  assertAlmostEquals(at(0.75).bytes / at(0).bytes, 0.25, 1e-9);
  assert(at(0.9).seconds < at(0.5).seconds);
  assertEquals(hitsFor(1e-4, deployment(true), 500, { ...stored, memory: 8e9 }), undefined);
  assertEquals(hitsFor(100, deployment(true), 500, { ...stored, memory: 8e9 }), 0);
});

Deno.test("expertDecode() refuses dense models, too little memory and drives without bandwidth", () => {
  const dense = { ...deployment(true), model: findModel("llama-3.1-8b") };
  assertThrows(() => expertDecode(dense, 1, { ...stored, memory: 1e9 }), RangeError, "experts");
  assertThrows(
    () => expertDecode(deployment(true), 1, { ...stored, memory: 1e8 }),
    RangeError,
    "that every token needs",
  );
  assertThrows(
    () => expertDecode(deployment(true), 1, { ...stored, memory: 8e9, drive: { bandwidth: 0 } }),
    RangeError,
    "bandwidth must be > 0",
  );
  assertThrows(
    () => expertDecode(deployment(true), 1, { ...stored, memory: 8e9, hits: 2 }),
    RangeError,
    "hits",
  );
});
