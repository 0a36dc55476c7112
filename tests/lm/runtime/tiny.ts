/** A very small model with random weights, for tests that need no knowledge of the language. */
import { seeded } from "@fewer-bytes/numeric";
import {
  assembleModel,
  type LanguageModel,
  type Tensor,
  type WeightTransform,
} from "@fewer-bytes/lm";

export const tinyConfig = {
  model_type: "llama",
  vocab_size: 23,
  hidden_size: 24,
  intermediate_size: 40,
  num_hidden_layers: 3,
  num_attention_heads: 6,
  num_key_value_heads: 2,
  head_dim: 4,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
  rope_theta: 10_000,
  rms_norm_eps: 1e-5,
};

export function tinyTensors(seed = 1): Map<string, Tensor> {
  const random = seeded(seed);
  const tensors = new Map<string, Tensor>();
  const add = (name: string, ...shape: number[]) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const gain = shape.length === 1;
    const data = Float32Array.from(
      { length: count },
      () => gain ? 1 + 0.2 * random.normal() : 0.4 * random.normal(),
    );
    tensors.set(name, { name, storedAs: "F32", shape, data });
  };
  const { hidden_size: h, intermediate_size: f, vocab_size: v } = tinyConfig;
  add("model.embed_tokens.weight", v, h);
  add("model.norm.weight", h);
  for (let layer = 0; layer < tinyConfig.num_hidden_layers; layer++) {
    const at = (part: string) => `model.layers.${layer}.${part}.weight`;
    add(at("input_layernorm"), h);
    add(at("post_attention_layernorm"), h);
    add(at("self_attn.q_proj"), 24, h);
    add(at("self_attn.k_proj"), 8, h);
    add(at("self_attn.v_proj"), 8, h);
    add(at("self_attn.o_proj"), h, 24);
    add(at("mlp.gate_proj"), f, h);
    add(at("mlp.up_proj"), f, h);
    add(at("mlp.down_proj"), h, f);
  }
  return tensors;
}

export function tinyModel(transform?: WeightTransform): LanguageModel {
  return assembleModel(tinyConfig, tinyTensors(), transform);
}
