import type { Model } from "../../catalog/mod.ts";

const [hiddenSize, experts, routerWidth] = [2048, 16, 256];
const [queries, keys, headDimension] = [8, 2, 128];
const mixed = (queries + keys) * headDimension;

/** Compressed convolutional attention: two short convolutions over queries and keys, and a scale for each key head. */
const convolutions = mixed * (2 + 1) + mixed * (2 * headDimension + 1) + keys;
/** Three layers of its own in place of one matrix; one more output than experts, for tokens that skip the layer. */
const router = (hiddenSize + 1) * routerWidth + 2 * (routerWidth + 1) * routerWidth +
  routerWidth * (experts + 1) + 2 * routerWidth;

/**
 * ZAYA1-base: 16 experts of which one works, a router that is a small network, and attention in half of the width. Without the
 * table of tokens its shapes give 8.30 billion parameters and 0.754 that work; published are 8.3 and 0.76. A token may skip a layer's
 * experts, so on average fewer work.
 *
 * Source: the configuration and the shapes of tensors in the implementations for vLLM and MLX (2026), looked up; Zyphra, "Training
 * Foundation Models on a Full-Stack AMD Platform" (2025), for the published counts.
 */
export const zaya1: Model = {
  name: "ZAYA1-base",
  architecture: "zaya",
  hiddenSize,
  vocabularySize: 262_272,
  maximumContext: 131_072,
  tiedEmbeddings: true,
  learnedPositions: 0,
  normParameters: hiddenSize,
  layers: [{
    count: 40,
    norms: 2 + 2 * 4, // two norms, and a scale and a bias for what comes in and for what is added, twice
    attention: {
      kind: "heads",
      queryHeads: queries,
      keyValueHeads: keys,
      headDimension,
      extraParameters: convolutions,
    },
    feedForward: {
      kind: "experts",
      experts,
      expertsPerToken: 1,
      intermediateSize: 2048,
      gated: true,
      sharedIntermediateSize: 0,
      extraParametersPerExpert: 0,
      extraParameters: router - experts * hiddenSize, // the catalog counts a matrix of one row for each expert
    },
  }],
};
