import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requirePositive, type Seconds } from "../../units/mod.ts";

/** The hit rate from which on a cache of answers saves time, as it is printed and computed. */
export const breakEvenFormula = formula("rate = (search + fixed) / model", {
  rate: "share of questions that must hit",
  search: "seconds to look an answer up, for every question",
  fixed: "other seconds that every question pays, such as computing its embedding",
  model: "seconds that the model takes to answer",
});

/** What a question costs with a cache of answers, as it is printed and computed. */
export const cachedAnswerFormula = formula("time = search + fixed + (1 - rate) * model", {
  time: "seconds until an answer, on average",
  search: "seconds to look an answer up, for every question",
  fixed: "other seconds that every question pays",
  rate: "share of questions that hit",
  model: "seconds that the model takes to answer",
});

/**
 * From which hit rate on does a cache of answers pay?
 *
 * Every question is looked up, and those that hit spare the model. So the rate is the cost of looking up over that of the
 * model. A model that takes 150 to 200 ms breaks even at 15 to 20 % with a search of 30 ms, and at 1.0 to 1.3 % with one of
 * 2 ms: the rate falls as the cost does. (Wang et al. 2025 give 3 to 5 % for the latter: {@linkcode impliedFixedCost} says
 * under which condition.)
 *
 * @param search Seconds to look an answer up.
 * @param model Seconds that the model takes.
 * @param fixed Other seconds that every question pays. Default 0.
 * @returns A rate; above 1 the cache can never pay.
 * @throws {RangeError} when a time is negative, or the model takes none.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { breakEvenHitRate } from "@fewer-bytes/paging";
 *
 * assertAlmostEquals(breakEvenHitRate(0.030, 0.200), 0.15);
 * assertAlmostEquals(breakEvenHitRate(0.002, 0.200), 0.01); // a fifteenth, not a fifth
 * ```
 */
export function breakEvenHitRate(search: Seconds, model: Seconds, fixed: Seconds = 0): number {
  requireAtLeast(search, 0, "break even", "the search");
  requirePositive(model, "break even", "the model's time");
  requireAtLeast(fixed, 0, "break even", "the fixed cost");
  return (search + fixed) / model;
}

/**
 * Which answer time does a break-even rate take for granted, when nothing but the search costs?
 *
 * @throws {RangeError} when the search is negative, or the rate not above zero.
 */
export function impliedModelTime(search: Seconds, rate: number): Seconds {
  requireAtLeast(search, 0, "find a model's time", "the search");
  return search / requirePositive(rate, "find a model's time", "the rate");
}

/** A search, and the hit rate at which it is said to pay. */
export interface StatedBreakEven {
  readonly search: Seconds;
  readonly rate: number;
}

/**
 * Two searches of one system, and the rates at which they are said to pay: which cost beside the search makes both true?
 *
 * Both are lines through (search + fixed) / model, so two points give the two unknowns. 30 ms at 15 % with 2 ms at 3 % need
 * 5 ms beside the search and a model of 233 ms; 20 % with 5 % need 7.3 ms and 187 ms.
 *
 * @returns The fixed cost, negative when the rates cannot both be true; and the time of the model.
 * @throws {RangeError} when searches or rates are equal, or the slower search has the lower rate.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { impliedFixedCost } from "@fewer-bytes/paging";
 *
 * const { fixed, model } = impliedFixedCost(
 *   { search: 0.030, rate: 0.15 },
 *   { search: 0.002, rate: 0.03 },
 * );
 * assertAlmostEquals(fixed, 0.005);
 * assertAlmostEquals(model, 0.233, 0.001);
 * ```
 */
export function impliedFixedCost(
  first: StatedBreakEven,
  second: StatedBreakEven,
): { readonly fixed: Seconds; readonly model: Seconds } {
  for (const { search, rate } of [first, second]) {
    requireAtLeast(search, 0, "find a fixed cost", "a search");
    requirePositive(rate, "find a fixed cost", "a rate");
  }
  const model = (first.search - second.search) / (first.rate - second.rate);
  if (!(Number.isFinite(model) && model > 0)) {
    throw new RangeError(
      `Cannot find a fixed cost as the slower search must need the higher rate: current rates are ${first.rate} and ${second.rate}`,
    );
  }
  return { fixed: first.rate * model - first.search, model };
}
