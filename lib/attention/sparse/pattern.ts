import { requireInteger } from "../../units/mod.ts";

/**
 * Which query sees which key? A rule over places in the sequence, counted from 0: of tokens, or of blocks of tokens. The
 * same rule serves both, as a window of three is one whether it counts tokens or blocks.
 *
 * Rules know no length and no causality; whoever lists what they allow adds both. They compose by `or`.
 */
export type Pattern = (query: number, key: number) => boolean;

/**
 * What does any of several patterns allow? Most published patterns are a few simple ones laid over each other. Order and
 * repetition do not matter; none at all allows nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { drawPattern, sinkPattern, unionOf, windowPattern } from "@fewer-bytes/attention";
 *
 * const streaming = unionOf(sinkPattern(1), windowPattern({ before: 1 }));
 * assertEquals(drawPattern(streaming, 4, { causal: true }), ["1000", "1100", "1110", "1011"]);
 * ```
 */
export function unionOf(...patterns: readonly Pattern[]): Pattern {
  return (query, key) => patterns.some((sees) => sees(query, key));
}

/** Everybody sees everything: dense attention. */
export const everything: Pattern = () => true;

/** How far a window reaches. */
export interface WindowReach {
  /** Places seen before the own one, which is always seen. */
  readonly before: number;
  /** Places seen after it. Default 0. */
  readonly after?: number;
  /** Every so many places one is seen, so the window reaches further with the same count. Default 1. */
  readonly dilation?: number;
}

/**
 * Each place sees its neighbors. Beltagy, Peters and Cohan, "Longformer" (2020), see w/2 on each side; a decoder looks
 * back only.
 *
 * @throws {RangeError} when a reach is negative or a dilation below 1.
 */
export function windowPattern({ before, after = 0, dilation = 1 }: WindowReach): Pattern {
  requireInteger(before, 0, "make a window", "before");
  requireInteger(after, 0, "make a window", "after");
  requireInteger(dilation, 1, "make a window", "dilation");
  return (query, key) => {
    const back = query - key;
    return back % dilation === 0 && back <= before * dilation && -back <= after * dilation;
  };
}

/** Some places see everything and are seen by all: Longformer's global attention, on tokens that a task marks. */
export function globalPattern(places: Iterable<number>): Pattern {
  const global = new Set(places);
  for (const place of global) requireInteger(place, 0, "make places global", "a place");
  return (query, key) => global.has(query) || global.has(key);
}

/**
 * All see the first few, which soak up the attention that a softmax must give to something.
 *
 * Source: Xiao et al., "Efficient Streaming Language Models with Attention Sinks" (2023).
 */
export function sinkPattern(count: number): Pattern {
  requireInteger(count, 0, "make sinks", "their count");
  return (_, key) => key < count;
}

/**
 * A pattern drawn as text, a row for each query: for looking at it, and for comparing.
 *
 * @param size Places in the sequence.
 */
export function drawPattern(
  sees: Pattern,
  size: number,
  { causal = false }: { readonly causal?: boolean } = {},
): string[] {
  requireInteger(size, 0, "draw a pattern", "its size");
  return Array.from(
    { length: size },
    (_, query) =>
      Array.from(
        { length: size },
        (_, key) => sees(query, key) && !(causal && key > query) ? "1" : "0",
      ).join(""),
  );
}
