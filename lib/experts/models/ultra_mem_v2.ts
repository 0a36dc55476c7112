import type { MemoryLayer } from "../memory_layers/memory_layer.ts";

/**
 * A memory layer as UltraMemV2-1B/7B has one in each of its 16 blocks: 528 left and as many right halves, 128 values found, each a
 * neuron with 384 numbers in and 768 out. Here both sides have 576, which are as many parameters and operations. How the original
 * mixes several scores of a pair (its Tucker core) is left out.
 *
 * The model with 2.5 of 120 billion parameters is not public, and neither are its sizes.
 *
 * Source: Huang et al., "UltraMemV2" (arXiv 2508.18756), table 10.
 */
export const ultraMemV2: MemoryLayer = {
  hiddenSize: 2048,
  halfKeys: 528,
  keyDimension: 2 * 512,
  heads: 1,
  found: 128,
  valueDimension: (384 + 768) / 2,
  vectors: 2,
};
