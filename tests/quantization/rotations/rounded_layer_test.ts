import { assertAlmostEquals, assertLess, assertThrows } from "@std/assert";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  randomHadamard,
  type Rotation,
  roundedLayerLoss,
  roundToNearest,
} from "@fewer-bytes/quantization";

const size = 8;
const random = seeded(2);
const gaussian = (rows: number): Rotation =>
  new Matrix(rows, size, Float64Array.from({ length: rows * size }, () => random.normal()));
const layer = { weights: gaussian(5), inputs: gaussian(7), weightBits: 3, activationBits: 4 };
const rotation = randomHadamard(size, seeded(1));

const single = (matrix: Matrix) =>
  new Matrix(matrix.rows, matrix.columns, Float32Array.from(matrix.data));

Deno.test("roundedLayerLoss() is the relative error of the output with both sides rounded", () => {
  const target = layer.inputs.multiply(layer.weights.transpose());
  const x = roundToNearest(single(layer.inputs.multiply(rotation)), { bits: 4 });
  const w = roundToNearest(single(layer.weights.multiply(rotation)), { bits: 3 });
  let error = 0, energy = 0;
  x.multiply(w.transpose()).data.forEach((value, i) => {
    error += (value - target.data[i]!) ** 2;
    energy += target.data[i]! ** 2;
  });
  assertAlmostEquals(roundedLayerLoss(layer, rotation).loss, error / energy, 1e-6);
});

/** Rounds with the shifts c = round(x/s) − x/s of another place: smooth in the matrix. */
function rounderWithShiftsOf(matrix: Matrix, bits: number) {
  const highest = 2 ** (bits - 1) - 1;
  const scaleOf = (row: number[]) => Math.max(...row.map(Math.abs)) / highest;
  const shifts = matrix.toRows().map((row) =>
    row.map((value) => Math.round(value / scaleOf(row)) - value / scaleOf(row))
  );
  return (other: Matrix) =>
    Matrix.from(
      other.toRows().map((row, i) => row.map((value, j) => value + shifts[i]![j]! * scaleOf(row))),
    );
}

Deno.test("roundedLayerLoss() has the gradient of its straight-through loss, by finite differences", () => {
  const { gradient } = roundedLayerLoss(layer, rotation);
  const target = layer.inputs.multiply(layer.weights.transpose());
  const energy = target.data.reduce((sum, value) => sum + value ** 2, 0);
  const roundX = rounderWithShiftsOf(layer.inputs.multiply(rotation), 4);
  const roundW = rounderWithShiftsOf(layer.weights.multiply(rotation), 3);
  const smooth = (r: Rotation) =>
    roundX(layer.inputs.multiply(r)).multiply(roundW(layer.weights.multiply(r)).transpose())
      .data.reduce((sum, value, i) => sum + (value - target.data[i]!) ** 2, 0) / energy;
  const step = 1e-6;
  for (let i = 0; i < size * size; i++) {
    const moved = (by: number) => rotation.map((value, j) => i === j ? value + by : value);
    const slope = (smooth(moved(step)) - smooth(moved(-step))) / (2 * step);
    assertAlmostEquals(gradient.data[i]!, slope, 1e-6);
  }
});

Deno.test("roundedLayerLoss() falls toward 0 with the bits", () => {
  const losses = [2, 4, 8, 16].map((bits) =>
    roundedLayerLoss({ ...layer, weightBits: bits, activationBits: bits }, rotation).loss
  );
  for (let i = 1; i < losses.length; i++) assertLess(losses[i]!, losses[i - 1]! / 4);
  assertLess(losses[3]!, 1e-6);
});

Deno.test("roundedLayerLoss() refuses shapes that do not fit, and bad bits", () => {
  assertThrows(() => roundedLayerLoss(layer, randomHadamard(4, seeded(1))), TypeError);
  assertThrows(() => roundedLayerLoss({ ...layer, weightBits: 1 }, rotation), RangeError, "bits");
  const broken = layer.inputs.map((value, i) => i ? value : NaN);
  assertThrows(() => roundedLayerLoss({ ...layer, inputs: broken }, rotation), RangeError);
});
