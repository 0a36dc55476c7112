import type { Model } from "../../catalog/mod.ts";

/**
 * Grok-1, whose weights were published without a configuration file that the catalog could read: 8 experts of which 2 work,
 * 64 layers. The width of an expert is two thirds of eight times the hidden size. The shapes give 316 billion parameters; the
 * published count is 314.
 *
 * Source: run.py and model.py of github.com/xai-org/grok-1 (March 2024).
 */
export const grok1: Model = {
  name: "Grok-1",
  architecture: "grok-1",
  hiddenSize: 48 * 128,
  vocabularySize: 128 * 1024,
  maximumContext: 8192,
  tiedEmbeddings: true,
  learnedPositions: 0,
  normParameters: 48 * 128,
  layers: [{
    count: 64,
    norms: 4,
    attention: {
      kind: "heads",
      queryHeads: 48,
      keyValueHeads: 8,
      headDimension: 128,
      extraParameters: 0,
    },
    feedForward: {
      kind: "experts",
      experts: 8,
      expertsPerToken: 2,
      intermediateSize: 8 * 48 * 128 * 2 / 3,
      gated: true,
      sharedIntermediateSize: 0,
      extraParametersPerExpert: 0,
      extraParameters: 0,
    },
  }],
};
