import { assert, assertEquals, assertGreaterOrEqual, assertThrows } from "@std/assert";
import {
  attentionName,
  findModel,
  fromHuggingFaceConfig,
  layerCount,
  type Model,
  modelNames,
} from "@fewer-bytes/catalog";

const llama = {
  model_type: "llama",
  vocab_size: 100,
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 4,
  num_attention_heads: 8,
  max_position_embeddings: 512,
};
const kinds = (model: Model) =>
  model.layers.map(({ count, attention }) => `${count} x ${attentionName(attention)}`);

Deno.test("the catalog reads at least 28 published configurations", () => {
  assertGreaterOrEqual(modelNames.length, 28);
  for (const name of modelNames) assert(layerCount(findModel(name)) > 0, name);
});

Deno.test("fromHuggingFaceConfig() tells the kinds of attention apart", () => {
  // As the models' papers and cards state them.
  assertEquals(kinds(findModel("llama-2-7b")), ["32 x MHA"]);
  assertEquals(kinds(findModel("llama-2-70b")), ["80 x GQA"]);
  assertEquals(kinds(findModel("falcon-7b")), ["32 x MQA"]);
  assertEquals(kinds(findModel("deepseek-v3")), ["3 x MLA", "58 x MLA"]);
  assertEquals(kinds(findModel("mistral-7b-v0.1")), ["32 x GQA, window 4096"]);
  assertEquals(kinds(findModel("mistral-7b-v0.3")), ["32 x GQA"]);
  assertEquals(kinds(findModel("gemma-2-9b")), ["21 x GQA, window 4096", "21 x GQA"]);
  assertEquals(kinds(findModel("gemma-3-27b")), ["52 x GQA, window 1024", "10 x GQA"]);
  assertEquals(kinds(findModel("gpt-oss-120b")), ["18 x GQA, window 128", "18 x GQA"]);
});

Deno.test("fromHuggingFaceConfig() believes an explicit head_dim", () => {
  const { attention } = findModel("qwen3-0.6b").layers[0]!;
  assert(attention.kind === "heads");
  assertEquals([attention.headDimension, attention.queryHeads * attention.headDimension], [
    128,
    2048,
  ]); // hidden is 1024
});

Deno.test("fromHuggingFaceConfig() takes absent fields from the family, null as none", () => {
  assertEquals(kinds(fromHuggingFaceConfig(llama)), ["4 x MHA"]);
  assertEquals(
    kinds(fromHuggingFaceConfig({ ...llama, model_type: "mistral", sliding_window: null })),
    ["4 x MHA"],
  );
  assertEquals(kinds(fromHuggingFaceConfig({ ...llama, model_type: "mistral" })), [
    "4 x MHA, window 4096",
  ]);
  assertEquals(
    kinds(fromHuggingFaceConfig({ ...llama, sliding_window: 99 })),
    ["4 x MHA"],
    "llama has no windows",
  );
});

Deno.test("fromHuggingFaceConfig() refuses an unsupported architecture by name", () => {
  assertThrows(
    () => fromHuggingFaceConfig({ ...llama, model_type: "mamba2" }),
    TypeError,
    '"mamba2"',
  );
  assertThrows(
    () => fromHuggingFaceConfig({ ...llama, model_type: "toString" }),
    TypeError,
    "not supported",
  );
  assertThrows(() => fromHuggingFaceConfig({}), TypeError, "model_type");
  for (const value of [null, 3, [], "llama"]) {
    assertThrows(() => fromHuggingFaceConfig(value), TypeError, "JSON object");
  }
});

Deno.test("fromHuggingFaceConfig() names the field that is missing or out of range", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ num_hidden_layers: undefined }, "num_hidden_layers"],
    [{ num_hidden_layers: 0 }, "num_hidden_layers: must be at least 1: current value is 0"],
    [{ hidden_size: "64" }, "hidden_size"],
    [{ hidden_size: 1e12 }, "hidden_size"],
    [{ vocab_size: NaN }, "vocab_size"],
    [{ num_attention_heads: 7 }, "must divide evenly: current values are 64 and 7"],
    [{ num_key_value_heads: 3 }, "num_attention_heads and num_key_value_heads"],
    [{ layer_types: ["full_attention"] }, "layer_types must list 4 layers"],
    [
      { model_type: "mixtral", num_local_experts: 2, num_experts_per_tok: 3 },
      "num_experts_per_tok",
    ],
  ];
  for (const [change, words] of cases) {
    assertThrows(
      () => fromHuggingFaceConfig({ num_key_value_heads: 8, ...llama, ...change }, "mine"),
      TypeError,
      words,
    );
  }
});

Deno.test("findModel() lists similar names for an unknown one", () => {
  assertThrows(() => findModel("llama-3"), RangeError, "llama-3.1-8b");
});
