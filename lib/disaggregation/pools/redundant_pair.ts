import type { StepCost } from "../../serving/mod.ts";
import { StepTotals } from "../../serving/mod.ts";
import { cacheBytesPerToken } from "../../transformer/mod.ts";
import {
  type Bytes,
  type BytesPerSecond,
  requireInteger,
  type Seconds,
  type Tokens,
} from "../../units/mod.ts";

/** Two servers that decode, and what copies of their caches make of it. */
export interface RedundantPair {
  /** Seconds of a step on each server, as requests came. */
  readonly apart: readonly [Seconds, Seconds];
  /** The same when each request may go on at either server. */
  readonly balanced: readonly [Seconds, Seconds];
  /** Contexts on each server after that. */
  readonly contexts: readonly [readonly Tokens[], readonly Tokens[]];
  /** How much sooner the later of the two is done: at least 1. */
  readonly speedup: number;
  /** Bytes of all copies. */
  readonly copies: Bytes;
  /** What keeping the copies up to date asks of the link, while both decode as balanced. */
  readonly bandwidth: BytesPerSecond;
}

/**
 * What does a second copy of each cache buy? AcceLLM pairs servers and keeps the cache of each request on both. When one
 * of them reads a prompt, or has drawn the longer requests, the other takes over what it has a copy of, and nothing has
 * to move at that moment.
 *
 * Requests are shared out anew, longest first, each to the server that has fewer tokens to read: at most 7/6 of the best
 * split (Graham 1969). The price is memory, twice the cache, and each new key and value crosses the link once.
 *
 * Source: Bournias et al., "AcceLLM" (2024). Only the balance within a pair is modeled; not the switch between roles.
 *
 * @param first Tokens cached by each request on one server. May be empty: then it reads a prompt, or is idle.
 * @throws {RangeError} when no request decodes, or a context is not a whole number from 1.
 * @example All requests on one of the two
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { redundantPair } from "@fewer-bytes/disaggregation";
 * import { StepCost } from "@fewer-bytes/serving";
 *
 * const cost = new StepCost({ model: findModel("llama-2-7b"), hardware: findHardware("nvidia-h100-sxm") });
 * const { speedup, bandwidth } = redundantPair(cost, new Array(64).fill(1500), []);
 * assert(speedup > 1.5 && speedup < 2); // weights are read by both
 * assert(bandwidth < 5e9);
 * ```
 */
export function redundantPair(
  cost: StepCost,
  first: readonly Tokens[],
  second: readonly Tokens[],
): RedundantPair {
  const all = [...first, ...second].sort((one, other) => other - one);
  requireInteger(all.length, 1, "balance a pair", "the number of requests");
  for (const context of all) requireInteger(context, 1, "balance a pair", "a context");
  const contexts: [Tokens[], Tokens[]] = [[], []];
  const sums: [number, number] = [0, 0];
  for (const context of all) {
    const at = sums[1] < sums[0] ? 1 : 0;
    contexts[at].push(context);
    sums[at] += context;
  }
  const apart = [stepOf(cost, first), stepOf(cost, second)] as const;
  let balanced = [stepOf(cost, contexts[0]), stepOf(cost, contexts[1])] as const;
  if (Math.max(...balanced) > Math.max(...apart)) {
    balanced = apart;
    contexts.splice(0, 2, [...first], [...second]);
  }
  const { model, formats, cache } = cost.deployment;
  const perToken = cacheBytesPerToken(model, { storage: formats.cache, method: cache });
  const rate = (at: 0 | 1) => contexts[at].length > 0 ? contexts[at].length / balanced[at] : 0;
  return {
    apart,
    balanced,
    contexts,
    speedup: Math.max(...apart) / Math.max(...balanced),
    copies: (sums[0] + sums[1]) * perToken,
    bandwidth: perToken * (rate(0) + rate(1)),
  };
}

function stepOf(cost: StepCost, contexts: readonly Tokens[]): Seconds {
  if (contexts.length === 0) return 0;
  const load = cost.load();
  for (const context of contexts) load.decode(context);
  return cost.evaluate(load, new StepTotals()).seconds;
}
