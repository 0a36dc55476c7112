import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  cumulateDensity,
  cumulateSamples,
} from "../../../lib/quantization/codebooks/cumulative_moments.ts";

Deno.test("cumulateSamples() sums what is below a place, as a filter does", () => {
  const sample = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 });
  fc.assert(fc.property(sample, fc.double({ min: -60, max: 60, noNaN: true }), (samples, x) => {
    const below = samples.filter((value) => value < x);
    const expected = [0, 1, 2].map((power) =>
      below.reduce((sum, value) => sum + value ** power, 0)
    );
    assertEquals(
      [...cumulateSamples(samples).below(x)].map((m) => m + 0),
      expected.map((m) => m + 0),
    );
  }));
});

Deno.test("cumulateDensity() integrates a ramp between any two places, as the closed form does", () => {
  const { below, total } = cumulateDensity((x) => 2 * x, [0, 1]);
  [1, 2 / 3, 1 / 2].forEach((moment, i) => assertAlmostEquals(total[i]!, moment, 1e-8));
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (x) => {
    [x ** 2, 2 / 3 * x ** 3, x ** 4 / 2].forEach((moment, i) => {
      assertAlmostEquals(below(x)[i]!, moment, 1e-8);
    });
  }));
  assertEquals(below(-1), [0, 0, 0]);
  assertEquals(below(2), total);
});

Deno.test("start() is ascending, within the range, and even for a flat density", () => {
  const { start } = cumulateDensity(() => 3, [-1, 1]);
  start(4).forEach((place, i) => assertAlmostEquals(place, -0.75 + i / 2, 1e-3));
  assertEquals([...cumulateSamples([3, 1, 2, 4]).start(2)], [2, 4]);
});
