import { invertPositiveDefinite, Matrix, seeded } from "@fewer-bytes/numeric";
import {
  compensate,
  MixedDecomposition,
  randomHadamard,
  rotateInputs,
  rotateOutputs,
  smoothingScales,
} from "@fewer-bytes/quantization";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

export const smoothing = defineExercise({
  id: "04.2",
  title: "Share the difficulty",
  points: 10,
  name: "smoothing",
  stub:
    `/** What each channel of the activations is divided by, and each channel of the weights multiplied with. */
function smoothing(activations: number[], weights: number[], alpha: number): number[] {
  return activations.map(() => NaN); // your turn: you are given the largest magnitude of each channel
}`,
  hints: [
    "A channel with large activations and small weights should be divided by a lot. One with both alike, by little. What does alpha = 1 ask for, and what alpha = 0?",
    "scale = activations^alpha / weights^(1 − alpha), channel by channel.",
    "```ts\nfunction smoothing(activations: number[], weights: number[], alpha: number): number[] {\n  return activations.map((largest, channel) => largest ** alpha / weights[channel]! ** (1 - alpha));\n}\n```",
  ],
  reference: (activations: number[], weights: number[], alpha: number): number[] => [
    ...smoothingScales(Float64Array.from(activations), Float64Array.from(weights), alpha),
  ],
  checks: [
    {
      name: "divides a channel of 64 by 8 when its weights are 1, and one of 1 by nothing",
      run: async (scales) => expectEqual(await scales([64, 1], [1, 1], 0.5), [8, 1]),
    },
    {
      name: "looks at the weights of each channel, too",
      run: async (scales) => expectEqual(await scales([16, 16], [4, 0.25], 0.5), [2, 8]),
    },
    {
      name: "leaves activations and weights equally large with alpha 0.5",
      run: async (scales) => {
        const [activations, weights] = [[90, 3, 0.5], [0.2, 0.4, 0.1]];
        const found = await scales(activations, weights, 0.5);
        found.forEach((scale, channel) =>
          expectNumber(scale, Math.sqrt(activations[channel]! / weights[channel]!), {
            hint: "activations / scale must equal weights · scale",
          })
        );
      },
    },
    {
      name: "moves more of the difficulty into the weights with a larger alpha",
      run: async (scales) =>
        expectEqual(
          await scales([81, 2], [0.5, 0.25], 0.75),
          [...smoothingScales(Float64Array.of(81, 2), Float64Array.of(0.5, 0.25), 0.75)],
        ),
    },
  ],
  mistakes: [
    {
      title: "looks at the activations alone",
      answer: (activations, _weights, alpha) => activations.map((largest) => largest ** alpha),
      caught: "2",
    },
    {
      title: "multiplies by the weights",
      answer: (activations, weights, alpha) =>
        activations.map((largest, i) => largest ** alpha * weights[i]! ** (1 - alpha)),
      caught: /2/,
    },
    {
      title: "always shares evenly",
      answer: (activations, weights) =>
        activations.map((largest, i) => Math.sqrt(largest / weights[i]!)),
      caught: "at [0]",
    },
    {
      title: "gives alpha to both",
      answer: (activations, weights, alpha) =>
        activations.map((largest, i) => (largest / weights[i]!) ** alpha),
      caught: "at [0]",
    },
  ],
});

/** The library's product of one token and one output. */
function mixed(x: number[], w: number[], threshold: number): number {
  const y = new Float32Array(1);
  const weight = { name: "w", outputs: 1, inputs: w.length, data: Float32Array.from(w) };
  new MixedDecomposition(threshold).multiply(Float32Array.from(x), 1, weight, y);
  return y[0]!;
}

/** A vector in 8 bits and back, with one scale. */
function rounded(values: number[]): number[] {
  const step = Math.max(...values.map(Math.abs)) / 127 || 1;
  return values.map((value) => Math.round(value / step) * step);
}

