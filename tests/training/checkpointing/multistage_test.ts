import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { binomialForwards, multistage } from "@fewer-bytes/training";
import fc from "fast-check";

const setup = { steps: 10_000, stepSeconds: 1e-3, stateBytes: 1e8, bandwidth: 5e9, states: 5 };

Deno.test("a state is written whenever the last one is through", () => {
  assertEquals(multistage(setup).interval, 20); // 100 MB over 5 GB/s take 20 steps of a millisecond
  assertEquals(multistage({ ...setup, bandwidth: 1e12 }).interval, 1);
});

Deno.test("the overhead does not depend on the length: exactly, for whole intervals", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), (intervals) => {
    const { forwardFactor } = multistage({ ...setup, steps: 20 * intervals });
    assertAlmostEquals(forwardFactor, 2 + binomialForwards(20, 5) / 20, 1e-12);
  }));
});

Deno.test("without the slow memory it grows without end", () => {
  const factor = (steps: number) => multistage({ ...setup, steps }).forwardFactorWithout;
  assert(factor(100) < factor(1000) && factor(1000) < factor(10_000));
});

Deno.test("values that are none are refused", () => {
  assertThrows(() => multistage({ ...setup, bandwidth: 0 }), RangeError, "the bandwidth");
  assertThrows(() => multistage({ ...setup, steps: 1.5 }), RangeError, "the steps");
  assertThrows(() => multistage({ ...setup, stateBytes: NaN }), RangeError, "the bytes");
});
