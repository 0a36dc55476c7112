/** Fewer numbers: weights, activations and scores that are zero, and the formats that skip them. */
export * from "./activation_sparsity.ts";
export { type CompressedTwoFour, compressTwoFour, expandTwoFour } from "./compressed_two_four.ts";
export * from "./distill_head.ts";
export * from "./distillation.ts";
export * from "./dynamic_attention.ts";
export * from "./dynamic_attention_speed.ts";
export * from "./gate_sparsity.ts";
export {
  type HierarchicalBitmap,
  packHierarchical,
  unpackHierarchical,
} from "./hierarchical_bitmap.ts";
export * from "./hierarchical_bits.ts";
export * from "./learned_mask.ts";
export * from "./magnitude.ts";
export * from "./mask.ts";
export * from "./mask_loss.ts";
export { type Pattern, patternMask, patterns, twoOfFour } from "./n_to_m.ts";
export * from "./prune_model.ts";
export * from "./saliency.ts";
export * from "./skipped_operators.ts";
export * from "./sparse_formats.ts";
export * from "./sparse_gpt.ts";
export * from "./sparse_multiply.ts";
export * from "./sparse_reads.ts";
export * from "./sparsity_formulas.ts";
export * from "./two_four_bytes.ts";
export * from "./two_four_speed.ts";
export * from "./wanda.ts";
