import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { invertPositiveDefinite, Matrix } from "@fewer-bytes/numeric";
import {
  compensate,
  eliminate,
  hessian,
  inputStatistics,
  optimalBrainQuantize,
} from "@fewer-bytes/quantization";
import fc from "fast-check";
import { lusolve } from "mathjs";
import { assertClose, mixedActivations, randomMatrix } from "./support.ts";

const size = 8;
const curvatureOf = (seed: number) => hessian(inputStatistics(mixedActivations(seed, 30, size)));
const rowOf = (seed: number) => Float64Array.from(randomMatrix(seed, 1, size).data);
const cost = (row: Float64Array, original: Float64Array, curvature: Matrix<Float64Array>) => {
  const change = Matrix.from([[...row].map((value, k) => value - original[k]!)]);
  return change.multiply(curvature).multiply(change.transpose()).get(0, 0) / 2;
};

/** Least squares by its normal equations: the best values of the free weights, when the others are fixed. */
function leastSquares(
  original: Float64Array,
  fixed: ReadonlyMap<number, number>,
  curvature: Matrix<Float64Array>,
): Float64Array {
  const result = Float64Array.from(original, (value, k) => fixed.get(k) ?? value);
  const free = [...original.keys()].filter((k) => !fixed.has(k));
  if (free.length === 0) return result;
  const right = free.map((i) =>
    -[...fixed].reduce((sum, [q, value]) => sum + curvature.get(i, q) * (value - original[q]!), 0)
  );
  const solution = lusolve(free.map((i) => free.map((j) => curvature.get(i, j))), right);
  free.forEach((k, at) => result[k] = original[k]! + (solution as number[][])[at]![0]!);
  return result;
}

const cases = [
  fc.nat(500),
  fc.shuffledSubarray([...Array(size).keys()], { minLength: 1 }),
] as const;

Deno.test("compensate() and eliminate() give the least squares solution after each of several weights is fixed", () => {
  fc.assert(
    fc.property(...cases, (seed, chosen) => {
      const [original, curvature] = [rowOf(seed), curvatureOf(seed + 1)];
      let row: Float64Array<ArrayBuffer> = Float64Array.from(original);
      let inverse: Matrix<Float64Array> = invertPositiveDefinite(curvature);
      const fixed = new Map<number, number>();
      for (const q of chosen) {
        const value = Math.round(2 * row[q]!) / 2;
        row = compensate(row, inverse, q, value);
        inverse = eliminate(inverse, q);
        fixed.set(q, value);
        assertClose(row, leastSquares(original, fixed, curvature), 1e-6);
      }
    }),
    { numRuns: 40, seed: 1 },
  );
});

Deno.test("compensate() costs (w − value)² / 2 over the diagonal of the inverse, and any other move costs more", () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(size - 1), (seed, q) => {
      const [original, curvature] = [rowOf(seed), curvatureOf(seed + 1)];
      const inverse = invertPositiveDefinite(curvature);
      const row = compensate(original, inverse, q, 0);
      const expected = original[q]! ** 2 / (2 * inverse.get(q, q));
      assertAlmostEquals(cost(row, original, curvature), expected, 1e-8 * Math.max(1, expected));
      const other = row.map((value, k) => k === q ? value : value + 0.01 * ((k % 3) - 1 || 1));
      assertLess(cost(row, original, curvature), cost(other, original, curvature));
    }),
    { numRuns: 40, seed: 1 },
  );
});

Deno.test("eliminate() gives the inverse of the Hessian without the row and column, framed by zeros", () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(size - 1), (seed, q) => {
      const curvature = curvatureOf(seed);
      const left = [...Array(size).keys()].filter((k) => k !== q);
      const smaller = Matrix.from(left.map((i) => left.map((j) => curvature.get(i, j))));
      const expected = invertPositiveDefinite(smaller);
      const actual = eliminate(invertPositiveDefinite(curvature), q);
      const largest = Math.max(...expected.data);
      left.forEach((i, row) =>
        left.forEach((j, column) =>
          assertAlmostEquals(actual.get(i, j), expected.get(row, column), 1e-8 * largest)
        )
      );
      for (let k = 0; k < size; k++) assertEquals([actual.get(k, q), actual.get(q, k)], [0, 0]);
    }),
    { numRuns: 30, seed: 1 },
  );
});

Deno.test("optimalBrainQuantize() rounds the weight whose rounding costs least first, not the one nearest to a mark", () => {
  // The second weight is 0.4 from its mark, the first only 0.12, but the second one's input hardly matters.
  const curvature = Matrix.from([[1, 0.09], [0.09, 0.01]]);
  const row = Float64Array.of(0.88, 0.4);
  // Second first, to 0: the first becomes 0.88 + 0.09 · 0.4 = 0.916, and then 1.
  assertEquals([...optimalBrainQuantize(row, curvature, Math.round)], [1, 0]);
  // First first, to 1: the second becomes 0.4 − 0.09 / 0.01 · 0.12 = −0.68, and then −1.
  const natural = optimalBrainQuantize(row, curvature, Math.round, { order: "natural" });
  assertEquals([...natural], [1, -1]);
});

Deno.test("optimalBrainQuantize() ends on marks alone, in both orders, and costs less than plain rounding", () => {
  let [cheapest, natural, plain] = [0, 0, 0];
  for (let seed = 1; seed <= 40; seed++) {
    const original = rowOf(seed);
    const mix = randomMatrix(seed + 1, size, size).map((value, at) =>
      value / 2 + (at % (size + 1) === 0 ? 1 : 0)
    );
    const curvature = hessian(inputStatistics(randomMatrix(seed + 2, 30, size).multiply(mix)));
    const mark = (value: number) => Math.round(4 * value) / 4;
    const [a, b] = (["cheapest", "natural"] as const).map((order) =>
      optimalBrainQuantize(original, curvature, mark, { order })
    );
    for (const row of [a!, b!]) assertEquals(row, row.map(mark));
    cheapest += cost(a!, original, curvature);
    natural += cost(b!, original, curvature);
    plain += cost(original.map(mark), original, curvature);
  }
  assertLess(cheapest, 0.75 * plain);
  assertLess(natural, 0.75 * plain);
});

Deno.test("compensate() refuses a weight that may not move any more, and a singular Hessian is refused", () => {
  const inverse = eliminate(invertPositiveDefinite(curvatureOf(1)), 2);
  assertThrows(
    () => compensate(rowOf(1), inverse, 2, 0),
    RangeError,
    "must be > 0: current value is 0",
  );
  assertThrows(
    () => optimalBrainQuantize(Float64Array.of(1, 1), Matrix.from([[1, 1], [1, 1]]), Math.round),
    RangeError,
    "positive definite",
  );
});
