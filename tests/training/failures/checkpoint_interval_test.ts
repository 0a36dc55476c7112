import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  bestInterval,
  dalyFormula,
  dalyInterval,
  expectedSlowdown,
  slowdownFormula,
  youngFormula,
  youngInterval,
} from "@fewer-bytes/training";
import fc from "fast-check";

const times = fc.record({
  snapshot: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
  meanBetweenFailures: fc.double({ min: 1e3, max: 1e7, noNaN: true }),
});

Deno.test("intervals and slowdown are their printed formulas", () => {
  fc.assert(
    fc.property(times, fc.double({ min: 1, max: 1e4, noNaN: true }), (costs, tau) => {
      const { snapshot: C, meanBetweenFailures: M } = costs;
      assertAlmostEquals(youngInterval(costs) / youngFormula.evaluate({ C, M }), 1, 1e-12);
      assertAlmostEquals(dalyInterval(costs) / dalyFormula.evaluate({ C, M }), 1, 1e-9);
      const factor = expectedSlowdown(tau, { ...costs, restart: 5 });
      const wanted = slowdownFormula.evaluate({ C, M, tau, R: 5 });
      if (Number.isFinite(wanted)) assertAlmostEquals(factor / wanted, 1, 1e-6);
    }),
  );
});

Deno.test("no interval is better than bestInterval(), Daly's is as good, and Young's nearly", () => {
  fc.assert(fc.property(times, fc.double({ min: 0.01, max: 100, noNaN: true }), (costs, times) => {
    const best = expectedSlowdown(bestInterval(costs), costs);
    assert(expectedSlowdown(times * bestInterval(costs), costs) >= best * (1 - 1e-12));
    assert(expectedSlowdown(dalyInterval(costs), costs) <= best * 1.002);
    if (costs.snapshot < 0.01 * costs.meanBetweenFailures) {
      assert(expectedSlowdown(youngInterval(costs), costs) <= best * 1.01);
    }
  }));
});

// LLNL/scr, scripts/python/scr_ckpt_interval.py, evaluates the same equation 37, with M when C >= 2M.
Deno.test("snapshots that cost more than the time between failures allows are taken once in that time", () => {
  assertEquals(dalyInterval({ snapshot: 10, meanBetweenFailures: 5 }), 5);
  assertEquals(dalyInterval({ snapshot: 100, meanBetweenFailures: 5 }), 5);
});

Deno.test("a snapshot a hundred times cheaper is taken ten times as often, and costs a tenth", () => {
  const [file, memory] = [100, 1].map((snapshot) => ({ snapshot, meanBetweenFailures: 1e6 }));
  assertAlmostEquals(youngInterval(file!) / youngInterval(memory!), 10, 1e-9);
  const overhead = (costs: typeof file) => expectedSlowdown(bestInterval(costs!), costs!) - 1;
  assertAlmostEquals(overhead(file) / overhead(memory), 10, 0.2);
});

Deno.test("times that are none are refused", () => {
  const costs = { snapshot: 1, meanBetweenFailures: 1 };
  assertThrows(() => youngInterval({ ...costs, snapshot: 0 }), RangeError, "a snapshot");
  assertThrows(() => dalyInterval({ ...costs, meanBetweenFailures: NaN }), RangeError, "failures");
  assertThrows(() => expectedSlowdown(0, costs), RangeError, "the interval");
  assertThrows(() => expectedSlowdown(1, { ...costs, restart: -1 }), RangeError, "a restart");
});
