import { z } from "zod";
import type { Model } from "../model.ts";
import { divide, flag, optionalSize, readConfig, size } from "./config.ts";

const gpt2 = z.looseObject({
  n_embd: size,
  n_layer: size,
  n_head: size,
  n_positions: size,
  n_inner: optionalSize,
  vocab_size: size,
  tie_word_embeddings: flag,
});

/** Reads GPT-2 and GPT-3: learned positions, LayerNorm, biases everywhere, one key-value head per query head. */
export function readGpt2(raw: Record<string, unknown>, name: string): Model {
  const config = readConfig(gpt2, raw, name);
  return classic(name, "gpt2", {
    hiddenSize: config.n_embd,
    layers: config.n_layer,
    heads: config.n_head,
    intermediateSize: config.n_inner ?? 4 * config.n_embd,
    vocabularySize: config.vocab_size,
    positions: config.n_positions,
    maximumContext: config.n_positions,
    tiedEmbeddings: config.tie_word_embeddings ?? true,
  });
}

const opt = z.looseObject({
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  ffn_dim: size,
  vocab_size: size,
  max_position_embeddings: size,
  tie_word_embeddings: flag,
  word_embed_proj_dim: optionalSize,
  do_layer_norm_before: z.literal(true, "must be true: norms after the block are not supported")
    .nullish(),
  enable_bias: z.literal(true, "must be true: OPT without biases is not supported").nullish(),
});

/** Reads OPT: GPT-3's shape, with two unused rows in its position table. */
export function readOpt(raw: Record<string, unknown>, name: string): Model {
  const config = readConfig(opt, raw, name);
  if (config.word_embed_proj_dim && config.word_embed_proj_dim !== config.hidden_size) {
    throw new TypeError(
      `Cannot read the config of ${name}: word_embed_proj_dim must equal hidden_size: current value is ${config.word_embed_proj_dim}`,
    );
  }
  return classic(name, "opt", {
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    intermediateSize: config.ffn_dim,
    vocabularySize: config.vocab_size,
    positions: config.max_position_embeddings + 2,
    maximumContext: config.max_position_embeddings,
    tiedEmbeddings: config.tie_word_embeddings ?? true,
  });
}

interface Classic {
  hiddenSize: number;
  layers: number;
  heads: number;
  intermediateSize: number;
  vocabularySize: number;
  positions: number;
  maximumContext: number;
  tiedEmbeddings: boolean;
}

function classic(name: string, architecture: string, shape: Classic): Model {
  const { hiddenSize, heads, intermediateSize } = shape;
  return {
    name,
    architecture,
    hiddenSize,
    vocabularySize: shape.vocabularySize,
    maximumContext: shape.maximumContext,
    tiedEmbeddings: shape.tiedEmbeddings,
    learnedPositions: shape.positions,
    normParameters: 2 * hiddenSize,
    layers: [{
      count: shape.layers,
      attention: {
        kind: "heads",
        queryHeads: heads,
        keyValueHeads: heads,
        headDimension: divide(hiddenSize, heads, "the hidden size and the heads", name),
        extraParameters: 4 * hiddenSize,
      },
      feedForward: {
        kind: "dense",
        intermediateSize,
        gated: false,
        extraParameters: intermediateSize + hiddenSize,
      },
      norms: 2,
    }],
  };
}
