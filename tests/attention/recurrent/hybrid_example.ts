import { findModel } from "@fewer-bytes/catalog";

/** A model to put state-space layers into, the layers, and a step. */
export const model = findModel("llama-3.1-8b");
export const stateSpace = {
  hiddenSize: 4096,
  innerSize: 8192,
  stateSize: 16,
  convolution: 4,
  stepRank: 256,
};
export const step = { phase: "decode", batch: 2, newTokens: 1, context: 5000 } as const;
