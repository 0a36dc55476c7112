import type { Rotation } from "../../quantization/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** The length of a vector, and what 16 bits keep of it. */
export function lengthOf(vector: Float32Array): { length: number; stored: number } {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  const stored = Math.f16round(length);
  if (!Number.isFinite(stored)) {
    throw new RangeError(
      `Cannot store a vector as its length must fit a 16-bit float: current value is ${length}`,
    );
  }
  return { length, stored };
}

/** x·R, into another array. */
export function turn({ data, rows }: Rotation, x: ArrayLike<number>, y: Float64Array): void {
  y.fill(0);
  for (let i = 0; i < rows; i++) {
    const factor = x[i]!;
    for (let j = 0; j < rows; j++) y[j]! += factor * data[i * rows + j]!;
  }
}

/** y·Rᵀ, into another array. */
export function turnBack({ data, rows }: Rotation, y: Float64Array, x: Float32Array): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < rows; j++) sum += y[j]! * data[i * rows + j]!;
    x[i] = sum;
  }
}

/** Refuses bits and dimensions that the format does not have. */
export function requireVectorFormat(bits: number, dimension: number): void {
  if (requireInteger(bits, 1, "make a TurboQuant format", "bits") > 8) {
    throw new RangeError(
      `Cannot make a TurboQuant format as bits must be at most 8: current value is ${bits}`,
    );
  }
  requireInteger(dimension, 2, "make a TurboQuant format", "the dimension");
}

/** Refuses a row that is not whole vectors. */
export function requireVectors(row: Float32Array, dimension: number): void {
  if (row.length % dimension) {
    throw new RangeError(
      `Cannot store vectors as the length of a row must be a multiple of ${dimension}: current value is ${row.length}`,
    );
  }
}

/** Refuses a rotation of another shape. */
export function requireRotation({ rows, columns }: Rotation, dimension: number): void {
  if (rows !== dimension || columns !== dimension) {
    throw new RangeError(
      `Cannot rotate vectors as the rotation must be ${dimension} x ${dimension}: current shape is ${rows} x ${columns}`,
    );
  }
}
