/** A small language of our own, and a real language model of it that runs in plain TypeScript. */
export * from "./language/story.ts";
export * from "./language/tokenizer.ts";
export * from "./outlier_twin.ts";
export * from "./runtime/cache.ts";
export * from "./runtime/forward.ts";
export * from "./runtime/generate.ts";
export * from "./runtime/language_model.ts";
export * from "./runtime/sample.ts";
export * from "./runtime/score.ts";
export * from "./runtime/trace.ts";
export * from "./weights/byte_pair_tokenizer.ts";
export * from "./weights/byte_source.ts";
export * from "./weights/dequantize.ts";
export * from "./weights/gguf.ts";
export * from "./weights/gguf_header.ts";
export * from "./weights/gguf_tokenizer.ts";
export type { GgufList, GgufValue } from "./weights/gguf_values.ts";
export * from "./weights/safetensors.ts";
