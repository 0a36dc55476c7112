/** Caches that keep less: fewer bits of each value, fewer tokens, or the input instead of the keys and values. */
export { affineFormat, affineStorage } from "./fewer_bits/affine_format.ts";
export * from "./fewer_bits/affine_group.ts";
export * from "./fewer_bits/axis_error.ts";
export * from "./fewer_bits/block_float_cache.ts";
export * from "./fewer_bits/channel_outliers.ts";
export * from "./fewer_bits/channel_rows.ts";
export * from "./fewer_bits/distance_from_bound.ts";
export * from "./fewer_bits/format_cache.ts";
export * from "./fewer_bits/head_order.ts";
export {
  kivi,
  KiviCache,
  type KiviGrouping,
  type KiviOptions,
  type ScaleAxis,
} from "./fewer_bits/kivi.ts";
export { type LatentPair, latentPair } from "./fewer_bits/latent_pair.ts";
export * from "./fewer_bits/layered_cache.ts";
export * from "./fewer_bits/mixture_error.ts";
export * from "./fewer_bits/random_rotation.ts";
export * from "./fewer_bits/rebuild_intensity.ts";
export * from "./fewer_bits/rebuilt_layer.ts";
export * from "./fewer_bits/record_rows.ts";
export * from "./fewer_bits/reorder_values.ts";
export * from "./fewer_bits/row_store.ts";
export * from "./fewer_bits/token_rows.ts";
export * from "./fewer_bits/turbo_quant.ts";
export * from "./fewer_bits/turbo_quant_cache.ts";
export * from "./fewer_bits/turbo_quant_product.ts";
export { type KeyShape, UnrotatedKeys } from "./fewer_bits/unrotated_keys.ts";
export * from "./fewer_bits/water_filling.ts";
export {
  xquant,
  XQuantCache,
  type XQuantGrouping,
  type XQuantOptions,
} from "./fewer_bits/xquant.ts";
export * from "./fewer_bits/xquant_cross_layer.ts";
export * from "./fewer_bits/xquant_latent.ts";
export * from "./fewer_tokens/attention_sums.ts";
export * from "./fewer_tokens/cascade.ts";
export * from "./fewer_tokens/cascade_cache.ts";
export * from "./fewer_tokens/conversation.ts";
export * from "./fewer_tokens/heavy_hitter_cache.ts";
export * from "./fewer_tokens/local_values.ts";
export * from "./fewer_tokens/offloaded_decode.ts";
export * from "./fewer_tokens/progressive_cache.ts";
export * from "./fewer_tokens/prompt_pruning_cache.ts";
export * from "./fewer_tokens/recomputation_split.ts";
export * from "./fewer_tokens/split_bits.ts";
export * from "./fewer_tokens/token_slots.ts";
export * from "./fewer_tokens/window_cache.ts";
export * from "./stack/million_tokens.ts";
export * from "./stack/stack.ts";
