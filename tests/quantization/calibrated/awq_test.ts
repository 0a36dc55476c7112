import {
  assertEquals,
  assertGreater,
  assertLess,
  assertLessOrEqual,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import {
  awq,
  awqScales,
  inputStatistics,
  outputError,
  roundClipped,
  roundToNearest,
} from "@fewer-bytes/quantization";
import fc from "fast-check";
import { scaleColumns } from "../../../lib/quantization/calibrated/awq.ts";
import golden from "./fixtures/golden.json" with { type: "json" };
import {
  activations,
  assertClose,
  mixedActivations,
  numbers,
  randomMatrix,
  weights,
} from "./support.ts";

for (const { bits, group, weights: expected } of golden.awq.pseudo) {
  Deno.test(`the grid of the original AWQ is roundToNearest()'s asymmetric one: ${bits} bits, group ${group}`, () => {
    // Where all groups have values on both sides of zero, as weights do.
    const grid = { bits, groupSize: group, symmetric: false };
    assertClose(roundToNearest(weights(3, 32), grid).data, numbers(expected), 1e-5);
  });
}

for (const known of golden.awq.search) {
  const { bits, group } = known;
  Deno.test(`awq() finds the exponent, the scales and the weights of the original program: ${bits} bits, group ${group}`, () => {
    const statistics = inputStatistics(activations(40, 32));
    const grid = { bits, groupSize: group, symmetric: false };
    const found = awq(weights(3, 32), statistics, grid);
    assertClose(found.errors, numbers(known.losses), 1e-5);
    assertEquals(found.alpha, known.alpha);
    assertClose(found.scales, numbers(known.scales), 1e-5);
    assertClose(found.weights.data, numbers(known.weights), 1e-5);
  });
}

Deno.test("scaling the weights up and the activations down changes no output before rounding", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.double({ min: 0, max: 1, noNaN: true }), (seed, alpha) => {
      const [matrix, x] = [randomMatrix(seed, 4, 10), mixedActivations(seed + 1, 12, 10)];
      const scales = awqScales(inputStatistics(x).meanAbsolute, alpha);
      const folded = scaleColumns(x, scales, -1).multiply(scaleColumns(matrix, scales).transpose());
      const plain = x.multiply(matrix.transpose());
      const size = Math.max(...plain.data.map(Math.abs));
      assertClose(folded.data, plain.data, 1e-5 * size);
      assertClose(scaleColumns(scaleColumns(matrix, scales), scales, -1).data, matrix.data, 1e-6);
    }),
    { numRuns: 40, seed: 1 },
  );
});

Deno.test("awq() is never worse than rounding to nearest, which is its first try, and reports its own error truly", () => {
  for (const seed of [1, 2, 3]) {
    const matrix = randomMatrix(seed, 8, 32);
    const statistics = inputStatistics(mixedActivations(seed + 9, 60, 32));
    for (const grid of [{ bits: 3 }, { bits: 4, symmetric: false, groupSize: 8 }]) {
      const { weights, errors, alpha } = awq(matrix, statistics, grid);
      assertClose(
        [errors[0]!],
        [outputError(matrix, roundToNearest(matrix, grid), statistics)],
        1e-3,
      );
      assertEquals(outputError(matrix, weights, statistics), Math.min(...errors));
      assertEquals(errors[Math.round(alpha * 20)], Math.min(...errors));
      assertEquals(errors.length, 20);
    }
  }
});

Deno.test("awq() protects the channel with outliers: its weights are rounded less than without scales", () => {
  const matrix = randomMatrix(1, 16, 32);
  const x = randomMatrix(2, 80, 32).map((value, at) => at % 32 === 5 ? 40 * value : value);
  const grid = { bits: 3, symmetric: false };
  const found = awq(matrix, inputStatistics(x), grid);
  const harm = (rounded: Matrix) =>
    rounded.toRows().reduce((sum, row, i) => sum + (row[5]! - matrix.get(i, 5)) ** 2, 0);
  assertLess(harm(found.weights), 0.5 * harm(roundToNearest(matrix, grid)));
  assertGreater(found.scales[5]!, Math.max(...found.scales.filter((_, channel) => channel !== 5)));
});

