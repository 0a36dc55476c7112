/** Prefill and decode, attention and experts on devices of their own, and what moves between them. */
export * from "./pools/gather.ts";
export * from "./pools/pool.ts";
export * from "./pools/received_caches.ts";
export * from "./pools/route.ts";
export * from "./pools/simulate_pools.ts";
export * from "./pools/simulate_replicas.ts";
export * from "./transfer/layer_by_layer.ts";
export * from "./transfer/links.ts";
export * from "./transfer/transfer_time.ts";
