import type { ByteSource } from "./byte_source.ts";
import { dequantize } from "./dequantize.ts";
import { type GgufHeader, type GgufTensor, readGgufHeader } from "./gguf_header.ts";
import { shown } from "./gguf_values.ts";
import type { Tensor } from "./safetensors.ts";

/** A model from a GGUF file, as {@linkcode assembleModel} takes it. */
export interface GgufModel {
  readonly header: GgufHeader;
  /** The fields that the `config.json` of this model would have. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Its tensors as 32-bit floats, under the names of Llama's checkpoints. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The parts of a layer, as GGUF and as Llama's checkpoints name them. */
const parts = {
  attn_norm: "input_layernorm",
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
  ffn_norm: "post_attention_layernorm",
  ffn_gate: "mlp.gate_proj",
  ffn_up: "mlp.up_proj",
  ffn_down: "mlp.down_proj",
} as const;

/** Metadata that would change what is computed, in ways that the runtime does not know. */
const unsupported = [
  "attention.sliding_window",
  "expert_count",
  "rope.scaling.factor",
  "rope.scale_linear",
];

/**
 * Reads a model of the Llama architecture from a GGUF file.
 *
 * Tensors are read and widened one after the other, so that memory holds the 32-bit model and one tensor of the file.
 *
 * `assembleModel(config, tensors)` makes the model of it; {@linkcode readGgufTokenizer} reads what turns text into its
 * tokens.
 *
 * @throws {SyntaxError} naming the field or the tensor, for a damaged file.
 * @throws {TypeError} naming the field or the tensor, for a model that the runtime would not compute as its makers do.
 */
export async function readGguf(source: ByteSource): Promise<GgufModel> {
  const header = await readGgufHeader(source);
  const config = configOf(header);
  const tensors = new Map<string, Tensor>();
  for (const [name, tensor] of namedTensors(header, config.num_hidden_layers)) {
    const bytes = await source.read(tensor.offset, tensor.length);
    if (bytes.length !== tensor.length) {
      throw new SyntaxError(`Cannot read GGUF: tensor ${shown(tensor.name)} ends early`);
    }
    let data = dequantize(tensor.format, bytes);
    const heads = /\.attn_q\./.test(tensor.name)
      ? config.num_attention_heads
      : /\.attn_k\./.test(tensor.name)
      ? config.num_key_value_heads
      : 0;
    if (heads > 0) data = separateHalves(data, tensor, heads * config.head_dim, config.head_dim);
    tensors.set(name, { name, storedAs: tensor.format.name, shape: tensor.shape, data });
  }
  return { header, config, tensors };
}

function configOf({ metadata, tensors }: GgufHeader) {
  const refuse = (field: string, requirement: string, value: unknown): never => {
    throw new TypeError(
      `Cannot run this GGUF as ${field} must ${requirement}: current value is ${shown(value)}`,
    );
  };
  const architecture = metadata.get("general.architecture");
  if (architecture !== "llama") refuse("general.architecture", "be llama", architecture);
  const number = (key: string, otherwise?: number): number => {
    const value = metadata.get(`llama.${key}`) ?? otherwise;
    return typeof value === "number" && value > 0 && value < 2 ** 32
      ? value
      : refuse(`llama.${key}`, "be a number above 0", value);
  };
  const size = (key: string, otherwise?: number): number => {
    const value = number(key, otherwise);
    return Number.isInteger(value) ? value : refuse(`llama.${key}`, "be a whole number", value);
  };
  for (const key of unsupported) {
    const value = metadata.get(`llama.${key}`);
    if (value !== undefined && value !== 0 && value !== 1) {
      refuse(`llama.${key}`, "be absent, as the runtime does not know it", value);
    }
  }
  const scaling = metadata.get("llama.rope.scaling.type") ?? "none";
  if (scaling !== "none") refuse("llama.rope.scaling.type", "be none", scaling);

  const hidden = size("embedding_length");
  const heads = size("attention.head_count");
  const dimension = size("attention.key_length", hidden / heads);
  if (dimension % 2 !== 0) refuse("llama.attention.key_length", "be even", dimension);
  for (const key of ["attention.value_length", "rope.dimension_count"]) {
    const value = size(key, dimension);
    if (value !== dimension) refuse(`llama.${key}`, `be the head dimension ${dimension}`, value);
  }
  const layers = size("block_count");
  if (layers > tensors.size) {
    refuse("llama.block_count", `be at most the ${tensors.size} tensors in the file`, layers);
  }
  return {
    model_type: "llama",
    vocab_size: tensors.get("token_embd.weight")?.shape[0] ?? size("vocab_size"),
    hidden_size: hidden,
    intermediate_size: size("feed_forward_length"),
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: size("attention.head_count_kv", heads),
    head_dim: dimension,
    max_position_embeddings: size("context_length"),
    rope_theta: number("rope.freq_base", 10_000),
    rms_norm_eps: number("attention.layer_norm_rms_epsilon"),
    tie_word_embeddings: !tensors.has("output.weight"),
  };
}

/** The tensors of the file under their other names. One that has no place in the runtime is refused. */
function namedTensors({ tensors }: GgufHeader, layers: number): Map<string, GgufTensor> {
  const names = new Map([
    ["token_embd.weight", "model.embed_tokens.weight"],
    ["output_norm.weight", "model.norm.weight"],
    ["output.weight", "lm_head.weight"],
  ]);
  for (let layer = 0; layer < layers; layer++) {
    for (const [part, name] of Object.entries(parts)) {
      names.set(`blk.${layer}.${part}.weight`, `model.layers.${layer}.${name}.weight`);
    }
  }
  const named = new Map<string, GgufTensor>();
  for (const tensor of tensors.values()) {
    const name = names.get(tensor.name);
    if (!name) {
      throw new TypeError(
        `Cannot run this GGUF as the runtime has no place for tensor ${shown(tensor.name)}`,
      );
    }
    named.set(name, tensor);
  }
  return named;
}

/**
 * Puts the rows of queries or keys in the order of Llama's checkpoints. A rotation turns pairs of rows of a head: in
 * GGUF the two of a pair are neighbors; in checkpoints the first half of a head is paired with the second.
 */
function separateHalves(
  data: Float32Array<ArrayBuffer>,
  { name, shape }: GgufTensor,
  rows: number,
  dimension: number,
): Float32Array<ArrayBuffer> {
  const [outputs, inputs, ...rest] = shape;
  if (outputs !== rows || inputs === undefined || rest.length > 0) {
    throw new SyntaxError(
      `Cannot read GGUF: tensor ${shown(name)} must have ${rows} rows: current shape is [${shape}]`,
    );
  }
  const ordered = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const within = row % dimension;
    const to = row - within + (within >> 1) + (within & 1) * (dimension / 2);
    ordered.set(data.subarray(row * inputs, (row + 1) * inputs), to * inputs);
  }
  return ordered;
}
