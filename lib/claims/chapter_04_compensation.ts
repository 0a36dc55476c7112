import { invertPositiveDefinite, Matrix, seeded } from "../numeric/mod.ts";
import {
  compensate,
  createAdapter,
  freezeBase,
  gptq,
  hessian,
  inputStatistics,
  outputError,
  roundToNearest,
  trainAdapter,
} from "../quantization/mod.ts";
import { type Derivation, derive } from "./derivation.ts";
import { distancePercent, gaussian } from "./outlier_layer.ts";

const size = 12;
const square =
  `${size} x ${size} random weights, 40 tokens of correlated random inputs; d is what rounding to 3 bits changes`;
const tokens = 40;

/** Chapter 04, compensation: rounding as least squares, and training that makes up for it. */
export const chapter04Compensation: readonly Derivation[] = [
  derive("c-gptq-least-squares", {
    assumptions: [
      `${square}; square, as the printed product has no meaning for a matrix of another shape`,
      "the norm is that of Frobenius",
    ],
    by: [inputStatistics, outputError],
    relation: "at most",
    proxy: {
      computes: "distance of the printed trace from the squared error of the outputs",
      unit: "% of it",
      threshold: 1e-6,
    },
    derived: () => traceDistance((change) => change.transpose()),
    otherwise: {
      condition: "the transpose stands at the other factor: tr[(W - What) XX^T (W - What)^T]",
      derived: () => traceDistance((change) => change),
    },
  }),
  derive("c-gptq-hessian", {
    assumptions: [
      `${square}; the second difference of the squared error by one weight, over that weight's place in XX^T`,
      "2 for all weights; a factor changes neither which weight is next nor how others move",
    ],
    by: [inputStatistics, hessian, outputError],
    proxy: { computes: "second derivative over XX^T", unit: "x", threshold: 2 },
    derived: () => {
      const { weights, statistics } = layer();
      const step = 2 ** -6;
      const moved = (by: number) =>
        outputError(weights, weights.map((value, i) => i === 5 ? value + by : value), statistics);
      // the error of one row, summed over tokens
      const second = (moved(step) + moved(-step)) / step ** 2 * weights.rows * statistics.tokens;
      return second / statistics.gram.get(5, 5);
    },
  }),
  derive("c-gptq-compensation", {
    assumptions: [`${square}; one weight of a row is rounded, all others are free`],
    by: [hessian, compensate],
    relation: "at most",
    proxy: {
      computes: "distance of the free weights from what the library moves them to",
      unit: "% of the change",
      threshold: 1e-6,
    },
    derived: () => {
      const { weights, statistics } = layer();
      const h = hessian(statistics);
      const row = Float64Array.from(weights.row(0));
      const moved = compensate(row, invertPositiveDefinite(h), 0, Math.round(row[0]!));
      const free = size - 1;
      const inner = new Matrix(free, free, new Float64Array(free * free))
        .map((_, i) => h.get(1 + Math.floor(i / free), 1 + i % free));
      const column = new Matrix(
        free,
        1,
        Float64Array.from({ length: free }, (_, i) => h.get(i + 1, 0)),
      );
      const dq = Math.round(row[0]!) - row[0]!;
      const printed = invertPositiveDefinite(inner).multiply(column).map((value) => -value * dq);
      const library = printed.map((_, i) => moved[i + 1]! - row[i + 1]!);
      return distancePercent(library, printed);
    },
  }),
  derive("c-gptq-pushes-error-forward", {
    assumptions: [`${square}; both methods on the same grid, a scale for each row`],
    by: [gptq, roundToNearest, outputError],
    relation: "at least",
    proxy: {
      computes: "squared error of the outputs after rounding to nearest, over that after GPTQ",
      unit: "x",
      threshold: 1,
    },
    derived: () => {
      const { weights, statistics } = layer();
      const error = (rounded: Matrix) => outputError(weights, rounded, statistics);
      const grid = { bits: 3 };
      return error(roundToNearest(weights, grid)) / error(gptq(weights, hessian(statistics), grid));
    },
  }),
  derive("a-qlora-recovers-accuracy", {
    assumptions: [
      "a layer of 16 inputs and 16 outputs in NF4 with double quantization, an adapter of rank 4, 200 steps",
      '"makes up" is read as: at least 90 % of the error that rounding made is gone; inputs point in all directions alike',
    ],
    by: [freezeBase, createAdapter, trainAdapter],
    relation: "at least",
    proxy: {
      computes: "share of the error of the outputs that training takes away",
      unit: "%",
      threshold: 90,
    },
    derived: () => recovered(16),
    otherwise: {
      condition:
        "the inputs stay in as few directions as the adapter has, so that it can be right in all of them",
      derived: () => recovered(4),
    },
  }),
];

/** Correlated inputs, as activations are: a mix of fewer directions, and a little of each channel's own. */
function layer() {
  const random = seeded(7);
  const weights = gaussian(size, size, random);
  const [mix, directions, own] = [
    gaussian(tokens, 3, random),
    gaussian(3, size, random),
    gaussian(tokens, size, random),
  ];
  const inputs = mix.multiply(directions).map((value, i) => value + 0.3 * own.data[i]!);
  return { weights, statistics: inputStatistics(inputs) };
}

/** The trace of A · XXᵀ · Aᵀ next to the squared error of the outputs, in percent of it; A is the change, or its transpose. */
function traceDistance(placed: (change: Matrix<Float64Array>) => Matrix<Float64Array>): number {
  const { weights, statistics } = layer();
  const rounded = roundToNearest(weights, { bits: 3 });
  const change = new Matrix(size, size, Float64Array.from(weights.data))
    .map((value, i) => value - rounded.data[i]!);
  const a = placed(change);
  const product = a.multiply(statistics.gram).multiply(a.transpose());
  let trace = 0;
  for (let i = 0; i < size; i++) trace += product.get(i, i);
  const error = outputError(weights, rounded, statistics) * size * statistics.tokens;
  return 100 * Math.abs(trace / error - 1);
}

/** The share, in percent, of the error of a rounded layer that an adapter learns to undo, on inputs of some directions. */
function recovered(directions: number): number {
  const random = seeded(8);
  const weights = gaussian(16, 16, random);
  const [mix, basis] = [gaussian(32, directions, random), gaussian(directions, 16, random)];
  const inputs = new Matrix(32, 16, Float64Array.from(mix.multiply(basis).data))
    .map((value) => value / Math.sqrt(directions));
  const { losses } = trainAdapter(
    freezeBase(weights),
    createAdapter({ outputs: 16, inputs: 16, rank: 4 }, random),
    { inputs, targets: inputs.multiply(weights.transpose()) },
    { steps: 200, rate: 0.05 },
  );
  return 100 * (1 - losses.at(-1)! / losses[0]!);
}
