/** The very small model of tiny.ts with latent attention, whose widths all differ. */
import {
  assembleModel,
  type LanguageModel,
  type Tensor,
  type WeightTransform,
} from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { tinyConfig, tinyTensors } from "./tiny.ts";

export const tinyLatentConfig = {
  ...tinyConfig,
  num_key_value_heads: 6,
  kv_lora_rank: 10,
  qk_rope_head_dim: 2,
  rms_norm_eps: 1e-6,
};

export function tinyLatentTensors(seed = 1): Map<string, Tensor> {
  const tensors = tinyTensors(seed);
  const random = seeded(seed + 1);
  const {
    hidden_size: hidden,
    num_attention_heads: heads,
    head_dim: width,
    kv_lora_rank: rank,
    qk_rope_head_dim: rotary,
  } = tinyLatentConfig;
  const add = (name: string, ...shape: number[]) => {
    const data = Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      () => shape.length === 1 ? 1 + 0.2 * random.normal() : 0.5 * random.normal(),
    );
    tensors.set(name, { name, storedAs: "F32", shape, data });
  };
  for (let layer = 0; layer < tinyLatentConfig.num_hidden_layers; layer++) {
    const at = (part: string) => `model.layers.${layer}.self_attn.${part}.weight`;
    add(at("q_rope_proj"), heads * rotary, hidden);
    add(at("down_proj_kv"), rank, hidden);
    add(at("k_rope_proj"), rotary, hidden);
    add(at("latent_norm"), rank);
    add(at("k_proj"), heads * width, rank);
    add(at("v_proj"), heads * width, rank);
  }
  return tensors;
}

export function tinyLatentModel(transform?: WeightTransform): LanguageModel {
  return assembleModel(tinyLatentConfig, tinyLatentTensors(), transform);
}
