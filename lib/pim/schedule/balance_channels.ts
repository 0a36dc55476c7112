import { requireInteger, type Tokens } from "../../units/mod.ts";

/** How requests lie on the channels of a memory. */
export interface ChannelLoad {
  /** Tokens that the fullest channel reads: all wait for it. */
  readonly longest: Tokens;
  /** The share of the channels' time in which they read. */
  readonly use: number;
  /** The channel of each request; empty where each request lies on all. */
  readonly channels: readonly number[];
}

/**
 * How evenly can caches be laid on channels, when each request has one? The longest first, each on the channel that has
 * least so far: NeuPIMs' algorithm 2. It is at most 4/3 − 1/(3 channels) of the best (Graham 1969), but no better than
 * the longest request: with few requests, or one much longer than the rest, channels stand idle.
 *
 * @param contexts Cached tokens of each request.
 * @throws {RangeError} when a count is out of range.
 * @example Eight requests leave half of sixteen channels idle
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { balanceChannels } from "@fewer-bytes/pim";
 *
 * assertEquals(balanceChannels(Array(8).fill(1000), 16).use, 0.5);
 * assertEquals(balanceChannels([5, 4, 3, 3, 3], 2).longest, 10);
 * ```
 */
export function balanceChannels(contexts: readonly Tokens[], channels: number): ChannelLoad {
  check(contexts, channels);
  const loads = new Float64Array(channels);
  const chosen = contexts.map(() => 0);
  const order = contexts.map((_, index) => index).sort((a, b) => contexts[b]! - contexts[a]!);
  for (const index of order) {
    const channel = loads.indexOf(Math.min(...loads));
    loads[channel]! += contexts[index]!;
    chosen[index] = channel;
  }
  const longest = Math.max(...loads);
  return { longest, use: useOf(contexts, channels, longest), channels: chosen };
}

/**
 * The same when each request is spread over all channels, token by token: the remainder of the division is all that is
 * lost, whatever the batch and the lengths. It is how LoL-PIM's successor PIMphony keeps channels busy with long
 * contexts; the partial results of the channels must be merged afterwards.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { spreadTokens } from "@fewer-bytes/pim";
 *
 * assertEquals(spreadTokens(Array(8).fill(1000), 16).use, 1000 / (16 * 63));
 * ```
 */
export function spreadTokens(contexts: readonly Tokens[], channels: number): ChannelLoad {
  check(contexts, channels);
  const longest = contexts.reduce((sum, tokens) => sum + Math.ceil(tokens / channels), 0);
  return { longest, use: useOf(contexts, channels, longest), channels: [] };
}

function useOf(contexts: readonly Tokens[], channels: number, longest: Tokens): number {
  const all = contexts.reduce((sum, tokens) => sum + tokens, 0);
  return longest === 0 ? 0 : all / (channels * longest);
}

function check(contexts: readonly Tokens[], channels: number): void {
  requireInteger(channels, 1, "lay caches on channels", "channels");
  contexts.forEach((tokens) => requireInteger(tokens, 0, "lay caches on channels", "a context"));
}
