import { requireAtLeast, requireInteger, type Tokens } from "../../units/mod.ts";
import {
  type RoundPlace,
  type Speculation,
  type SpeculativeRound,
  speculativeRound,
} from "./speculative_round.ts";

/** How long a draft may be at most. */
export interface LongestDraft {
  /** Default 16. */
  readonly longest?: number;
}

/**
 * How long should drafts be here, and what do they gain? Every length up to the longest is timed. With larger batches the
 * best one shrinks, and at some batch it is 0: plain decoding.
 *
 * @throws As {@linkcode speculativeRound}.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { bestRound } from "@fewer-bytes/decoding";
 *
 * const on = { hardware: findHardware("nvidia-h100-sxm"), devices: 4 };
 * const speculation = {
 *   target: { ...on, model: findModel("llama-3.1-70b") },
 *   draft: { ...on, model: findModel("llama-3.1-8b") },
 *   acceptance: 0.7,
 * };
 * const length = (batch: number) => bestRound(speculation, { batch, context: 2000 }).draftLength;
 * assert(length(1) > length(128) && length(512) === 0);
 * ```
 */
export function bestRound(
  speculation: Speculation,
  place: RoundPlace,
  { longest = 16 }: LongestDraft = {},
): SpeculativeRound {
  requireInteger(longest, 0, "choose a draft length", "the longest");
  let best = speculativeRound(speculation, place, 0);
  for (let draftLength = 1; draftLength <= longest; draftLength++) {
    const round = speculativeRound(speculation, place, draftLength);
    if (round.speedup > best.speedup) best = round;
  }
  return best;
}

/** Where to look for the last batch, or the first context, at which drafts pay. */
export interface PayingOptions extends LongestDraft {
  /** Nothing larger is tried. Default 65,536 sequences, or 2²⁰ tokens. */
  readonly limit?: number;
  /** Drafting pays when it is more than so many times as fast, which leaves room for what is not modeled. Default 1. */
  readonly gain?: number;
}

/**
 * Up to which batch does drafting pay? Powers of two are tried from the limit down, and the gap to the last that does not is
 * halved until it is closed. Smaller batches are not asked: drafts may not pay there and pay at larger ones, as in a mixture
 * of experts whose experts are soon all read.
 *
 * In long contexts there may be no such batch: attention waits for memory in batches of any size, and its share of a step is
 * verified for nothing.
 *
 * Whether so many sequences fit in memory is another question: see `largestBatch()`.
 *
 * @param context Tokens of each sequence.
 * @returns 0 when it pays at none of them; the limit when it pays there.
 * @throws As {@linkcode speculativeRound}.
 */
export function largestPayingBatch(
  speculation: Speculation,
  context: Tokens,
  { limit = 65_536, longest = 16, gain = 1 }: PayingOptions = {},
): number {
  requireInteger(limit, 1, "look for a batch", "the limit");
  requireAtLeast(gain, 1, "look for a batch", "the gain");
  const pays = (batch: number) =>
    bestRound(speculation, { batch, context }, { longest }).speedup > gain;
  if (pays(limit)) return limit;
  let high = limit, low = 2 ** Math.floor(Math.log2(limit));
  if (low === limit) low /= 2;
  while (low >= 1 && !pays(low)) [low, high] = [low / 2, low];
  return low < 1 ? 0 : between(low, high, pays);
}

/**
 * From which context on does drafting pay with this batch? With a draft that reads a fixed part of the cache there is one for
 * every batch: the longer the context, the more of each step goes into reading the cache, which is read once for all tokens
 * of a round.
 *
 * @returns Infinity when it does not pay at the limit.
 * @throws As {@linkcode speculativeRound}.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { slidingWindow } from "@fewer-bytes/attention";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { selfSpeculation, shortestPayingContext } from "@fewer-bytes/decoding";
 *
 * const target = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") };
 * const speculation = selfSpeculation(target, slidingWindow({ window: 508, sinks: 4 }), 0.8);
 * const contexts = [16, 256].map((batch) => shortestPayingContext(speculation, batch));
 * assert(contexts[0]! > 1000 && contexts.every((context) => context < 20_000));
 * ```
 */
export function shortestPayingContext(
  speculation: Speculation,
  batch: number,
  { limit = 2 ** 20, longest = 16, gain = 1 }: PayingOptions = {},
): Tokens {
  requireInteger(limit, 1, "look for a context", "the limit");
  requireAtLeast(gain, 1, "look for a context", "the gain");
  const plain = (context: number) =>
    bestRound(speculation, { batch, context }, { longest }).speedup <= gain;
  if (plain(limit)) return Infinity;
  return plain(0) ? between(0, limit, plain) + 1 : 0;
}

/** The last whole number at which something holds, given one where it does and a later one where it does not. */
function between(low: number, high: number, holds: (value: number) => boolean): number {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
