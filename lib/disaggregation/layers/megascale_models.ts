import type { Model } from "../../catalog/mod.ts";

/** The shape of a mixture of experts with grouped heads of 128. */
interface Shape {
  readonly name: string;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly experts: number;
  readonly expertsPerToken: number;
  readonly queryHeads: number;
  readonly vocabularySize: number;
}

function mixture(shape: Shape): Model {
  const { name, layers, hiddenSize, intermediateSize, experts, expertsPerToken } = shape;
  return {
    name,
    architecture: "mixtral",
    hiddenSize,
    vocabularySize: shape.vocabularySize,
    maximumContext: 32_768,
    tiedEmbeddings: false,
    learnedPositions: 0,
    normParameters: hiddenSize,
    layers: [{
      count: layers,
      norms: 2,
      attention: {
        kind: "heads",
        queryHeads: shape.queryHeads,
        keyValueHeads: 8,
        headDimension: 128,
        extraParameters: 0,
      },
      feedForward: {
        kind: "experts",
        experts,
        expertsPerToken,
        intermediateSize,
        gated: true,
        sharedIntermediateSize: 0,
        extraParametersPerExpert: 0,
        extraParameters: 0,
      },
    }],
  };
}

/**
 * Two of the three models that MegaScale-Infer was measured with; the third is Mixtral-8x22B, in the catalog.
 *
 * Scaled-MoE is not public: its layers, sizes and experts are those of the paper's Table 4 as recalled, its heads and its
 * vocabulary are guesses. The parameters add up to the published 317 and 132 billion.
 *
 * Source: Zhu et al., "MegaScale-Infer" (SIGCOMM 2025).
 */
export const megaScaleModels = {
  scaledMoe: mixture({
    name: "Scaled-MoE",
    layers: 48,
    hiddenSize: 8192,
    intermediateSize: 8192,
    experts: 32,
    expertsPerToken: 4,
    queryHeads: 64,
    vocabularySize: 32_000,
  }),
  dbrx: mixture({
    name: "DBRX",
    layers: 40,
    hiddenSize: 6144,
    intermediateSize: 10_752,
    experts: 16,
    expertsPerToken: 4,
    queryHeads: 48,
    vocabularySize: 100_352,
  }),
} as const satisfies Readonly<Record<string, Model>>;
