/** A small Llama in two forms: as a checkpoint has it, and as a GGUF file. */
import { seeded } from "../../../lib/numeric/mod.ts";
import type { Tensor } from "../../../lib/lm/weights/safetensors.ts";
import { type GgufParts, type TensorPart, type Typed } from "./write_gguf.ts";

export const [hidden, heads, keyValueHeads, dimension, width, layers] = [8, 2, 1, 4, 12, 2];
export const vocabulary = ["a", "b", "c", "ab", "abc", "<|x|>"];

export const config = {
  model_type: "llama",
  vocab_size: vocabulary.length,
  hidden_size: hidden,
  intermediate_size: width,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: keyValueHeads,
  head_dim: dimension,
  max_position_embeddings: 64,
  rope_theta: 100_000,
  rms_norm_eps: 0.5,
  tie_word_embeddings: true,
};

const f32 = (values: Float32Array<ArrayBuffer>) => new Uint8Array(values.buffer);

/** For each row of a GGUF's queries or keys, the row of the checkpoint: halves of a head become neighbors. */
function interleaved(rows: number): number[] {
  const order: number[] = [];
  for (let head = 0; head < rows; head += dimension) {
    for (let pair = 0; pair < dimension / 2; pair++) {
      order.push(head + pair, head + dimension / 2 + pair);
    }
  }
  return order;
}

/** Random weights: the tensors of the checkpoint, and those of the file. */
export function tinyTensors(
  words = vocabulary.length,
): { checkpoint: Map<string, Tensor>; parts: TensorPart[] } {
  const random = seeded(7);
  const checkpoint = new Map<string, Tensor>();
  const parts: TensorPart[] = [];
  const make = (name: string, ggufName: string, shape: number[], turned = false) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = Float32Array.from({ length: count }, () => random.normal());
    const written = data.slice();
    if (turned) {
      interleaved(shape[0]!).forEach((from, to) =>
        written.set(data.subarray(from * hidden, (from + 1) * hidden), to * hidden)
      );
    }
    checkpoint.set(name, { name, storedAs: "F32", shape, data });
    parts.push({ name: ggufName, shape, type: 0, bytes: f32(written) });
  };
  make("model.embed_tokens.weight", "token_embd.weight", [words, hidden]);
  for (let layer = 0; layer < layers; layer++) {
    const at = (part: string) => `model.layers.${layer}.${part}.weight`;
    const own = (part: string) => `blk.${layer}.${part}.weight`;
    const keyRows = keyValueHeads * dimension;
    make(at("input_layernorm"), own("attn_norm"), [hidden]);
    make(at("mlp.down_proj"), own("ffn_down"), [hidden, width]);
    make(at("mlp.gate_proj"), own("ffn_gate"), [width, hidden]);
    make(at("mlp.up_proj"), own("ffn_up"), [width, hidden]);
    make(at("post_attention_layernorm"), own("ffn_norm"), [hidden]);
    make(at("self_attn.k_proj"), own("attn_k"), [keyRows, hidden], true);
    make(at("self_attn.o_proj"), own("attn_output"), [hidden, heads * dimension]);
    make(at("self_attn.q_proj"), own("attn_q"), [heads * dimension, hidden], true);
    make(at("self_attn.v_proj"), own("attn_v"), [keyRows, hidden]);
  }
  make("model.norm.weight", "output_norm.weight", [hidden]);
  return { checkpoint, parts };
}

export const tinyMetadata: Readonly<Record<string, Typed>> = {
  "general.architecture": ["string", "llama"],
  "llama.block_count": ["u32", layers],
  "llama.context_length": ["u32", 64],
  "llama.embedding_length": ["u32", hidden],
  "llama.feed_forward_length": ["u32", width],
  "llama.attention.head_count": ["u32", heads],
  "llama.attention.head_count_kv": ["u64", BigInt(keyValueHeads)],
  "llama.rope.freq_base": ["f32", 100_000],
  "llama.attention.layer_norm_rms_epsilon": ["f32", 0.5],
  "llama.rope.dimension_count": ["u32", dimension],
  "tokenizer.ggml.model": ["string", "gpt2"],
  "tokenizer.ggml.pre": ["string", "smollm"],
  "tokenizer.ggml.tokens": ["strings", vocabulary],
  "tokenizer.ggml.token_type": ["i32s", [1, 1, 1, 1, 1, 3]],
  "tokenizer.ggml.merges": ["strings", ["a b", "ab c"]],
  "tokenizer.ggml.eos_token_id": ["u32", 5],
};

/** The file, with changes. */
export function tiny(changes: Partial<GgufParts> = {}): GgufParts {
  return { metadata: tinyMetadata, tensors: tinyTensors().parts, ...changes };
}
