import { assertAlmostEquals, assertThrows } from "@std/assert";
import { multiplyRows, type Weight } from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { randomHadamard, rotateInputs, rotateOutputs } from "@fewer-bytes/quantization";

const random = seeded(5);
const gaussian = (length: number) => Float32Array.from({ length }, () => random.normal());
const weight: Weight = { name: "w", outputs: 8, inputs: 12, data: gaussian(96) };

function run(x: Float32Array, matrix: Weight): Float32Array {
  const y = new Float32Array(x.length / matrix.inputs * matrix.outputs);
  multiplyRows(x, x.length / matrix.inputs, matrix, y);
  return y;
}

/** x·R for rows of the rotation's size. */
const turn = (x: Float32Array, rotation: Matrix) =>
  new Matrix(x.length / rotation.rows, rotation.rows, x).multiply(rotation).data;

for (const size of [12, 4]) {
  Deno.test(`rotateInputs() gives from rotated activations what the matrix gave, in pieces of ${size}`, () => {
    const x = gaussian(36);
    const r = randomHadamard(size, seeded(1));
    const expected = run(x, weight);
    run(turn(x, r), rotateInputs(weight, r)).forEach((value, i) =>
      assertAlmostEquals(value, expected[i]!, 1e-5)
    );
  });
}

for (const size of [8, 2]) {
  Deno.test(`rotateOutputs() gives rotated results, in pieces of ${size}`, () => {
    const x = gaussian(36);
    const r = randomHadamard(size, seeded(2));
    const expected = turn(run(x, weight), r);
    run(x, rotateOutputs(weight, r)).forEach((value, i) =>
      assertAlmostEquals(value, expected[i]!, 1e-5)
    );
  });
}

Deno.test("rotateInputs() and rotateOutputs() refuse rotations that do not divide the side", () => {
  const r = randomHadamard(8, seeded(1));
  assertThrows(() => rotateInputs(weight, r), RangeError, "12 inputs");
  assertThrows(() => rotateOutputs(weight, randomHadamard(12, seeded(1))), RangeError, "8 outputs");
  assertThrows(
    () => rotateInputs(weight, Matrix.from([[1, 0, 0], [0, 1, 0]])),
    RangeError,
    "2 x 3",
  );
});