Deno.test("awq() with a clip search has a smaller output error than without, over five layers", () => {
  let [clipped, plain] = [0, 0];
  for (let seed = 1; seed <= 5; seed++) {
    const matrix = randomMatrix(seed, 8, 32);
    const statistics = inputStatistics(mixedActivations(seed + 9, 60, 32));
    const grid = { bits: 3, symmetric: false, groupSize: 16 };
    const error = (searchClip: boolean) =>
      outputError(matrix, awq(matrix, statistics, grid, { searchClip }).weights, statistics) /
      outputError(matrix, roundToNearest(matrix, grid), statistics);
    clipped += error(true);
    plain += error(false);
  }
  assertLess(clipped, plain);
});

Deno.test("awq() searches the clip on the scaled weights, for the scaled activations", () => {
  const [matrix, x] = [randomMatrix(1, 32, 32), mixedActivations(2, 60, 32)];
  const grid = { bits: 2, symmetric: false };
  const statistics = inputStatistics(x);
  const { scales, alpha, weights } = awq(matrix, statistics, grid, { searchClip: true });
  assertGreater(alpha, 0);
  const unfold = (gram: Matrix<Float64Array>) =>
    scaleColumns(roundClipped(scaleColumns(matrix, scales), gram, grid), scales, -1);
  assertClose(weights.data, unfold(inputStatistics(scaleColumns(x, scales, -1)).gram).data, 1e-6);
  assertNotEquals(weights.data, unfold(statistics.gram).data); // it matters
});

Deno.test("awqScales() are all 1 for alpha 0, have 1 as middle of smallest and largest, and survive a dead channel", () => {
  assertEquals([...awqScales(Float64Array.of(0, 2, 9), 0)], [1, 1, 1]);
  const scales = awqScales(Float64Array.of(0.3, 2, 9), 0.7);
  assertClose([scales[0]! * scales[2]!], [1], 1e-12);
  const dead = awqScales(Float64Array.of(0, 2, 9), 0.5);
  assertEquals(dead.every((scale) => scale > 0 && Number.isFinite(scale)), true);
  assertClose([dead[0]! / dead[2]!], [1e-4 / 3], 1e-12); // as in the original program
  const all = awqScales(Float64Array.of(0, 0), 0.5);
  assertEquals([...all], [1, 1]);
});

Deno.test("awq() refuses other shapes, bad exponents and bad grids", () => {
  const statistics = inputStatistics(randomMatrix(1, 5, 6));
  assertThrows(() => awq(randomMatrix(1, 2, 5), statistics, { bits: 4 }), TypeError, "5 factors");
  assertThrows(() => awq(randomMatrix(1, 2, 6), statistics, { bits: 99 }), RangeError, "bits");
  for (const alpha of [-0.1, 1.1, NaN]) {
    assertThrows(
      () => awqScales(Float64Array.of(1), alpha),
      RangeError,
      `current value is ${alpha}`,
    );
  }
  assertLessOrEqual(awqScales(Float64Array.of(1), 1)[0]!, 1);
});

Deno.test("awq() tries as many exponents as asked, evenly from 0 on, and refuses none", () => {
  const [matrix, statistics] = [randomMatrix(1, 6, 8), inputStatistics(mixedActivations(2, 20, 8))];
  const grid = { bits: 3, symmetric: false };
  const all = awq(matrix, statistics, grid).errors;
  const half = awq(matrix, statistics, grid, { tries: 10 }).errors;
  assertEquals(half, all.filter((_, step) => step % 2 === 0));
  assertEquals(awq(matrix, statistics, grid, { tries: 1 }).alpha, 0);
  assertThrows(() => awq(matrix, statistics, grid, { tries: 0 }), RangeError, "tries");
});
