import { formatQuantity, requireAtLeast, requirePositive, type Seconds } from "../../units/mod.ts";
import type { ServingResult } from "./result.ts";

/** What users were promised. */
export interface Objective {
  readonly timeToFirstToken: Seconds;
  /** The mean time between the tokens of a request; absent when nothing is promised. */
  readonly timePerOutputToken?: Seconds;
}

/**
 * Which share of the requests got what was promised? Both promises must hold for the same request: two percentiles
 * beside each other do not say that.
 *
 * @returns From 0 to 1.
 */
export function attainment({ columns }: ServingResult, objective: Objective): number {
  const { timeToFirstToken, timePerOutputToken = Infinity } = objective;
  requirePositive(timeToFirstToken, "find the attainment", "timeToFirstToken");
  if (!(timePerOutputToken > 0)) {
    throw new RangeError(
      `Cannot find the attainment as timePerOutputToken must be > 0: current value is ${timePerOutputToken}`,
    );
  }
  const { arrival, first, finished, outputTokens } = columns;
  let met = 0;
  for (let request = 0; request < arrival.length; request++) {
    const later = Math.max(1, outputTokens[request]! - 1);
    if (
      first[request]! - arrival[request]! <= timeToFirstToken &&
      finished[request]! - first[request]! <= timePerOutputToken * later
    ) met++;
  }
  return met / arrival.length;
}

/**
 * Requests per second that got what was promised; the others were served in vain.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { chunkedPrefill, fixedLengths, goodput, makeRequests, poissonArrivals, simulate } from "@fewer-bytes/serving";
 *
 * const requests = makeRequests({
 *   count: 200,
 *   arrivals: poissonArrivals(20),
 *   prompt: fixedLengths(1000),
 *   output: fixedLengths(100),
 * });
 * const deployment = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") };
 * const result = simulate({ deployment, requests, policy: chunkedPrefill() });
 * const strict = goodput(result, { timeToFirstToken: 0.03, timePerOutputToken: 0.01 });
 * assert(strict < goodput(result, { timeToFirstToken: 1 }));
 * ```
 */
export function goodput(result: ServingResult, objective: Objective): number {
  return attainment(result, objective) * result.requestsPerSecond;
}

/** A search for the load that a server can promise for. */
export interface RateSearch {
  /** Simulates at a rate; take the same seed at each. */
  readonly simulateAt: (rate: number) => ServingResult;
  readonly objective: Objective;
  /** The share of requests that must get what was promised. Default 0.9, as in DistServe. */
  readonly attainment?: number;
  /** Where to begin. Default 1 request per second. */
  readonly from?: number;
  /** How exact the answer is, relative. Default 0.02. */
  readonly tolerance?: number;
}

/**
 * Goodput as DistServe defines it: the highest rate at which 90 % of the requests get what was promised.
 *
 * The rate is doubled or halved until the promise breaks or holds, and the interval between halved again and again.
 *
 * @throws {RangeError} when the promise is not kept at a thousandth of the first rate, where requests are alone; or still
 * kept at a million times it. The message says what a lone request takes.
 */
export function largestRate(search: RateSearch): { rate: number; result: ServingResult } {
  const { simulateAt, objective, from = 1, tolerance = 0.02, attainment: share = 0.9 } = search;
  requirePositive(from, "search the largest rate", "the first rate");
  requirePositive(tolerance, "search the largest rate", "the tolerance");
  requireAtLeast(share, 0, "search the largest rate", "the attainment");
  const run = (rate: number) => {
    const result = simulateAt(rate);
    return { rate, result, met: attainment(result, objective) >= share };
  };
  let low = run(from), high = low;
  while (!low.met) {
    if (low.rate < from / 1000) {
      const { timeToFirstToken, timePerOutputToken } = low.result;
      throw new RangeError(
        `Cannot find a rate for this objective as requests must meet it when they are alone: they take ${
          formatQuantity(timeToFirstToken.p90, "s")
        } to the first token and ${
          formatQuantity(timePerOutputToken.p90, "s")
        } for each other (90th percentiles), the objective is ${
          formatQuantity(objective.timeToFirstToken, "s")
        } and ${
          objective.timePerOutputToken === undefined
            ? "any"
            : formatQuantity(objective.timePerOutputToken, "s")
        }`,
      );
    }
    [high, low] = [low, run(low.rate / 2)];
  }
  while (high.met) {
    if (high.rate > from * 1e6) {
      throw new RangeError(
        `Cannot find the largest rate as the objective must break at some rate: it is met at ${high.rate} per second. ` +
          `Are there too few requests to build up a queue?`,
      );
    }
    [low, high] = [high, run(high.rate * 2)];
  }
  while (high.rate - low.rate > tolerance * low.rate) {
    const middle = run((low.rate + high.rate) / 2);
    if (middle.met) low = middle;
    else high = middle;
  }
  return { rate: low.rate, result: low.result };
}
