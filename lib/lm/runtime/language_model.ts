import { fromHuggingFaceConfig, type Model } from "../../catalog/mod.ts";
import type { Tensor } from "../weights/safetensors.ts";

/** A matrix of weights as it is multiplied: `outputs` rows of `inputs` numbers. */
export interface Weight {
  readonly name: string;
  readonly outputs: number;
  readonly inputs: number;
  readonly data: Float32Array<ArrayBuffer>;
}

/** What is done to each weight matrix when a model is loaded: quantized, pruned, rotated. Norms are left alone. */
export type WeightTransform = (weight: Weight) => Float32Array<ArrayBuffer>;

/** The weights of one layer. */
export interface LayerWeights {
  readonly attentionNorm: Float32Array;
  readonly queries: Weight;
  readonly keys: Weight;
  readonly values: Weight;
  readonly output: Weight;
  readonly feedForwardNorm: Float32Array;
  readonly gate: Weight;
  readonly up: Weight;
  readonly down: Weight;
}

/** A language model that runs: a shape, and its weights. */
export interface LanguageModel {
  readonly shape: Model;
  readonly layers: readonly LayerWeights[];
  readonly embedding: Weight;
  readonly norm: Float32Array;
  readonly head: Weight;
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  readonly headDimension: number;
  readonly ropeTheta: number;
  readonly normEpsilon: number;
}

/**
 * Puts a model together from its configuration and its tensors, under the names that Llama's checkpoints use.
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
  const shape = fromHuggingFaceConfig(config, "a language model");
  const [group, ...others] = shape.layers;
  if (
    shape.architecture !== "llama" || !group || others.length > 0 ||
    group.attention.kind !== "heads" || group.feedForward.kind !== "dense"
  ) {
    throw new TypeError(
      `Cannot run a model as its architecture must be llama with equal layers: current value is ${shape.architecture}`,
    );
  }
  const { queryHeads, keyValueHeads, headDimension } = group.attention;
  const { hiddenSize, vocabularySize } = shape;
  const width = group.feedForward.intermediateSize;

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
  const embedding = matrix("model.embed_tokens.weight", vocabularySize, hiddenSize);
  return {
    shape,
    queryHeads,
    keyValueHeads,
    headDimension,
    ropeTheta: Number(fields["rope_theta"] ?? 10_000),
    normEpsilon: Number(fields["rms_norm_eps"] ?? 1e-6),
    embedding,
    norm: find("model.norm.weight", hiddenSize),
    head: shape.tiedEmbeddings ? embedding : matrix("lm_head.weight", vocabularySize, hiddenSize),
    layers: Array.from({ length: group.count }, (_, layer) => {
      const at = (part: string) => `model.layers.${layer}.${part}.weight`;
      return {
        attentionNorm: find(at("input_layernorm"), hiddenSize),
        queries: matrix(at("self_attn.q_proj"), queryHeads * headDimension, hiddenSize),
        keys: matrix(at("self_attn.k_proj"), keyValueHeads * headDimension, hiddenSize),
        values: matrix(at("self_attn.v_proj"), keyValueHeads * headDimension, hiddenSize),
        output: matrix(at("self_attn.o_proj"), hiddenSize, queryHeads * headDimension),
        feedForwardNorm: find(at("post_attention_layernorm"), hiddenSize),
        gate: matrix(at("mlp.gate_proj"), width, hiddenSize),
        up: matrix(at("mlp.up_proj"), width, hiddenSize),
        down: matrix(at("mlp.down_proj"), hiddenSize, width),
      };
    }),
  };
}
