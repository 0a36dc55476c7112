import type { Weight } from "./language_model.ts";

/**
 * Multiplies rows of activations with a weight matrix: `y[row, o] = Σ x[row, i] · w[o, i]`.
 *
 * Each row of weights is walked once for all rows of activations, as the roofline assumes. Four outputs are summed side
 * by side: an activation is loaded once for the four, and no addition waits for the one before it.
 */
export function multiplyRows(
  x: Float32Array,
  rows: number,
  { data, inputs, outputs }: Weight,
  y: Float32Array,
): void {
  // At the end, where fewer than four are left, the last one is done more than once.
  const weights = (o: number) => {
    const row = Math.min(o, outputs - 1);
    return data.subarray(row * inputs, (row + 1) * inputs);
  };
  for (let o = 0; o < outputs; o += 4) {
    const [w0, w1, w2, w3] = [weights(o), weights(o + 1), weights(o + 2), weights(o + 3)];
    for (let row = 0; row < rows; row++) {
      const activations = x.subarray(row * inputs, (row + 1) * inputs);
      let a = 0, b = 0, c = 0, d = 0;
      for (let i = 0; i < inputs; i++) {
        const value = activations[i]!;
        a += value * w0[i]!;
        b += value * w1[i]!;
        c += value * w2[i]!;
        d += value * w3[i]!;
      }
      const result = row * outputs + o;
      y[result] = a;
      if (o + 1 < outputs) y[result + 1] = b;
      if (o + 2 < outputs) y[result + 2] = c;
      if (o + 3 < outputs) y[result + 3] = d;
    }
  }
}

/**
 * Multiplies each head of each row with a matrix of its own: that head's rows of the weight.
 *
 * `y[row, h, o] = Σ x[row, h, i] · w[h, o, i]`
 */
export function multiplyHeads(
  x: Float32Array,
  rows: number,
  heads: number,
  { data, inputs, outputs }: Weight,
  y: Float32Array,
): void {
  const height = outputs / heads;
  for (let result = 0; result < rows * outputs; result++) {
    const start = Math.floor(result / height) * inputs;
    const weights = (result % outputs) * inputs;
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += x[start + i]! * data[weights + i]!;
    y[result] = sum;
  }
}

/** The same with the matrix of each head transposed: `y[row, h, i] = Σ x[row, h, o] · w[h, o, i]`. */
export function multiplyHeadsBack(
  x: Float32Array,
  rows: number,
  heads: number,
  { data, inputs, outputs }: Weight,
  y: Float32Array,
): void {
  const height = outputs / heads;
  y.fill(0);
  for (let source = 0; source < rows * outputs; source++) {
    const start = Math.floor(source / height) * inputs;
    const weights = (source % outputs) * inputs;
    for (let i = 0; i < inputs; i++) y[start + i]! += x[source]! * data[weights + i]!;
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
