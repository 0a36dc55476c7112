import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requirePositive, type Seconds } from "../../units/mod.ts";

/** Young's interval, as it is printed and computed. */
export const youngFormula = formula("interval = sqrt(2 * C * M)", {
  interval: "seconds of work between two snapshots",
  C: "seconds that a snapshot costs",
  M: "mean seconds between two failures",
});

/** Daly's interval, for snapshots that cost less than twice the time between failures. */
export const dalyFormula = formula(
  "interval = sqrt(2 * C * M) * (1 + sqrt(C / (2 * M)) / 3 + C / (2 * M) / 9) - C",
  youngFormula.symbols,
);

/** How work grows by snapshots and failures, as it is printed and computed. */
export const slowdownFormula = formula(
  "factor = M / tau * exp(R / M) * (exp((tau + C) / M) - 1)",
  {
    factor: "expected time over the time without snapshots and failures",
    M: "mean seconds between two failures",
    tau: "seconds of work between two snapshots",
    R: "seconds to start again after a failure",
    C: "seconds that a snapshot costs",
  },
);

/** Failures that come without memory, and what they and snapshots cost. */
export interface FailureCosts {
  /** Seconds that a snapshot costs. */
  readonly snapshot: Seconds;
  /** Mean seconds between two failures: of one device, divided by the number of devices. */
  readonly meanBetweenFailures: Seconds;
  /** Seconds to start again after a failure. Default 0. */
  readonly restart?: Seconds;
}

/**
 * How often should a snapshot be taken? Rarely, and a failure loses much work; often, and snapshots cost as much as
 * failures. The two meet at √(2·C·M): the overhead is then √(2·C/M), which falls only with the root of what a snapshot
 * costs.
 *
 * Source: Young, "A first order approximation to the optimum checkpoint interval" (1974).
 *
 * @throws {RangeError} when a time is not above zero.
 * @example A snapshot of a minute, a failure every three hours
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { youngInterval } from "@fewer-bytes/training";
 *
 * assertEquals(Math.round(youngInterval({ snapshot: 60, meanBetweenFailures: 10_800 }) / 60), 19);
 * ```
 */
export function youngInterval(costs: FailureCosts): Seconds {
  requireCosts(costs, "find Young's interval");
  return Math.sqrt(2 * costs.snapshot * costs.meanBetweenFailures);
}

/**
 * The same for snapshots that are not so cheap: Daly's higher order estimate, work alone, without the snapshot.
 *
 * Source: Daly, "A higher order estimate of the optimum checkpoint interval for restart dumps" (2006), equation 37.
 *
 * @returns Seconds; the mean time between failures when a snapshot costs twice that or more.
 */
export function dalyInterval(costs: FailureCosts): Seconds {
  requireCosts(costs, "find Daly's interval");
  const { snapshot, meanBetweenFailures: mean } = costs;
  if (snapshot >= 2 * mean) return mean;
  const ratio = snapshot / (2 * mean);
  return Math.sqrt(2 * snapshot * mean) * (1 + Math.sqrt(ratio) / 3 + ratio / 9) - snapshot;
}

/**
 * How much longer does work take with snapshots every so often? Exact for failures without memory: a stretch of τ + C
 * must pass without one, and M·(e^((τ+C)/M) − 1) is how long that takes; after a failure a restart must succeed first.
 *
 * @param interval Seconds of work between two snapshots.
 * @example At its best the overhead of a one-minute snapshot is a ninth
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { dalyInterval, expectedSlowdown } from "@fewer-bytes/training";
 *
 * const costs = { snapshot: 60, meanBetweenFailures: 10_800 };
 * assertAlmostEquals(expectedSlowdown(dalyInterval(costs), costs), 1.113, 0.001);
 * ```
 */
export function expectedSlowdown(interval: Seconds, costs: FailureCosts): number {
  requirePositive(interval, "find the slowdown", "the interval");
  requireCosts(costs, "find the slowdown");
  const { snapshot, meanBetweenFailures: mean, restart = 0 } = costs;
  return mean / interval * Math.exp(restart / mean) * Math.expm1((interval + snapshot) / mean);
}

/**
 * The best interval itself, without approximation: where 1 − τ/M = e^(−(τ+C)/M). A restart does not change it.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { bestInterval, dalyInterval } from "@fewer-bytes/training";
 *
 * const costs = { snapshot: 60, meanBetweenFailures: 10_800 };
 * assertAlmostEquals(bestInterval(costs) / dalyInterval(costs), 1, 1e-4);
 * ```
 */
export function bestInterval(costs: FailureCosts): Seconds {
  requireCosts(costs, "find the best interval");
  const { snapshot, meanBetweenFailures: mean } = costs;
  let low = 0, high = 1;
  for (let turn = 0; turn < 100; turn++) {
    const middle = (low + high) / 2;
    if (1 - middle > Math.exp(-middle - snapshot / mean)) low = middle;
    else high = middle;
  }
  return mean * (low + high) / 2;
}

/** Refuses times that are none. */
export function requireCosts(costs: FailureCosts, action: string): void {
  requirePositive(costs.snapshot, action, "the seconds of a snapshot");
  requirePositive(costs.meanBetweenFailures, action, "the mean time between failures");
  requireAtLeast(costs.restart ?? 0, 0, action, "the seconds of a restart");
}
