/** Products and norms over rows of activations, and what each becomes backward. */
import type { Weight } from "../../lm/mod.ts";

/** The derivative by the input of a product: `dx[row, i] += Σ dy[row, o] · w[o, i]`. */
export function multiplyBack(
  dy: Float32Array,
  rows: number,
  { data, inputs, outputs }: Weight,
  dx: Float32Array,
): void {
  for (let row = 0; row < rows; row++) {
    const sums = dx.subarray(row * inputs, (row + 1) * inputs);
    for (let o = 0; o < outputs; o++) {
      const slope = dy[row * outputs + o]!, weights = data.subarray(o * inputs, (o + 1) * inputs);
      for (let i = 0; i < inputs; i++) sums[i]! += slope * weights[i]!;
    }
  }
}

/** The derivative by its weights, which needs the input again: `dw[o, i] += Σ dy[row, o] · x[row, i]`. */
export function weightSlopes(
  dy: Float32Array,
  rows: number,
  x: Float32Array,
  { inputs, outputs }: Weight,
  dw: Float32Array,
): void {
  for (let o = 0; o < outputs; o++) {
    const sums = dw.subarray(o * inputs, (o + 1) * inputs);
    for (let row = 0; row < rows; row++) {
      const slope = dy[row * outputs + o]!, values = x.subarray(row * inputs, (row + 1) * inputs);
      for (let i = 0; i < inputs; i++) sums[i]! += slope * values[i]!;
    }
  }
}

/** Each row scaled to a root mean square of 1, then by the gain of each channel. */
export function normalized(x: Float32Array, gain: Float32Array, epsilon: number): Float32Array {
  const width = gain.length, y = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += width) {
    const scale = scaleOf(x, start, width, epsilon);
    for (let i = 0; i < width; i++) y[start + i] = x[start + i]! * scale * gain[i]!;
  }
  return y;
}

/** Backward through {@linkcode normalized}: adds to the derivatives by input and gain. */
export function normalizeBack(
  dy: Float32Array,
  x: Float32Array,
  gain: Float32Array,
  epsilon: number,
  dx: Float32Array,
  dGain: Float32Array,
): void {
  const width = gain.length;
  for (let start = 0; start < x.length; start += width) {
    const scale = scaleOf(x, start, width, epsilon);
    let along = 0; // how much of the slope points along the row itself, which the norm takes away
    for (let i = 0; i < width; i++) along += dy[start + i]! * gain[i]! * x[start + i]!;
    along *= scale ** 3 / width;
    for (let i = 0; i < width; i++) {
      dx[start + i]! += scale * gain[i]! * dy[start + i]! - along * x[start + i]!;
      dGain[i]! += dy[start + i]! * x[start + i]! * scale;
    }
  }
}

function scaleOf(x: Float32Array, start: number, width: number, epsilon: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += x[start + i]! ** 2;
  return 1 / Math.sqrt(sum / width + epsilon);
}

/** Rows and rows, added into new ones. */
export function added(x: Float32Array, y: Float32Array): Float32Array {
  return x.map((value, i) => value + y[i]!);
}
