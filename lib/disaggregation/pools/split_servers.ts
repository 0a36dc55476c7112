import { requireInteger, requirePositive } from "../../units/mod.ts";
import type { PoolRates } from "./pool_rates.ts";

/** A number of servers in two pools. */
export interface Split {
  readonly prefill: number;
  readonly decode: number;
  /** Requests a second that both can do. */
  readonly rate: number;
  /** What the ratio promised, if servers could be cut. */
  readonly bound: number;
}

/**
 * How should so many servers be split? The rate of both pools together is min(P · prefill, D · decode): it rises with P,
 * then falls, so the best whole number stands beside the point where both are equal.
 *
 * With few servers a lot is lost: two servers can only be one and one, whatever the traffic asks for. That is one of the
 * ways in which disaggregation loses.
 *
 * @throws {RangeError} when there are fewer than two servers, or a rate is not positive.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { splitServers } from "@fewer-bytes/disaggregation";
 *
 * const { prefill, decode, rate } = splitServers(8, { prefill: 5, decode: 15 });
 * assertEquals([prefill, decode, rate], [6, 2, 30]);
 * assertEquals(splitServers(2, { prefill: 5, decode: 15 }).rate, 5); // of 7.5
 * ```
 */
export function splitServers(
  servers: number,
  { prefill, decode }: Pick<PoolRates, "prefill" | "decode">,
): Split {
  requireInteger(servers, 2, "split servers", "the number of servers");
  requirePositive(prefill, "split servers", "the rate of prefill");
  requirePositive(decode, "split servers", "the rate of decoding");
  const exact = servers * decode / (prefill + decode);
  const rateOf = (count: number) => Math.min(count * prefill, (servers - count) * decode);
  const [low, high] = [Math.floor(exact), Math.ceil(exact)]
    .map((count) => Math.min(servers - 1, Math.max(1, count))) as [number, number];
  const best = rateOf(low) >= rateOf(high) ? low : high;
  return {
    prefill: best,
    decode: servers - best,
    rate: rateOf(best),
    bound: exact * prefill,
  };
}
