import type { Attention, Model, Storage } from "../catalog/mod.ts";
import type { Flop, Tokens } from "../units/mod.ts";

/** What a layer keeps of a token when it is not its keys and values. */
export interface Kept {
  /** Values of a token in one layer. */
  readonly values: number;
  /** Operations to make keys and values of it again, each time that they are read. */
  readonly rebuild: Flop;
}

/**
 * What becomes of keys and values after they were written: stored in fewer bits, kept for some tokens only, or not kept
 * at all but made again. Without one, all of them stay as they are.
 */
export interface CacheMethod {
  /** The name of the method, such as "KIVI". */
  readonly name: string;
  /** How values lie in memory that are no longer among the recent ones. Default: like those. */
  readonly storage?: Storage;
  /** The newest tokens, which stay as they were written. Default 0. */
  readonly recent?: Tokens;
  /** The most tokens that are kept at all; a method that evicts gives its budget. Default: all. */
  readonly budget?: Tokens;
  /** What is kept in the place of keys and values. Default: those. */
  kept?(attention: Attention, model: Model): Kept;
}
