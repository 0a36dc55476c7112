/** Layers with their calibration inputs, for tests of pruning. */
import { Matrix, seeded } from "@fewer-bytes/numeric";

/** Deterministic numbers from -1 to 1, the same in fixtures/originals.py. */
const hashed = (i: number) => Math.floor(i * 2654435761 % 2 ** 32 / 256) % 2001 / 1000 - 1;

const fill = (rows: number, columns: number, value: (row: number, column: number) => number) =>
  new Matrix(
    rows,
    columns,
    Float32Array.from(
      { length: rows * columns },
      (_, i) => value(Math.floor(i / columns), i % columns),
    ),
  );

/** The layer of fixtures/originals.json. */
export const originalLayer = {
  weights: fill(6, 32, (row, column) => hashed(1 + row * 32 + column)),
  inputs: fill(
    96,
    32,
    (row, column) =>
      (hashed(5000 + row * 32 + column) +
        0.8 * hashed(9000 + row * 8 + Math.floor(column / 4))) * (1 + column % 5),
  ),
};

/** A layer whose channels are of different loudness and go together in fours. */
export function randomLayer(seed: number, outputs = 8, inputs = 32, samples = 2 * inputs) {
  const random = seeded(seed);
  const loudness = Array.from({ length: inputs }, () => random.logNormal(0, 0.8));
  const weights = fill(outputs, inputs, () => random.normal());
  let shared = 0;
  const x = fill(samples, inputs, (_, column) => {
    if (column % 4 === 0) shared = random.normal();
    return loudness[column]! * (random.normal() + shared);
  });
  return { weights, inputs: x, gram: gram(x) };
}

/** XᵀX, by the textbook. */
export function gram(x: Matrix): Matrix<Float64Array> {
  return new Matrix(x.rows, x.columns, Float64Array.from(x.data)).transpose().multiply(x);
}

/** Squared error of the outputs, from the inputs themselves. */
export function outputError(before: Matrix, after: Matrix, inputs: Matrix): number {
  const difference = new Matrix(
    before.rows,
    before.columns,
    Float64Array.from(before.data, (value, index) => value - after.data[index]!),
  );
  return difference.multiply(inputs.transpose()).data.reduce((sum, value) => sum + value ** 2, 0);
}
