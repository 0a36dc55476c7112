import type { Attention } from "../catalog/mod.ts";
import type { Bytes, Flop, Tokens } from "../units/mod.ts";

/** What it costs one query of one layer, with all its heads, to choose what it reads. */
export interface Choice {
  readonly flops: Flop;
  readonly bytes: Bytes;
}

/**
 * Which of the cached tokens attention reads, when it does not read them all. Nothing is forgotten: what is not read
 * now may be read later, so the footprint stays, and grows by what the choice needs.
 */
export interface Reads {
  /** The name of the method, such as "MoBA". */
  readonly name: string;
  /** To how many tokens does a query head attend, when so many are visible? Never more than those. */
  attended(visible: Tokens): Tokens;
  /**
   * How many different tokens are read when several query heads share their keys, and choose each for itself? Default:
   * they choose alike, so `attended`.
   */
  together?(visible: Tokens, sharers: number): Tokens;
  /** What the choice costs; absent when position alone decides. */
  choice?(visible: Tokens, attention: Attention, bytesPerValue: number): Choice;
  /** Bytes that the choice adds to what a layer keeps of each token, such as an indexer's own key. */
  index?(attention: Attention, bytesPerValue: number): Bytes;
}
