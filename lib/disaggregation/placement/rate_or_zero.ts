import { attainment, largestRate, type RateSearch, type ServingResult } from "../../serving/mod.ts";

/**
 * The highest rate that keeps a promise, or 0 when not even requests that are alone get what was promised: in a comparison
 * of many setups that is an answer, and no error.
 *
 * @param search As for `largestRate`, which refuses what has no rate.
 */
export function rateOrZero(search: RateSearch): number {
  const { simulateAt, objective, attainment: share = 0.9, from = 1 } = search;
  const alone: ServingResult = simulateAt(from / 1024);
  return attainment(alone, objective) < share ? 0 : largestRate(search).rate;
}
