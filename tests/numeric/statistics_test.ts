import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { growthPerStep, summarize } from "@fewer-bytes/numeric";

Deno.test("summarize() agrees with values worked out by hand", () => {
  // 0..10: mean 5, variance 110/10 = 11, percentiles linear.
  const summary = summarize([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  assertEquals([summary.count, summary.mean, summary.median, summary.p90], [11, 5, 5, 9]);
  assertAlmostEquals(summary.deviation, Math.sqrt(11));
  assertAlmostEquals(summary.p99, 9.9);
  assertEquals(summarize([4]).deviation, 0);
});

Deno.test("summarize() refuses an empty sample and NaN", () => {
  assertThrows(() => summarize([]), RangeError, "at least one value");
  assertThrows(() => summarize([1, NaN]), RangeError, "NaN");
});

Deno.test("growthPerStep() recovers the factor of an exact exponential, in any order", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      fc.double({ min: 0.1, max: 1e6, noNaN: true }),
      (factor, start) => {
        const points = [3, 0, 2, 1].map((step) => [step, start * factor ** step] as const);
        assertAlmostEquals(growthPerStep(points), factor, factor * 1e-9);
      },
    ),
  );
});

Deno.test("growthPerStep() refuses one step, or a value that has no logarithm", () => {
  assertThrows(() => growthPerStep([[1, 2], [1, 3]]), RangeError, "two distinct steps");
  assertThrows(() => growthPerStep([[0, 1], [1, 0]]), RangeError, "> 0");
});
