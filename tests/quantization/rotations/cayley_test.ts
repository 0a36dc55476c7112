import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { add, identity, inv, multiply, subtract, transpose } from "mathjs";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { cayleyStep, randomHadamard, type Rotation } from "@fewer-bytes/quantization";

function gaussian(size: number, seed: number): Rotation {
  const random = seeded(seed);
  return new Matrix(size, size, Float64Array.from({ length: size ** 2 }, () => random.normal()));
}

function offOrthogonal(rotation: Rotation): number {
  const product = rotation.multiply(rotation.transpose());
  return Math.max(
    ...product.data.map((value, i) => Math.abs(value - (i % (rotation.rows + 1) ? 0 : 1))),
  );
}

Deno.test("cayleyStep() computes (I + τ/2·A)⁻¹(I − τ/2·A)·R as mathjs does", () => {
  const [rotation, gradient] = [randomHadamard(12, seeded(1)), gaussian(12, 2)];
  const [r, g] = [rotation.toRows(), gradient.toRows()];
  const skew = subtract(multiply(g, transpose(r)), multiply(r, transpose(g))) as number[][];
  const norm = Math.hypot(...skew.flat());
  const half = multiply(skew, 0.7 / norm / 2) as number[][];
  const eye = identity(12).valueOf() as number[][];
  const expected = multiply(multiply(inv(add(eye, half)), subtract(eye, half)), r) as number[][];
  cayleyStep(rotation, gradient, 0.7).toRows().flat().forEach((value, i) =>
    assertAlmostEquals(value, expected.flat()[i]!, 1e-12)
  );
});

Deno.test("cayleyStep() stays orthogonal to 1e-12 over 500 steps of any size", () => {
  let rotation = randomHadamard(16, seeded(3));
  for (let step = 0; step < 500; step++) {
    rotation = cayleyStep(rotation, gaussian(16, step), [0.01, 0.5, 8][step % 3]!);
  }
  assertLess(offOrthogonal(rotation), 1e-12);
});

Deno.test("cayleyStep() goes down: a linear loss falls by the angle times the norm of the slope", () => {
  const [rotation, gradient] = [randomHadamard(8, seeded(1)), gaussian(8, 4)];
  const loss = (r: Rotation) =>
    r.data.reduce((sum, value, i) => sum + value * gradient.data[i]!, 0);
  const turn = gradient.multiply(rotation.transpose());
  const back = turn.transpose();
  // Along −A·R the loss changes by −⟨G, A·R⟩ = −‖A‖²/2.
  const norm = Math.hypot(...turn.data.map((value, i) => value - back.data[i]!));
  const fall = loss(rotation) - loss(cayleyStep(rotation, gradient, 1e-5));
  assertAlmostEquals(fall / 1e-5, norm / 2, 1e-3);
});

Deno.test("cayleyStep() stands still where no turn helps, and refuses other shapes", () => {
  const rotation = randomHadamard(4, seeded(1));
  assertEquals(cayleyStep(rotation, rotation, 1), rotation); // a gradient along R only stretches
  assertThrows(() => cayleyStep(rotation, gaussian(5, 1), 1), TypeError, "4 x 4 and 5 x 5");
  assertThrows(() => cayleyStep(rotation, gaussian(4, 1), -1), RangeError, "angle");
  const broken = gaussian(4, 1).map((value, i) => i === 2 ? NaN : value);
  assertThrows(() => cayleyStep(rotation, broken, 1), RangeError, "norm of the turn");
});
