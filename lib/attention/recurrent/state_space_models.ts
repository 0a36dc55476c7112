import type { Attention, FeedForward, Model } from "../../catalog/mod.ts";
import type { HybridModel } from "./hybrid.ts";

/** A model of state-space layers alone, as Gu and Dao published them: no feed-forward part, one norm in each layer. */
function mamba(
  name: string,
  vocabularySize: number,
  states: { readonly stateSize: number; readonly stepRank?: number; readonly heads?: number },
): HybridModel {
  const hiddenSize = 1536;
  return {
    name,
    transformer: {
      name,
      architecture: "mamba",
      hiddenSize,
      vocabularySize,
      maximumContext: 2048,
      tiedEmbeddings: true,
      learnedPositions: 0,
      normParameters: hiddenSize,
      layers: [],
    },
    recurrent: [{
      count: 48,
      stateSpace: { hiddenSize, innerSize: 2 * hiddenSize, convolution: 4, ...states },
      norms: 1,
    }],
  };
}

const attention: Attention = {
  kind: "heads",
  queryHeads: 32,
  keyValueHeads: 8,
  headDimension: 128,
  extraParameters: 0,
};
const dense: FeedForward = {
  kind: "dense",
  intermediateSize: 14_336,
  gated: true,
  extraParameters: 0,
};
const experts: FeedForward = {
  kind: "experts",
  experts: 16,
  expertsPerToken: 2,
  intermediateSize: 14_336,
  gated: true,
  sharedIntermediateSize: 0,
  extraParametersPerExpert: 0,
  extraParameters: 0,
};
const jambaTransformer: Model = {
  name: "jamba-v0.1",
  architecture: "jamba",
  hiddenSize: 4096,
  vocabularySize: 65_536,
  maximumContext: 262_144,
  tiedEmbeddings: false,
  learnedPositions: 0,
  normParameters: 4096,
  layers: [{ count: 4, attention, feedForward: dense, norms: 2 }],
};
const jambaStates = {
  hiddenSize: 4096,
  innerSize: 8192,
  stateSize: 16,
  convolution: 4,
  stepRank: 256,
};

/**
 * Published models with state-space layers, by name.
 *
 * Jamba (Lieber et al. 2024) has 32 layers: attention in one of eight, experts in every second one, and as both patterns
 * are of even length, the attention layers are among those without experts. The vocabularies of the two Mambas are padded
 * to multiples of 8 and of 16.
 */
export const stateSpaceModels = {
  "mamba-790m": mamba("mamba-790m", 50_280, { stateSize: 16, stepRank: 96 }),
  "mamba2-780m": mamba("mamba2-780m", 50_288, { stateSize: 128, heads: 48 }),
  "jamba-v0.1": {
    name: "jamba-v0.1",
    transformer: jambaTransformer,
    recurrent: [
      { count: 12, stateSpace: jambaStates, feedForward: dense, norms: 2 },
      { count: 16, stateSpace: jambaStates, feedForward: experts, norms: 2 },
    ],
  },
} satisfies Record<string, HybridModel>;
