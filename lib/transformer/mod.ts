/** The shape of a model turned into counts: parameters, cache bytes, and the operators of a step. */
export * from "./cache.ts";
export * from "./cache_method.ts";
export * from "./experts.ts";
export * from "./operator.ts";
export * from "./operators.ts";
export * from "./parameters.ts";
export * from "./projections.ts";
export * from "./reads.ts";
export * from "./rule_of_thumb.ts";
export * from "./visible_pairs.ts";
