/** Prefill and decode, attention and experts on devices of their own, and what moves between them. */
export * from "./group/prefetch.ts";
export * from "./group/ring_all_reduce.ts";
export * from "./group/tensor_parallel.ts";
export * from "./layers/compare_layers.ts";
export * from "./layers/megascale_models.ts";
export * from "./layers/ping_pong.ts";
export {
  isFeedForward,
  type LayerSplit,
  splitLayers,
  type SplitLayersResult,
} from "./layers/split_layers.ts";
export * from "./layers/whole_layers.ts";
export * from "./placement/goodput_study.ts";
export * from "./placement/lasting_traffic.ts";
export * from "./placement/measured_cost.ts";
export * from "./placement/phase_goodput.ts";
export * from "./placement/search_placement.ts";
export * from "./placement/step_profiles.ts";
export * from "./placement/study_cases.ts";
export * from "./pools/compare_goodput.ts";
export type { PooledResult, PoolUse } from "./pools/gather.ts";
export * from "./pools/interference.ts";
export { type Pool, promptSeconds } from "./pools/pool.ts";
export * from "./pools/pool_rates.ts";
export * from "./pools/received_caches.ts";
export * from "./pools/redundant_pair.ts";
export * from "./pools/route.ts";
export * from "./pools/simulate_pools.ts";
export * from "./pools/simulate_replicas.ts";
export * from "./pools/split_servers.ts";
export * from "./transfer/layer_by_layer.ts";
export * from "./transfer/links.ts";
export * from "./transfer/transfer_time.ts";
