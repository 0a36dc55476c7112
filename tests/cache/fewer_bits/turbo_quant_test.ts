import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  distanceFromBound,
  randomRotation,
  turboQuant,
  turboQuantFactor,
} from "@fewer-bytes/cache";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { gaussianDistortions, randomHadamard } from "@fewer-bytes/quantization";

function draw(count: number, dimension: number, next: (i: number) => number) {
  return new Matrix(
    count,
    dimension,
    Float32Array.from({ length: count * dimension }, (_, i) => next(i)),
  );
}

Deno.test("turboQuant() leaves less than the 2.72 times of its proof, and more than the bound", () => {
  const random = seeded(1);
  const vectors = draw(300, 64, () => random.normal());
  for (const bits of [1, 2, 3, 4]) {
    const ratio = distanceFromBound(vectors, turboQuant(bits, 64), bits);
    // The Gaussian codebook's own distance, 1.45 to 2.43, found there by another way; coordinates are not quite Gaussian.
    const { fixedRate, bound } = gaussianDistortions(bits);
    assertAlmostEquals(ratio, fixedRate / bound, 0.08 * fixedRate / bound);
    assert(ratio > 1 && ratio < turboQuantFactor);
  }
});

Deno.test("turboQuant() needs no calibration: outliers and heavy tails fare as Gaussian vectors do", () => {
  const random = seeded(2);
  const kinds = [
    () => random.normal(),
    (i: number) => random.normal() * (i % 32 === 7 ? 30 : 1),
    () => random.normal() / (0.05 + random.uniform()),
  ];
  // Outliers all point the same way, so a single rotation is good or bad for all of them: the proof is for the mean.
  const means = kinds.map((next) => {
    const ratios = Array.from({ length: 40 }, () => {
      const format = turboQuant(3, 32, { rotation: randomRotation(32, random) });
      return distanceFromBound(draw(20, 32, next), format, 3);
    });
    return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  });
  for (const mean of means) assertAlmostEquals(mean, means[0]!, 0.1 * means[0]!);
});

Deno.test("turboQuant() scales with its vector, and gives zeros back", () => {
  const format = turboQuant(3, 8);
  const random = seeded(3);
  const row = Float32Array.from({ length: 16 }, () => random.normal());
  const back = format.roundTrip(row);
  format.roundTrip(row.map((value) => 4 * value)).forEach((value, i) =>
    assertAlmostEquals(value, 4 * back[i]!, 1e-5)
  );
  assertEquals([...format.roundTrip(new Float32Array(8))], new Array(8).fill(0));
});

Deno.test("turboQuant() refuses bits, dimensions and rotations that cannot be", () => {
  assertThrows(() => turboQuant(0, 8), RangeError, "bits");
  assertThrows(() => turboQuant(9, 8), RangeError, "bits must be at most 8");
  assertThrows(() => turboQuant(2, 1), RangeError, "the dimension");
  assertThrows(() => turboQuant(2, 6), RangeError, "Hadamard");
  const rotation = randomHadamard(4, seeded(1));
  assertThrows(() => turboQuant(2, 8, { rotation }), RangeError, "8 x 8: current shape is 4 x 4");
  assertThrows(() => turboQuant(2, 2).roundTrip(Float32Array.of(1, NaN)), RangeError, "16-bit");
  assertThrows(() => turboQuant(2, 4).roundTrip(new Float32Array(6)), RangeError, "multiple of 4");
});
