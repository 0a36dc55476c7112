import { z } from "zod";
import type { Model } from "../model.ts";
import { flag, groupLayers, optionalSize, readConfig, size } from "./config.ts";

const schema = z.looseObject({
  hidden_size: size,
  intermediate_size: size,
  vocab_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  max_position_embeddings: size,
  tie_word_embeddings: flag,
  attention_bias: z.literal(false, "must be false: biased latent projections are not supported")
    .nullish(),
  q_lora_rank: optionalSize,
  kv_lora_rank: size,
  qk_rope_head_dim: size,
  qk_nope_head_dim: size,
  v_head_dim: size,
  n_routed_experts: optionalSize,
  n_shared_experts: z.int().min(0).nullish(),
  num_experts_per_tok: optionalSize,
  moe_intermediate_size: optionalSize,
  first_k_dense_replace: z.int().min(0).nullish(),
  moe_layer_freq: z.literal(1, "must be 1: mixtures in only some layers are not supported")
    .nullish(),
});

/**
 * Reads DeepSeek-V2 and V3: latent attention, a few dense layers, then mixtures with shared experts.
 *
 * The module that predicts a second token (`num_nextn_predict_layers`) is no part of the main model and is left out.
 *
 * @param routerBias V3 keeps one correction per expert, which balances the load.
 */
export function readDeepSeek(
  routerBias: boolean,
  raw: Record<string, unknown>,
  name: string,
): Model {
  const config = readConfig(schema, raw, name);
  const { hidden_size: hiddenSize, kv_lora_rank: keyValueRank, q_lora_rank: queryRank } = config;
  const {
    n_routed_experts: experts,
    num_experts_per_tok: expertsPerToken,
    moe_intermediate_size: intermediateSize,
  } = config;
  if (experts && !(expertsPerToken && expertsPerToken <= experts && intermediateSize)) {
    throw new TypeError(
      `Cannot read the config of ${name}: a mixture needs num_experts_per_tok up to ${experts} and moe_intermediate_size: current values are ${expertsPerToken} and ${intermediateSize}`,
    );
  }
  return {
    name,
    architecture: String(raw["model_type"]),
    hiddenSize,
    vocabularySize: config.vocab_size,
    maximumContext: config.max_position_embeddings,
    tiedEmbeddings: config.tie_word_embeddings ?? false,
    learnedPositions: 0,
    normParameters: hiddenSize,
    layers: groupLayers(config.num_hidden_layers, (layer) => ({
      attention: {
        kind: "latent",
        queryHeads: config.num_attention_heads,
        ...(queryRank ? { queryRank } : {}),
        keyValueRank,
        rotaryDimension: config.qk_rope_head_dim,
        keyDimension: config.qk_nope_head_dim,
        valueDimension: config.v_head_dim,
        extraParameters: keyValueRank + (queryRank ?? 0),
      },
      feedForward: experts && layer >= (config.first_k_dense_replace ?? 0)
        ? {
          kind: "experts",
          experts,
          expertsPerToken: expertsPerToken!,
          intermediateSize: intermediateSize!,
          gated: true,
          sharedIntermediateSize: (config.n_shared_experts ?? 0) * intermediateSize!,
          extraParametersPerExpert: 0,
          extraParameters: routerBias ? experts : 0,
        }
        : {
          kind: "dense",
          intermediateSize: config.intermediate_size,
          gated: true,
          extraParameters: 0,
        },
      norms: 2,
    })),
  };
}
