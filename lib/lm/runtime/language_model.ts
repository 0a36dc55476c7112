import type { Model } from "../../catalog/mod.ts";

/** A matrix of weights as it is multiplied: `outputs` rows of `inputs` numbers. */
export interface Weight {
  readonly name: string;
  readonly outputs: number;
  readonly inputs: number;
  readonly data: Float32Array<ArrayBuffer>;
}

/** What is done to each weight matrix when a model is loaded: quantized, pruned, rotated. Norms are left alone. */
export type WeightTransform = (weight: Weight) => Float32Array<ArrayBuffer>;

/**
 * What a layer with latent attention (MLA) has besides: the way down to what is cached. Its keys and values then read the
 * latent and not the hidden state, and carry no position; queries and keys have another part that does.
 */
export interface LatentWeights {
  /** From the hidden state to each head's query of positions. */
  readonly rotaryQueries: Weight;
  /** From the hidden state to the latent, which is normalized. */
  readonly down: Weight;
  readonly norm: Float32Array;
  /** From the hidden state to the one key of positions that all heads share. */
  readonly rotaryKey: Weight;
}

/** The weights of one layer. */
export interface LayerWeights {
  readonly attentionNorm: Float32Array;
  readonly queries: Weight;
  readonly keys: Weight;
  readonly values: Weight;
  readonly output: Weight;
  /** Present when keys and values are made of a latent. */
  readonly latent?: LatentWeights;
  /** How many tokens a token sees, itself included; absent when it sees all. */
  readonly window?: number;
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
  /**
   * Heads that are cached, and the width of one. With latents all query heads share a single one: the latent with the
   * rotary key beside it.
   */
  readonly keyValueHeads: number;
  readonly headDimension: number;
  readonly ropeTheta: number;
  readonly normEpsilon: number;
}

/**
 * Refuses a layer whose keys and values are made of a latent, for methods that take all three projections for readers of
 * the hidden state.
 *
 * @param action What cannot be done, as in "fold norms".
 * @throws {TypeError} when the layer has latent attention.
 */
export function requireHeads({ keys, latent }: LayerWeights, action: string): void {
  if (latent) {
    throw new TypeError(
      `Cannot ${action} as keys and values must be made of the hidden state: ${keys.name} reads a latent`,
    );
  }
}
