import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import {
  bestInterval,
  expectedSlowdown,
  simulateFailures,
  youngInterval,
} from "@fewer-bytes/training";

const costs = { snapshot: 60, meanBetweenFailures: 7200, restart: 300 };

Deno.test("the mean of a long run is the expected slowdown, at any interval", () => {
  for (const interval of [300, 900, 3600]) {
    const { seconds } = simulateFailures(1e8, interval, costs, seeded(18));
    assertAlmostEquals(seconds / 1e8 / expectedSlowdown(interval, costs), 1, 0.01);
  }
});

Deno.test("the shortest run is near the best interval", () => {
  const run = (interval: number) => simulateFailures(1e8, interval, costs, seeded(2)).seconds;
  const best = run(bestInterval(costs));
  assert(run(youngInterval(costs) / 3) > best && run(youngInterval(costs) * 3) > best);
});

Deno.test("a run's time is its work, its snapshots, its restarts and what was lost", () => {
  const { seconds, failures, snapshots, lost } = simulateFailures(1e7, 1000, costs, seeded(3));
  assertEquals(snapshots, 9999);
  // Restarts that got through are fewer than failures, since some failed themselves and are counted as lost.
  const rest = seconds - 1e7 - 60 * snapshots - lost;
  assert(rest % 300 < 1e-3 || 300 - rest % 300 < 1e-3);
  assert(rest / 300 <= failures && rest / 300 > 0.8 * failures);
});

Deno.test("without failures only snapshots are added, and the last stretch needs none", () => {
  const calm = { snapshot: 1, meanBetweenFailures: 1e12 };
  assertEquals(simulateFailures(100, 10, calm, seeded(1)).seconds, 109);
});

Deno.test("the same seed gives the same run, and hopeless runs are refused", () => {
  const run = () => simulateFailures(1e5, 100, costs, seeded(7));
  assertEquals(run(), run());
  const never = { snapshot: 1000, meanBetweenFailures: 1 };
  assertThrows(() => simulateFailures(1e6, 1000, never, seeded(1)), RangeError, "it never is");
  assertThrows(() => simulateFailures(0, 1, costs, seeded(1)), RangeError, "the work");
});
