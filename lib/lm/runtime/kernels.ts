import type { Weight } from "./language_model.ts";

/**
 * Multiplies rows of activations with a weight matrix: `y[row, o] = Σ x[row, i] · w[o, i]`.
 *
 * Each row of weights is walked once for all rows of activations, as the roofline assumes. Four sums run side by side,
 * so that an addition need not wait for the one before it.
 */
export function multiplyRows(
  x: Float32Array,
  rows: number,
  { data: w, inputs, outputs }: Weight,
  y: Float32Array,
): void {
  for (let o = 0; o < outputs; o++) {
    const weights = o * inputs;
    for (let row = 0; row < rows; row++) {
      const start = row * inputs;
      let a = 0, b = 0, c = 0, d = 0;
      let i = 0;
      for (; i + 3 < inputs; i += 4) {
        a += x[start + i]! * w[weights + i]!;
        b += x[start + i + 1]! * w[weights + i + 1]!;
        c += x[start + i + 2]! * w[weights + i + 2]!;
        d += x[start + i + 3]! * w[weights + i + 3]!;
      }
      for (; i < inputs; i++) a += x[start + i]! * w[weights + i]!;
      y[row * outputs + o] = a + b + c + d;
    }
  }
}

/** Scales each row to a root mean square of 1, then by the gain of each channel. */
export function normalizeRows(
  x: Float32Array,
  rows: number,
  gain: Float32Array,
  epsilon: number,
  y: Float32Array,
): void {
  const width = gain.length;
  for (let start = 0; start < rows * width; start += width) {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += x[start + i]! ** 2;
    const scale = 1 / Math.sqrt(sum / width + epsilon);
    for (let i = 0; i < width; i++) y[start + i] = x[start + i]! * scale * gain[i]!;
  }
}

/**
 * Turns the heads of one token to its position (rotary embedding). As in Llama's checkpoints, the first half of a head
 * is paired with the second.
 */
export function rotateHeads(
  x: Float32Array,
  start: number,
  heads: number,
  dimension: number,
  position: number,
  theta: number,
): void {
  const half = dimension / 2;
  for (let pair = 0; pair < half; pair++) {
    const angle = position * theta ** (-2 * pair / dimension);
    const cosine = Math.cos(angle);
    const sine = Math.sin(angle);
    for (let head = 0; head < heads; head++) {
      const first = start + head * dimension + pair;
      const second = first + half;
      const [a, b] = [x[first]!, x[second]!];
      x[first] = a * cosine - b * sine;
      x[second] = b * cosine + a * sine;
    }
  }
}

/** The gated activation of SwiGLU, in place of the gate: `gate · sigmoid(gate) · up`. */
export function gate(gates: Float32Array, ups: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const value = gates[i]!;
    gates[i] = value / (1 + Math.exp(-value)) * ups[i]!;
  }
}

/** Adds rows to rows. */
export function add(x: Float32Array, y: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) x[i]! += y[i]!;
}
