import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import {
  gaussianDensity,
  lloydMax,
  lloydMaxOfDensity,
  nearestCode,
} from "@fewer-bytes/quantization";

/**
 * The best codebooks for the unit Gaussian, found by solving "each level is the mean of its cell" with
 * SciPy's root finder and the closed forms of cell means. Max's table of 1960 prints 0.3634, 0.1175, 0.03454
 * and 0.009497.
 */
const gaussian = [
  0.3633802276324186,
  0.11748184782932913,
  0.034547760788503634,
  0.009501008008191647,
  0.002504668355674422,
  0.0006442396653170146,
];

Deno.test("lloydMaxOfDensity() reproduces the distortions of the Gaussian law at 1 to 6 bits", () => {
  gaussian.forEach((expected, i) => {
    const { distortion } = lloydMaxOfDensity(gaussianDensity, [-8, 8], 2 ** (i + 1));
    assertAlmostEquals(distortion, expected, 1e-8 + 1e-6 * expected);
  });
  [0.3634, 0.1175, 0.03454, 0.009497].forEach((printed, i) => {
    assertAlmostEquals(gaussian[i]!, printed, 5e-4 * printed);
  });
});

Deno.test("lloydMaxOfDensity() gives Max's printed levels for four of them", () => {
  const { levels, thresholds } = lloydMaxOfDensity(gaussianDensity, [-8, 8], 4);
  [-1.51, -0.4528, 0.4528, 1.51].forEach((x, i) => assertAlmostEquals(levels[i]!, x, 1e-3));
  [-0.9816, 0, 0.9816].forEach((x, i) => assertAlmostEquals(thresholds[i]!, x, 1e-3));
});

Deno.test("lloydMaxOfDensity() gives a flat density even steps, and an error of step² / 12", () => {
  const { levels, distortion } = lloydMaxOfDensity(() => 7, [0, 1], 8);
  levels.forEach((level, i) => assertAlmostEquals(level, (i + 0.5) / 8, 1e-6));
  assertAlmostEquals(distortion, 1 / 64 / 12, 1e-9);
});

const sample = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
  minLength: 1,
  maxLength: 40,
});

/** The least squared error of a codebook, by dynamic programming over the places where the sorted samples are cut. */
function leastDistortion(samples: readonly number[], count: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const cost = (from: number, to: number) => {
    const part = sorted.slice(from, to);
    const mean = part.reduce((sum, x) => sum + x, 0) / part.length;
    return part.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  };
  let best = sorted.map((_, i) => cost(0, i + 1));
  for (let level = 1; level < count; level++) {
    best = best.map((one, end) =>
      Math.min(one, ...best.slice(0, end).map((left, cut) => left + cost(cut + 1, end + 1)))
    );
  }
  return best.at(-1)! / sorted.length;
}

Deno.test("lloydMax() ends where each level is the mean of its cell, and says the error that it leaves", () => {
  fc.assert(fc.property(sample, fc.integer({ min: 1, max: 6 }), (samples, count) => {
    const { levels, distortion } = lloydMax(samples, count);
    const cells = Map.groupBy(samples, (x) => nearestCode(levels, x));
    const errors = samples.map((x) => (x - levels[nearestCode(levels, x)]!) ** 2);
    assertAlmostEquals(
      errors.reduce((sum, error) => sum + error, 0) / samples.length,
      distortion,
      1e-6,
    );
    for (const [code, cell] of cells) {
      const mean = cell.reduce((sum, x) => sum + x, 0) / cell.length;
      // A sample right on a border may be counted on either side.
      const onBorder = cell.some((x) =>
        levels.some((l, i) =>
          i !== code && Math.abs(Math.abs(x - l) - Math.abs(x - levels[code]!)) < 1e-6
        )
      );
      if (!onBorder) assertAlmostEquals(levels[code]!, mean, 1e-6);
    }
  }));
});

Deno.test("lloydMax() leaves no less than the best codebook, and with one level exactly the variance", () => {
  fc.assert(
    fc.property(sample, fc.integer({ min: 1, max: 4 }), (samples, count) => {
      const { distortion } = lloydMax(samples, count);
      assert(distortion >= leastDistortion(samples, count) - 1e-9);
      if (count === 1) assertAlmostEquals(distortion, leastDistortion(samples, 1), 1e-9);
    }),
    { numRuns: 50 },
  );
});

Deno.test("lloydMax() on Gaussian samples comes within 3 % of the law's own distortion, and within 5 % of the samples' best", () => {
  const random = seeded(11);
  const samples = Array.from({ length: 20_000 }, () => random.normal());
  assertAlmostEquals(lloydMax(samples, 4).distortion, gaussian[1]!, 0.03 * gaussian[1]!);
  const few = samples.slice(0, 120);
  assert(lloydMax(few, 4).distortion <= 1.05 * leastDistortion(few, 4));
});

Deno.test("lloydMax() comes through equal samples and more levels than samples", () => {
  assertEquals(lloydMax([2, 2, 2], 4).distortion, 0);
  assertEquals(lloydMax([1, 5], 8).distortion, 0);
});

Deno.test("lloydMax() refuses no samples, what is not finite, and no level", () => {
  for (const samples of [[], [1, NaN], [Infinity]]) {
    assertThrows(() => lloydMax(samples, 2), RangeError, "finite numbers");
  }
  for (const count of [0, 1.5]) assertThrows(() => lloydMax([1, 2], count), RangeError, "number");
  for (const density of [() => 0, () => -1, () => NaN]) {
    assertThrows(() => lloydMaxOfDensity(density, [0, 1], 2), RangeError, "density");
  }
});
