/** What training keeps in memory, and what it can give up for time. */
export * from "./activations/activation_bytes.ts";
export * from "./activations/kept_activations.ts";
export * from "./adapters/adapter_count.ts";
export * from "./adapters/fine_tuning.ts";
export * from "./checkpointing/binomial.ts";
export { type Operation, type Stage, uniformChain } from "./checkpointing/chain.ts";
export * from "./checkpointing/every_schedule.ts";
export * from "./checkpointing/halving.ts";
export * from "./checkpointing/layer_chain.ts";
export * from "./checkpointing/multistage.ts";
export * from "./checkpointing/optimal_schedule.ts";
export * from "./checkpointing/replay.ts";
export * from "./checkpointing/segments.ts";
export { type LayerTape, tapeBytes, tapeLayer } from "./differentiation/layer_tape.ts";
export * from "./differentiation/schedule_gradients.ts";
export {
  bestInterval,
  dalyFormula,
  dalyInterval,
  expectedSlowdown,
  type FailureCosts,
  slowdownFormula,
  youngFormula,
  youngInterval,
} from "./failures/checkpoint_interval.ts";
export * from "./failures/simulate_failures.ts";
export * from "./failures/snapshot.ts";
export * from "./offload/host_buffers.ts";
export * from "./offload/layer_swap.ts";
export * from "./offload/offload_efficiency.ts";
export * from "./offload/offload_traffic.ts";
export * from "./offload/place_states.ts";
export * from "./offload/token_wise_swap.ts";
export * from "./parallel/fused_sublayers.ts";
export * from "./parallel/link_levels.ts";
export * from "./parallel/long_tailed_lengths.ts";
export * from "./parallel/mixed_lengths.ts";
export * from "./parallel/overlap_timeline.ts";
export * from "./parallel/partition_traffic.ts";
export * from "./parallel/reduce_scatter_accesses.ts";
export * from "./parallel/sequence_traffic.ts";
export * from "./states/parameter_states.ts";
export * from "./states/state_bytes.ts";
export * from "./states/training_footprint.ts";
export * from "./states/zero_traffic.ts";
export * from "./steps/data_parallel_step.ts";
export * from "./steps/training_operators.ts";
export * from "./steps/training_step.ts";
export * from "./studies/studied_machines.ts";
export * from "./studies/studied_models.ts";
