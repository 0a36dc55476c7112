import { assertAlmostEquals, assertEquals } from "@std/assert";
import { scheduleGradients, segmentSchedule, uniformChain } from "@fewer-bytes/training";
import { smallModel } from "./small_model.ts";

// Made with PyTorch 2.13 in 64 bits: the same model with the same weights, its loss by cross_entropy over tokens 1 to 6,
// its gradients by backward(). Of each gradient its norm, and its sum weighed with cos(index).
const golden: Readonly<Record<string, readonly [number, number]>> = {
  "model.embed_tokens.weight": [1.0313536, -0.1048920],
  "model.layers.0.input_layernorm.weight": [0.1124544, -0.0254044],
  "model.layers.0.self_attn.q_proj.weight": [0.2610296, 0.1431804],
  "model.layers.0.self_attn.k_proj.weight": [0.2842418, -0.2346724],
  "model.layers.0.self_attn.v_proj.weight": [0.2201003, 0.0270864],
  "model.layers.0.self_attn.o_proj.weight": [0.9993901, 0.0403059],
  "model.layers.0.post_attention_layernorm.weight": [0.0152238, 0.0118057],
  "model.layers.0.mlp.gate_proj.weight": [0.0637532, -0.0059695],
  "model.layers.0.mlp.up_proj.weight": [0.0661583, -0.0045471],
  "model.layers.0.mlp.down_proj.weight": [0.0983025, -0.0045118],
  "model.layers.1.input_layernorm.weight": [0.0723581, -0.0401242],
  "model.layers.1.self_attn.q_proj.weight": [0.0384547, 0.0092097],
  "model.layers.1.self_attn.k_proj.weight": [0.0290244, 0.0437146],
  "model.layers.1.self_attn.v_proj.weight": [0.2191224, -0.0215797],
  "model.layers.1.self_attn.o_proj.weight": [0.2729480, 0.0131968],
  "model.layers.1.post_attention_layernorm.weight": [0.0069051, 0.0078288],
  "model.layers.1.mlp.gate_proj.weight": [0.0407272, -0.0030400],
  "model.layers.1.mlp.up_proj.weight": [0.0425147, -0.0030778],
  "model.layers.1.mlp.down_proj.weight": [0.1131582, 0.0000242],
  "model.norm.weight": [0.2638652, 0.1812485],
};
const tokens = [1, 5, 2, 9, 5, 0, 3];

Deno.test("loss and every gradient are those of PyTorch", () => {
  const { loss, gradients } = scheduleGradients(
    smallModel(),
    tokens,
    segmentSchedule(uniformChain(2), 1),
  );
  assertAlmostEquals(loss, 2.342649082606615, 1e-6);
  assertEquals([...gradients.keys()].toSorted(), Object.keys(golden).toSorted());
  for (const [name, [norm, weighed]] of Object.entries(golden)) {
    const gradient = [...gradients.get(name)!];
    assertAlmostEquals(Math.hypot(...gradient), norm, 2e-6, name);
    const sum = gradient.reduce((total, slope, i) => total + slope * Math.cos(i), 0);
    assertAlmostEquals(sum, weighed, 2e-6, name);
  }
});
