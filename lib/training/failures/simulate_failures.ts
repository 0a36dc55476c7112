import type { Random } from "../../numeric/mod.ts";
import { requirePositive, type Seconds } from "../../units/mod.ts";
import { type FailureCosts, requireCosts } from "./checkpoint_interval.ts";

/** How a run went. */
export interface FailureRun {
  readonly seconds: Seconds;
  readonly failures: number;
  readonly snapshots: number;
  /** Work that was done and lost, snapshots that were begun and restarts that failed included. */
  readonly lost: Seconds;
}

/**
 * A run with failures, second by second as they come: work, snapshot, work; a failure throws everything away since the last
 * complete snapshot, and a restart must get through before work goes on.
 *
 * @param work Seconds of it.
 * @param interval Seconds of work between two snapshots; the last stretch may be shorter and needs no snapshot.
 * @param random Where the gaps between failures, exponential ones, are drawn.
 * @throws {RangeError} when a time is not above zero, or failures come so often that ten million do not let the run end.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { simulateFailures } from "@fewer-bytes/training";
 *
 * const costs = { snapshot: 60, meanBetweenFailures: 10_800 };
 * const { seconds, failures } = simulateFailures(1e6, 1138, costs, seeded(1));
 * assert(failures > 50 && seconds > 1.05e6 && seconds < 1.2e6);
 * ```
 */
export function simulateFailures(
  work: Seconds,
  interval: Seconds,
  costs: FailureCosts,
  random: Random,
): FailureRun {
  requirePositive(work, "simulate failures", "the work");
  requirePositive(interval, "simulate failures", "the interval");
  requireCosts(costs, "simulate failures");
  const { snapshot, meanBetweenFailures: mean, restart = 0 } = costs;
  const gap = () => -mean * Math.log1p(-random.uniform());
  let now = 0, saved = 0, next = gap(), failures = 0, snapshots = 0, lost = 0;
  let down = false;
  while (saved < work) {
    const stretch = Math.min(interval, work - saved);
    const last = saved + stretch >= work;
    const needed = (down ? restart : 0) + stretch + (last ? 0 : snapshot);
    if (now + needed <= next) {
      now += needed;
      saved = last ? work : saved + stretch;
      if (!last) snapshots++;
      down = false;
      continue;
    }
    lost += next - now;
    now = next;
    next = now + gap();
    down = true;
    if (++failures > 1e7) {
      throw new RangeError(
        "Cannot simulate failures as a stretch between two must be long enough for an interval: it never is",
      );
    }
  }
  return { seconds: now, failures, snapshots, lost };
}
