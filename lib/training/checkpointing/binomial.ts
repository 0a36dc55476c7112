import { formula } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** How long a chain can be, as it is printed and computed. */
export const binomialReachFormula = formula("steps = combinations(s + r, s)", {
  steps: "steps that can be reversed",
  s: "states that can be kept, the first included",
  r: "times that a step is computed at most, besides the time for its own reversal",
});

/**
 * How many steps can be reversed, when s states can be kept and no step is computed more than r times beforehand?
 * (s + r over s), a binomial coefficient: with 10 states and 4 repetitions 1001 steps.
 *
 * Source: Griewank and Walther, "Algorithm 799: Revolve" (ACM TOMS 2000).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { binomialReach } from "@fewer-bytes/training";
 *
 * assertEquals(binomialReach(10, 4), 1001);
 * ```
 */
export function binomialReach(states: number, repetitions: number): number {
  requireInteger(states, 1, "find the reach of checkpoints", "the states");
  requireInteger(repetitions, 0, "find the reach of checkpoints", "the repetitions");
  let reach = 1;
  for (let i = 1; i <= repetitions; i++) reach = reach * (states + i) / i;
  return Math.round(reach);
}

/**
 * How many steps must be computed at least to reverse a chain of equal steps, when s states can be kept? Besides the one
 * computation of each step right before its reversal: r·l − C(s + r, s + 1), with the smallest r that reaches l steps.
 *
 * This is the optimum, and so the measure of every schedule. It grows slowly: with 10 states each of 100 steps is computed
 * 2.2 times beforehand, each of 1000 some 3.6 times.
 *
 * @param steps l.
 * @param states s, the first state included.
 * @throws {RangeError} when one of both is no whole number from 1.
 * @example With room for all states each step is computed once beforehand, but for the last
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { binomialForwards } from "@fewer-bytes/training";
 *
 * assertEquals(binomialForwards(10, 10), 9);
 * assertEquals(binomialForwards(10, 1), 45); // from the start each time: 9 + 8 + … + 1
 * ```
 */
export function binomialForwards(steps: number, states: number): number {
  requireInteger(steps, 1, "count recomputed steps", "the steps");
  requireInteger(states, 1, "count recomputed steps", "the states");
  let repetitions = 0;
  while (binomialReach(states, repetitions) < steps) repetitions++;
  return repetitions === 0 ? 0 : repetitions * steps - binomialReach(states + 1, repetitions - 1);
}
