import { type Attention, bytesPerValue, type Model, type Storage } from "../catalog/mod.ts";
import { type Bytes, type Flop, requireAtLeast, type Tokens } from "../units/mod.ts";

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
  /** The most tokens of a sequence that are kept between steps; a method that evicts gives its budget. Default: all. */
  readonly budget?: Tokens;
  /** What is kept in the place of keys and values. Default: those. */
  kept?(attention: Attention, model: Model): Kept;
}

/** A cache method with its defaults filled in and its values checked. */
export interface CompleteCacheMethod {
  /** Bytes of one value as it is written, and as it is kept. */
  readonly writtenSize: number;
  readonly keptSize: number;
  readonly recent: Tokens;
  readonly budget: Tokens;
}

/**
 * Fills in what a method leaves out.
 *
 * @param written The format that keys and values are written in, and stay in when there is no method.
 * @throws {RangeError} when recent is negative, or the budget below one token.
 */
export function completeCacheMethod(
  written: Storage,
  { storage = written, recent = 0, budget = Infinity }: Omit<CacheMethod, "name"> = {},
): CompleteCacheMethod {
  requireAtLeast(recent, 0, "store a cache", "recent");
  if (budget !== Infinity) requireAtLeast(budget, 1, "store a cache", "the budget");
  return { writtenSize: bytesPerValue(written), keptSize: bytesPerValue(storage), recent, budget };
}

/** Bytes of one value of each of so many tokens, the newest of which are still as they were written. */
export function storedBytes(
  tokens: Tokens,
  { writtenSize, keptSize, recent }: CompleteCacheMethod,
): Bytes {
  const whole = Math.min(tokens, recent);
  return whole * writtenSize + (tokens - whole) * keptSize;
}

/**
 * Bytes written for one value of each new token: as it is while it is among the recent ones, and once more as it is kept
 * when it leaves them. Tokens of a long prompt that never are among the recent ones are written once.
 */
export function writtenBytes(
  newTokens: Tokens,
  context: Tokens,
  { writtenSize, keptSize, recent }: CompleteCacheMethod,
): Bytes {
  const leaving = Math.max(0, context + newTokens - recent) - Math.max(0, context - recent);
  return Math.min(newTokens, recent) * writtenSize + leaving * keptSize;
}
