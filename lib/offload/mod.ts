/** Models larger than the device: bytes from host memory and flash, hidden where they can be. */
export * from "./energy/tokens_per_charge.ts";
export * from "./flash/fit_reads.ts";
export * from "./flash/plan_reads.ts";
export * from "./flash/read_points.ts";
export * from "./flash/read_throughput.ts";
export * from "./forms/best_mix.ts";
export * from "./forms/cache_forms.ts";
export * from "./forms/mixed_decode.ts";
export * from "./layout/best_gap.ts";
export * from "./layout/co_activation.ts";
export * from "./layout/draw_topics.ts";
export * from "./layout/link_neurons.ts";
export * from "./layout/read_runs.ts";
export * from "./levels/level_reads.ts";
export * from "./neurons/count_window_reads.ts";
export * from "./neurons/draw_activations.ts";
export * from "./neurons/flash_loads.ts";
export * from "./neurons/flash_tokens.ts";
export * from "./neurons/neuron_activity.ts";
export * from "./neurons/neuron_bytes.ts";
export * from "./neurons/resident_share.ts";
export * from "./neurons/window_reads.ts";
export * from "./prefetch/expert_decode.ts";
export * from "./prefetch/exposed_load.ts";
export * from "./schedule/block_footprint.ts";
export * from "./schedule/block_step.ts";
export {
  type BlockStreams,
  blockStreams,
  blockTraffic,
  type KindBytes,
  streamNames,
  type StreamOverlap,
} from "./schedule/block_streams.ts";
export { type BlockOptions, type BlockTime, blockTime } from "./schedule/block_time.ts";
export * from "./schedule/hiding_batch.ts";
export * from "./schedule/linear_program.ts";
export * from "./schedule/offload_node.ts";
export { type BlockRequest, type OffloadPolicy, policyOf } from "./schedule/policy.ts";
export * from "./schedule/search_policy.ts";
export * from "./schedule/weight_loads.ts";
export * from "./storage/best_tile.ts";
export * from "./storage/flash_rates.ts";
export * from "./storage/in_flash_decode.ts";
export * from "./storage/stored_attention.ts";
export * from "./streaming/lock_layers.ts";
export * from "./streaming/pinned_or_batch.ts";