const dot = (x: number[], w: number[]) => x.reduce((sum, value, i) => sum + value * w[i]!, 0);
const outlierToken = [0.31, -40, 0.22, 0.87, -0.45, 6, 0.13, -0.71];
const someWeights = [0.4, 0.02, -0.3, 0.25, 0.11, -0.03, 0.36, 0.17];

export const mixedProduct = defineExercise({
  id: "04.1",
  title: "Leave the outliers alone",
  points: 20,
  name: "mixedProduct",
  stub: `/** The product of a token x and a row of weights w, as LLM.int8() computes it. */
function mixedProduct(x: number[], w: number[], threshold: number): number {
  // your turn: channels with |x| >= threshold are multiplied as they are;
  // all others are rounded first, x and w each to 8 bits with a scale of their own
  return NaN;
}`,
  hints: [
    "Split the channels in two lists. The scale of the rounded part must not see the outliers, or nothing is won.",
    "For the channels with |x| < threshold: step = max|x| / 127, x becomes round(x / step) · step; the same for w with its own step. Then add both products.",
    "```ts\nfunction mixedProduct(x: number[], w: number[], threshold: number): number {\n  const small = x.map((value) => Math.abs(value) < threshold);\n  const rounded = (values: number[]) => {\n    const kept = values.map((value, i) => small[i] ? value : 0);\n    const step = Math.max(...kept.map(Math.abs)) / 127 || 1;\n    return kept.map((value) => Math.round(value / step) * step);\n  };\n  const [codes, weights] = [rounded(x), rounded(w)];\n  return x.reduce((sum, value, i) => sum + (small[i] ? codes[i]! * weights[i]! : value * w[i]!), 0);\n}\n```",
  ],
  reference: mixed,
  checks: [
    {
      name: "multiplies an outlier as it is",
      run: async (product) =>
        expectNumber(await product([1000], [0.123], 6), 123, {
          tolerance: 1e-6,
          hint: "nothing else is in the row: no rounding at all",
        }),
    },
    {
      name: "rounds what is below the threshold, with scales that do not see the outliers",
      run: async (product) =>
        expectNumber(
          await product(outlierToken, someWeights, 6),
          mixed(outlierToken, someWeights, 6),
          { tolerance: 1e-6 },
        ),
    },
    {
      name: "counts a value on the threshold as an outlier",
      run: async (product) =>
        expectNumber(
          await product([6, 1, 0.3], [0.123, 0.5, 0.4], 6),
          mixed([6, 1, 0.3], [0.123, 0.5, 0.4], 6),
          { tolerance: 1e-6 },
        ),
    },
    {
      name: "rounds everything when nothing reaches the threshold",
      run: async (product) =>
        expectNumber(
          await product(outlierToken, someWeights, 100),
          mixed(outlierToken, someWeights, 100),
          { tolerance: 1e-6 },
        ),
    },
  ],
  mistakes: [
    {
      title: "rounds the outliers, too",
      answer: (x, w) => dot(rounded(x), rounded(w)),
      caught: "rounds what is below the threshold",
    },
    {
      title: "lets the outliers set the scale",
      answer: (x, w, threshold) => {
        const [codes, weights] = [rounded(x), rounded(w)];
        return x.reduce(
          (sum, value, i) =>
            sum + (Math.abs(value) < threshold ? codes[i]! * weights[i]! : value * w[i]!),
          0,
        );
      },
      caught: "scales that do not see the outliers",
    },
    {
      title: "drops the outliers",
      answer: (x, w, threshold) =>
        mixed(x.map((value) => Math.abs(value) < threshold ? value : 0), w, threshold),
      caught: "multiplies an outlier as it is",
    },
    {
      title: "rounds nothing",
      answer: (x, w) => dot(x, w),
      caught: "rounds everything",
    },
    {
      title: "counts only what is above the threshold",
      answer: (x, w, threshold) => mixed(x, w, threshold + 1e-3),
      caught: "on the threshold",
    },
  ],
});

