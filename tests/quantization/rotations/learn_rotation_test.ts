import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  learnRotation,
  randomHadamard,
  type Rotation,
  roundedLayerLoss,
} from "@fewer-bytes/quantization";

const size = 16;
const random = seeded(11);
const gaussian = (rows: number): Rotation =>
  new Matrix(rows, size, Float64Array.from({ length: rows * size }, () => random.normal()));
/** Two channels are 20 times larger than the others. */
const withOutliers = (matrix: Rotation) =>
  matrix.map((value, i) => i % size === 3 || i % size === 9 ? value * 20 : value);

const layer = { weights: gaussian(24), inputs: withOutliers(gaussian(96)) };
const unseen = { ...layer, inputs: withOutliers(gaussian(300)) };
const learned = learnRotation(layer, randomHadamard(size, seeded(100)), { steps: 300 });

Deno.test("learnRotation() lowers the loss by a third, and keeps the best rotation it saw", () => {
  assertEquals(learned.losses.length, 301);
  assertEquals(learned.loss, Math.min(...learned.losses));
  assertEquals(learned.loss, roundedLayerLoss(layer, learned.rotation).loss);
  assertLess(learned.loss, learned.losses[0]! * 2 / 3);
});

Deno.test("learnRotation() ends with a matrix that is orthogonal to 1e-12 after 300 steps", () => {
  const product = learned.rotation.multiply(learned.rotation.transpose());
  assert(product.data.every((value, i) => Math.abs(value - (i % (size + 1) ? 0 : 1)) < 1e-12));
});

Deno.test("learnRotation() beats each of 20 random Hadamard matrices, on inputs that it has not seen", () => {
  const own = roundedLayerLoss(unseen, learned.rotation).loss;
  const others = Array.from(
    { length: 20 },
    (_, i) => roundedLayerLoss(unseen, randomHadamard(size, seeded(100 + i))).loss,
  );
  assertLess(own, Math.min(...others));
  assertLess(own, others.reduce((a, b) => a + b) / 20 * 2 / 3);
});

Deno.test("learnRotation() without steps gives the start", () => {
  const start = randomHadamard(size, seeded(1));
  const { rotation, losses } = learnRotation(layer, start, { steps: 0 });
  assertEquals(rotation, start);
  assertEquals(losses.length, 1);
  assertThrows(() => learnRotation(layer, start, { steps: -1 }), RangeError, "steps");
  assertThrows(() => learnRotation(layer, start, { angle: 0 }), RangeError, "angle");
});
