import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import {
  distanceFromBound,
  gaussianGap,
  randomRotation,
  sphereGap,
  turboQuantFactor,
} from "@fewer-bytes/cache";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { affineFormat } from "@fewer-bytes/cache";

Deno.test("the factor of TurboQuant is where fixed-rate quantizers of a Gaussian tend to", () => {
  // Panter and Dite: the error tends to (1/12)·(∫ density^(1/3))³ · 4^−bits; the integral is taken by sums here.
  let sum = 0;
  for (let x = -20; x < 20; x += 1e-3) sum += Math.exp(-x * x / 6) * 1e-3;
  assertAlmostEquals(turboQuantFactor, sum ** 3 / Math.sqrt(2 * Math.PI) / 12, 1e-4);
});

Deno.test("distanceFromBound() is 1 where the error is what the bound asks for", () => {
  const format = {
    ...affineFormat(2, 4),
    roundTrip: (row: Float32Array) => row.map((x) => x * 1.25),
  };
  const vectors = new Matrix(2, 4, Float32Array.of(1, 2, 3, 4, -1, 0, 0, 0));
  assertAlmostEquals(
    distanceFromBound(vectors, format as typeof format & { roundTrip: never }, 2),
    1,
  );
});

Deno.test("distanceFromBound() refuses to measure nothing, or a vector of zeros", () => {
  const format = affineFormat(2, 2);
  const none = new Matrix(0, 2, new Float32Array(0));
  assertThrows(() => distanceFromBound(none, format, 2), RangeError, "current count is 0");
  const zeros = new Matrix(1, 2, new Float32Array(2));
  assertThrows(() => distanceFromBound(zeros, format, 2), RangeError, "not zero");
});

Deno.test("gaussianGap() is small for Gaussian draws, and the maximum for far ones", () => {
  const random = seeded(1);
  const draws = Array.from({ length: 10_000 }, () => random.normal(0, 3));
  assert(gaussianGap(draws, 3) < 0.02);
  assert(gaussianGap(draws, 6) > 0.1);
  assertAlmostEquals(gaussianGap([100], 1), 1, 1e-9);
});

Deno.test("gaussianGap() refuses no numbers, and one that is not finite", () => {
  assertThrows(() => gaussianGap([], 1), RangeError, "current count is 0");
  assertThrows(() => gaussianGap([1, NaN], 1), RangeError, "finite");
});

Deno.test("sphereGap() is what a rotated vector shows: not Gaussian in 3 dimensions, nearly in many", () => {
  const random = seeded(2);
  // In 3 dimensions a coordinate is even over [−1, 1]: the largest gap to the Gaussian of deviation 1/√3 can be found by hand.
  let largest = 0;
  for (let x = -1; x <= 1; x += 1e-3) {
    let below = 0;
    for (let t = -6; t < x * Math.sqrt(3); t += 1e-3) below += Math.exp(-t * t / 2) * 1e-3;
    largest = Math.max(largest, Math.abs((x + 1) / 2 - below / Math.sqrt(2 * Math.PI)));
    x += 0.01;
  }
  assertAlmostEquals(sphereGap(3), largest, 2e-3);
  const coordinates = Array.from({ length: 4000 }, () => randomRotation(3, random).get(0, 0));
  assertAlmostEquals(gaussianGap(coordinates, 1 / Math.sqrt(3)), sphereGap(3), 0.03);
  assert(sphereGap(1024) < 2e-4 && sphereGap(1024) > 1e-4);
});
