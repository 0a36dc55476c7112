/** A model of two layers whose weights are sines, so that another program can have the same ones: for tests. */
import { assembleModel, type LanguageModel } from "@fewer-bytes/lm";

const [width, wide, vocabulary, queries, keys] = [8, 12, 11, 16, 8];

export function smallModel(config: Readonly<Record<string, unknown>> = {}): LanguageModel {
  const shapes: [string, number[]][] = [["model.embed_tokens.weight", [vocabulary, width]]];
  for (const layer of [0, 1]) {
    const at = (part: string) => `model.layers.${layer}.${part}.weight`;
    shapes.push(
      [at("input_layernorm"), [width]],
      [at("self_attn.q_proj"), [queries, width]],
      [at("self_attn.k_proj"), [keys, width]],
      [at("self_attn.v_proj"), [keys, width]],
      [at("self_attn.o_proj"), [width, queries]],
      [at("post_attention_layernorm"), [width]],
      [at("mlp.gate_proj"), [wide, width]],
      [at("mlp.up_proj"), [wide, width]],
      [at("mlp.down_proj"), [width, wide]],
    );
  }
  shapes.push(["model.norm.weight", [width]]);
  const tensors = shapes.map(([name, shape], k) => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => {
      const weight = 0.4 * Math.sin(1.3 * i + 0.7 * k + 1);
      return shape.length === 1 ? 1 + 0.5 * weight : weight;
    });
    return [name, { name, storedAs: "F32", shape, data }] as const;
  });
  return assembleModel({
    model_type: "llama",
    vocab_size: vocabulary,
    max_position_embeddings: 64,
    tie_word_embeddings: true,
    rope_theta: 500_000,
    rms_norm_eps: 1e-5,
    hidden_size: width,
    intermediate_size: wide,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 4,
    ...config,
  }, new Map(tensors));
}
