import { z } from "zod";
import type { FeedForward, Model } from "../model.ts";
import { divide, flag, groupLayers, optionalSize, readConfig, size } from "./config.ts";

const schema = z.looseObject({
  hidden_size: size,
  intermediate_size: size,
  vocab_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: optionalSize,
  head_dim: optionalSize,
  max_position_embeddings: size,
  tie_word_embeddings: flag,
  attention_bias: flag,
  mlp_bias: flag,
  sliding_window: optionalSize,
  use_sliding_window: flag,
  max_window_layers: z.int().min(0).nullish(),
  layer_types: z.array(z.enum(["full_attention", "sliding_attention"])).nullish(),
  num_local_experts: optionalSize,
  num_experts: optionalSize,
  num_experts_per_tok: optionalSize,
  moe_intermediate_size: optionalSize,
  decoder_sparse_step: optionalSize,
  mlp_only_layers: z.array(z.int()).nullish(),
});

/** What differs between the families that share Llama's decoder: RMSNorm, rotary positions, a gated feed-forward. */
export interface DecoderFamily {
  /** Values that apply where the configuration leaves a field out, as the family's own class has them. */
  readonly defaults?: Record<string, unknown>;
  /** Biases of the query, key and value projections, and of the output projection: fixed, or as `attention_bias` says. */
  readonly biases?: readonly [queryKeyValue: boolean, output: boolean];
  /** A norm of its own for each head's query and key. */
  readonly queryKeyNorm?: true;
  /** A learned logit per head that takes part in the softmax and holds no value. */
  readonly sinks?: true;
  /** Norms per layer; two unless said otherwise. */
  readonly norms?: number;
  /** Which layers see only a window, when the configuration does not list `layer_types`. */
  readonly slides?: (layer: number, config: z.infer<typeof schema>) => boolean;
  /** Where the feed-forward is a mixture of experts. */
  readonly experts?: "every layer" | "every layer, with biases" | "by step";
}

/** Reads the configuration of a family with Llama's decoder. */
export function readDecoder(
  family: DecoderFamily,
  raw: Record<string, unknown>,
  name: string,
): Model {
  const config = readConfig(schema, { ...family.defaults, ...raw }, name);
  const { hidden_size: hiddenSize, num_attention_heads: queryHeads, num_hidden_layers: layers } =
    config;
  const keyValueHeads = config.num_key_value_heads ?? queryHeads;
  const headDimension = config.head_dim ??
    divide(hiddenSize, queryHeads, "hidden_size and num_attention_heads", name);
  divide(queryHeads, keyValueHeads, "num_attention_heads and num_key_value_heads", name);
  if (config.layer_types && config.layer_types.length !== layers) {
    throw new TypeError(
      `Cannot read the config of ${name}: layer_types must list ${layers} layers: current length is ${config.layer_types.length}`,
    );
  }
  const [queryKeyValueBias, outputBias] = family.biases ??
    [config.attention_bias ?? false, config.attention_bias ?? false];
  const attentionExtras =
    (queryKeyValueBias ? (queryHeads + 2 * keyValueHeads) * headDimension : 0) +
    (outputBias ? hiddenSize : 0) + (family.queryKeyNorm ? 2 * headDimension : 0) +
    (family.sinks ? queryHeads : 0);

  return {
    name,
    architecture: String(raw["model_type"]),
    hiddenSize,
    vocabularySize: config.vocab_size,
    maximumContext: config.max_position_embeddings,
    tiedEmbeddings: config.tie_word_embeddings ?? false,
    learnedPositions: 0,
    normParameters: hiddenSize,
    layers: groupLayers(layers, (layer) => {
      const slides = config.layer_types
        ? config.layer_types[layer] === "sliding_attention"
        : family.slides?.(layer, config);
      const window = slides ? config.sliding_window : undefined;
      return {
        attention: {
          kind: "heads",
          queryHeads,
          keyValueHeads,
          headDimension,
          ...(window ? { window } : {}),
          extraParameters: attentionExtras,
        },
        feedForward: feedForward(family, config, layer, name),
        norms: family.norms ?? 2,
      };
    }),
  };
}

function feedForward(
  family: DecoderFamily,
  config: z.infer<typeof schema>,
  layer: number,
  name: string,
): FeedForward {
  const { hidden_size: hidden, intermediate_size: intermediate } = config;
  const dense = family.experts === undefined || (family.experts === "by step" &&
    (config.mlp_only_layers?.includes(layer) ||
      (layer + 1) % (config.decoder_sparse_step ?? 1) !== 0));
  if (dense) {
    const extraParameters = config.mlp_bias ? 2 * intermediate + hidden : 0;
    return { kind: "dense", intermediateSize: intermediate, gated: true, extraParameters };
  }
  const experts = config.num_experts ?? config.num_local_experts;
  const expertsPerToken = config.num_experts_per_tok;
  if (!experts || !expertsPerToken || expertsPerToken > experts) {
    throw new TypeError(
      `Cannot read the config of ${name}: num_experts_per_tok must be from 1 to the number of experts: current values are ${expertsPerToken} and ${experts}`,
    );
  }
  const width = family.experts === "by step"
    ? config.moe_intermediate_size ?? intermediate
    : intermediate;
  const biased = family.experts === "every layer, with biases";
  return {
    kind: "experts",
    experts,
    expertsPerToken,
    intermediateSize: width,
    gated: true,
    sharedIntermediateSize: 0,
    extraParametersPerExpert: biased ? 2 * width + hidden : 0,
    extraParameters: biased ? experts : 0,
  };
}