/** A Hessian of correlated inputs, inverted. */
function inverseOf(channels: number, seed: number): number[][] {
  const random = seeded(seed);
  const x = new Matrix(
    4 * channels,
    channels,
    Float64Array.from({ length: 4 * channels ** 2 }, () => random.normal()),
  ).map((value, i) => value + 0.8 * Math.sin(Math.floor(i / channels)));
  return invertPositiveDefinite(x.transpose().multiply(x)).toRows();
}

const library = (row: number[], inverse: number[][], q: number, value: number): number[] => [
  ...compensate(Float64Array.from(row), Matrix.from(inverse), q, value),
];
const someRow = [0.6, -1.3, 2.2, 0.4, -0.7];

export const compensated = defineExercise({
  id: "04.4",
  title: "Make up for one rounded weight",
  points: 20,
  name: "compensated",
  stub:
    `/** A row of weights after weight q is set to a value, and all others have moved to make up for it. */
function compensated(row: number[], inverse: number[][], q: number, value: number): number[] {
  return row.map(() => NaN); // your turn: inverse is the inverse of the Hessian, symmetric
}`,
  hints: [
    "All others move along column q of the inverse Hessian. By how much? By so much that weight q itself lands on its value.",
    "change[k] = −(row[q] − value) / inverse[q][q] · inverse[k][q], for every k. For k = q that is value − row[q].",
    "```ts\nfunction compensated(row: number[], inverse: number[][], q: number, value: number): number[] {\n  const error = (row[q]! - value) / inverse[q]![q]!;\n  return row.map((weight, k) => k === q ? value : weight - error * inverse[k]![q]!);\n}\n```",
  ],
  reference: library,
  checks: [
    {
      name: "moves the second of two alike inputs by what the first lost",
      run: async (answer) => {
        const inverse = invertPositiveDefinite(Matrix.from([[1, 0.9], [0.9, 1]])).toRows();
        expectEqual(await answer([0.6, 0.7], inverse, 0, 1), [1, 0.7 - 0.9 * 0.4], {
          tolerance: 1e-9,
        });
      },
    },
    {
      name: "moves nothing else where inputs have nothing in common",
      run: async (answer) =>
        expectEqual(await answer([0.6, 0.7], [[1, 0], [0, 4]], 0, 1), [1, 0.7], {
          tolerance: 1e-9,
        }),
    },
    {
      name: "agrees with the library for five correlated inputs",
      run: async (answer) => {
        const inverse = inverseOf(5, 1);
        expectEqual(await answer(someRow, inverse, 2, 2), library(someRow, inverse, 2, 2), {
          tolerance: 1e-9,
        });
      },
    },
    {
      name: "changes nothing when the weight has its value already",
      run: async (answer) =>
        expectEqual(await answer(someRow, inverseOf(5, 1), 2, 2.2), someRow, { tolerance: 1e-9 }),
    },
  ],
  mistakes: [
    {
      title: "moves no other weight",
      answer: (row, _inverse, q, value) => row.map((weight, k) => k === q ? value : weight),
      caught: "at [1]",
    },
    {
      title: "adds to the error instead",
      answer: (row, inverse, q, value) =>
        row.map((weight, k) =>
          k === q ? value : weight + (row[q]! - value) / inverse[q]![q]! * inverse[k]![q]!
        ),
      caught: "at [1]",
    },
    {
      title: "forgets the diagonal",
      answer: (row, inverse, q, value) =>
        row.map((weight, k) => k === q ? value : weight - (row[q]! - value) * inverse[k]![q]!),
      caught: "at [1]",
    },
    {
      title: "divides by the place of the other weight",
      answer: (row, inverse, q, value) =>
        row.map((weight, k) =>
          k === q ? value : weight - (row[q]! - value) / inverse[k]![k]! * inverse[k]![q]!
        ),
      caught: "library for five",
    },
  ],
});

