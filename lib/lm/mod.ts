/** A small language of our own, and a real language model of it. */
export * from "./language/story.ts";
export * from "./language/tokenizer.ts";
