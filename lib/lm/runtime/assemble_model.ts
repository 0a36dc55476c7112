import {
  type Attention,
  fromHuggingFaceConfig,
  type HeadAttention,
  type Model,
} from "../../catalog/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import type { Tensor } from "../weights/safetensors.ts";
import type { LanguageModel, LayerWeights, Weight, WeightTransform } from "./language_model.ts";

/**
 * Puts a model together from its configuration and its tensors, under the names that Llama's checkpoints use.
 *
 * Layers may have windows, as `layer_types` and `sliding_window` say. With `kv_lora_rank` and `qk_rope_head_dim`, keys and
 * values are made of latents; these tensors have the names of the course's data/lm/model.py, since DeepSeek's order the
 * same numbers otherwise.
 *
 * @param config A `config.json` of a Llama: dense, with grouped heads, RMSNorm and rotary positions.
 * @param transform Applied to each matrix once; the embedding table is passed as "model.embed_tokens.weight".
 * @throws {TypeError} when the architecture is another, or a tensor is missing or has another shape.
 */
export function assembleModel(
  config: unknown,
  tensors: ReadonlyMap<string, Tensor>,
  transform?: WeightTransform,
): LanguageModel {
  const fields = config as Record<string, unknown>;
  const { shape, heads, width, latent } = readShape(fields);
  const { hiddenSize, vocabularySize } = shape;
  const { queryHeads, keyValueHeads, headDimension } = heads;

  const find = (name: string, ...wanted: number[]): Float32Array<ArrayBuffer> => {
    const tensor = tensors.get(name);
    if (!tensor) throw new TypeError(`Cannot run a model as the tensor ${name} is missing`);
    if (tensor.shape.join() !== wanted.join()) {
      throw new TypeError(
        `Cannot run a model as ${name} must have shape [${wanted}]: current shape is [${tensor.shape}]`,
      );
    }
    return tensor.data;
  };
  const matrix = (name: string, outputs: number, inputs: number): Weight => {
    const weight = { name, outputs, inputs, data: find(name, outputs, inputs) };
    if (!transform) return weight;
    const data = transform(weight);
    if (data.length !== outputs * inputs) {
      throw new TypeError(
        `Cannot transform ${name} as the result must have ${
          outputs * inputs
        } values: current length is ${data.length}`,
      );
    }
    return { ...weight, data };
  };
  const layerOf = (layer: number): LayerWeights => {
    const at = (part: string) => `model.layers.${layer}.${part}.weight`;
    const window = windowOf(fields, layer);
    const source = latent?.keyValueRank ?? hiddenSize; // what keys and values are made of
    return {
      attentionNorm: find(at("input_layernorm"), hiddenSize),
      queries: matrix(at("self_attn.q_proj"), queryHeads * headDimension, hiddenSize),
      keys: matrix(at("self_attn.k_proj"), keyValueHeads * headDimension, source),
      values: matrix(at("self_attn.v_proj"), keyValueHeads * headDimension, source),
      output: matrix(at("self_attn.o_proj"), hiddenSize, queryHeads * headDimension),
      ...(latent && {
        latent: {
          rotaryQueries: matrix(
            at("self_attn.q_rope_proj"),
            queryHeads * latent.rotaryDimension,
            hiddenSize,
          ),
          down: matrix(at("self_attn.down_proj_kv"), latent.keyValueRank, hiddenSize),
          norm: find(at("self_attn.latent_norm"), latent.keyValueRank),
          rotaryKey: matrix(at("self_attn.k_rope_proj"), latent.rotaryDimension, hiddenSize),
        },
      }),
      ...(window && { window }),
      feedForwardNorm: find(at("post_attention_layernorm"), hiddenSize),
      gate: matrix(at("mlp.gate_proj"), width, hiddenSize),
      up: matrix(at("mlp.up_proj"), width, hiddenSize),
      down: matrix(at("mlp.down_proj"), hiddenSize, width),
    };
  };
  const embedding = matrix("model.embed_tokens.weight", vocabularySize, hiddenSize);
  return {
    shape,
    queryHeads,
    keyValueHeads: latent ? 1 : keyValueHeads,
    headDimension: latent ? latent.keyValueRank + latent.rotaryDimension : headDimension,
    ropeTheta: Number(fields["rope_theta"] ?? 10_000),
    normEpsilon: Number(fields["rms_norm_eps"] ?? 1e-6),
    embedding,
    norm: find("model.norm.weight", hiddenSize),
    head: shape.tiedEmbeddings ? embedding : matrix("lm_head.weight", vocabularySize, hiddenSize),
    layers: Array.from({ length: Number(fields["num_hidden_layers"]) }, (_, i) => layerOf(i)),
  };
}

/** The widths of latents. */
interface Latent {
  readonly keyValueRank: number;
  readonly rotaryDimension: number;
}

/** The shape for the operator table, and the widths of the tensors, which all layers share. */
function readShape(
  fields: Record<string, unknown>,
): { shape: Model; heads: HeadAttention; width: number; latent?: Latent } {
  const shape = fromHuggingFaceConfig(fields, "a language model");
  const [{ attention: heads, feedForward }] = shape.layers as [Model["layers"][number]];
  if (
    shape.architecture !== "llama" || heads.kind !== "heads" || feedForward.kind !== "dense"
  ) {
    throw new TypeError(
      `Cannot run a model as its architecture must be llama: current value is ${shape.architecture}`,
    );
  }
  const width = feedForward.intermediateSize;
  if ((fields["kv_lora_rank"] ?? null) === null) return { shape, heads, width };
  const { queryHeads, keyValueHeads, headDimension } = heads;
  const size = (name: string) => requireInteger(Number(fields[name]), 1, "run a model", name);
  const latent = {
    keyValueRank: size("kv_lora_rank"),
    rotaryDimension: size("qk_rope_head_dim"),
  };
  const windowed = shape.layers.some(({ attention }) =>
    attention.kind === "heads" && attention.window !== undefined
  );
  if (keyValueHeads !== queryHeads || windowed) {
    throw new TypeError(
      `Cannot run a model as latents must serve as many key-value heads as query heads, without windows: current numbers are ${keyValueHeads} and ${queryHeads}${
        windowed ? ", with windows" : ""
      }`,
    );
  }
  const attention: Attention = {
    kind: "latent",
    queryHeads,
    ...latent,
    keyDimension: headDimension,
    valueDimension: headDimension,
    extraParameters: latent.keyValueRank,
  };
  return {
    shape: { ...shape, layers: shape.layers.map((group) => ({ ...group, attention })) },
    heads,
    width,
    latent,
  };
}

/** How many tokens a layer sees; undefined for all. The shape puts equal layers together, so it does not know. */
function windowOf(fields: Record<string, unknown>, layer: number): number | undefined {
  const types = fields["layer_types"] as readonly string[] | null | undefined;
  if (types?.[layer] !== "sliding_attention") return undefined;
  return (fields["sliding_window"] ?? undefined) as number | undefined;
}