type Rows = number[][];
const asWeight = (rows: Rows) => ({
  name: "w",
  outputs: rows.length,
  inputs: rows[0]!.length,
  data: Float32Array.from(rows.flat()),
});
const asRows = ({ outputs, inputs, data }: ReturnType<typeof asWeight>): Rows =>
  Array.from({ length: outputs }, (_, i) => [...data.subarray(i * inputs, (i + 1) * inputs)]);
const times = (a: Rows, b: Rows): Rows => Matrix.from(a).multiply(Matrix.from(b)).toRows();
const transposed = (a: Rows): Rows => Matrix.from(a).transpose().toRows();

const quarterTurn: Rows = [[0, 1], [-1, 0]];
const writes: Rows = [[1, 2, 0], [0, 1, 3], [4, 0, 1], [2, 2, 1]];
const reads: Rows = [[1, 0, 2, 1], [3, 1, 0, -1]];
const rotation = randomHadamard(4, seeded(1)).toRows();

export const mergedRotation = defineExercise({
  id: "04.3",
  title: "Merge a rotation",
  points: 15,
  name: "mergedRotation",
  stub: `/**
 * Two matrices, outputs x inputs: the first writes a hidden state h, the second reads it.
 * Change both so that the state in between becomes h · R (as a row), and the results stay the same.
 */
function mergedRotation(first: number[][], second: number[][], rotation: number[][]): number[][][] {
  return []; // your turn: give both matrices, in a list; R is orthogonal
}`,
  hints: [
    "As a row, h = x · Wᵀ. Which W' gives x · W'ᵀ = h · R? And what must the second matrix do with h · R to find h again?",
    "h · R = x · (Rᵀ · W)ᵀ, so the first becomes Rᵀ · W. The second becomes W · R, for (h · R) · (W · R)ᵀ = h · R · Rᵀ · Wᵀ = h · Wᵀ.",
    "```ts\nfunction mergedRotation(first: number[][], second: number[][], rotation: number[][]): number[][][] {\n  const multiply = (a: number[][], b: number[][]) =>\n    a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));\n  const turned = rotation.map((_, i) => rotation.map((row) => row[i]!));\n  return [multiply(turned, first), multiply(second, rotation)];\n}\n```",
  ],
  reference: (first: Rows, second: Rows, r: Rows): Rows[] => [
    asRows(rotateOutputs(asWeight(first), Matrix.from(r))),
    asRows(rotateInputs(asWeight(second), Matrix.from(r))),
  ],
  checks: [
    {
      name: "rotates what the first matrix writes",
      run: async (merge) => {
        const [first] = await merge([[3], [4]], [[1, 0]], quarterTurn);
        expectEqual(first, [[-4], [3]], { hint: "h = (3, 4), and h · R = (−4, 3)" });
      },
    },
    {
      name: "lets the second matrix undo it",
      run: async (merge) => {
        const [first, second] = await merge(writes, reads, rotation);
        expectThat(
          first !== undefined && second !== undefined,
          "your function must return both matrices in a list",
        );
        expectEqual(times(second!, first!), times(reads, writes), {
          tolerance: 1e-6,
          hint: "the product of the two matrices must stay as it was",
        });
      },
    },
    {
      name: "puts the rotated state in between, and not another one",
      run: async (merge) => {
        const [first] = await merge(writes, reads, rotation);
        expectEqual(first, times(transposed(rotation), writes), { tolerance: 1e-6 });
      },
    },
  ],
  mistakes: [
    {
      title: "rotates the first matrix alone",
      answer: (first, second, r) => [times(transposed(r), first), second],
      caught: "the product of the two matrices",
    },
    {
      title: "rotates the second matrix alone",
      answer: (first, second, r) => [first, times(second, r)],
      caught: "h = (3, 4)",
    },
    {
      title: "turns the other way round",
      answer: (first, second, r) => [times(r, first), times(second, transposed(r))],
      caught: "h = (3, 4)",
    },
    {
      title: "rotates both the same way",
      answer: (first, second, r) => [times(transposed(r), first), times(second, transposed(r))],
      caught: "the product of the two matrices",
    },
  ],
});
