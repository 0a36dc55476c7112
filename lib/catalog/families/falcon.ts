import { z } from "zod";
import type { Model } from "../model.ts";
import { divide, flag, optionalSize, readConfig, size } from "./config.ts";

const schema = z.looseObject({
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_kv_heads: optionalSize,
  ffn_hidden_size: optionalSize,
  vocab_size: size,
  max_position_embeddings: optionalSize,
  multi_query: flag,
  new_decoder_architecture: flag,
  parallel_attn: flag,
  num_ln_in_parallel_attn: z.int().min(1).max(2).nullish(),
  bias: flag,
  tie_word_embeddings: flag,
});

/**
 * Reads Falcon. Its 7B model has a single key-value head although its configuration states 71: with `multi_query`, and
 * without the new decoder, `num_kv_heads` is ignored.
 */
export function readFalcon(raw: Record<string, unknown>, name: string): Model {
  const config = readConfig(schema, raw, name);
  const { hidden_size: hiddenSize, num_attention_heads: queryHeads } = config;
  const headDimension = divide(hiddenSize, queryHeads, "hidden_size and num_attention_heads", name);
  const newDecoder = config.new_decoder_architecture ?? false;
  const stated = config.num_kv_heads ?? queryHeads;
  const keyValueHeads = newDecoder ? stated : (config.multi_query ?? true) ? 1 : stated;
  const parallel = config.parallel_attn ?? true;
  const intermediateSize = config.ffn_hidden_size ?? 4 * hiddenSize;
  const bias = config.bias ?? false;
  return {
    name,
    architecture: "falcon",
    hiddenSize,
    vocabularySize: config.vocab_size,
    maximumContext: config.max_position_embeddings ?? 2048,
    tiedEmbeddings: config.tie_word_embeddings ?? true,
    learnedPositions: 0,
    normParameters: 2 * hiddenSize,
    layers: [{
      count: config.num_hidden_layers,
      attention: {
        kind: "heads",
        queryHeads,
        keyValueHeads,
        headDimension,
        extraParameters: bias ? (queryHeads + 2 * keyValueHeads) * headDimension + hiddenSize : 0,
      },
      feedForward: {
        kind: "dense",
        intermediateSize,
        gated: false,
        extraParameters: bias ? intermediateSize + hiddenSize : 0,
      },
      norms: parallel ? config.num_ln_in_parallel_attn ?? (newDecoder ? 2 : 1) : 2,
    }],
  };
}
