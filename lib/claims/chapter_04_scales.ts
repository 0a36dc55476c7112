import { type Weight } from "../lm/mod.ts";
import { Matrix, seeded } from "../numeric/mod.ts";
import {
  awqScales,
  inputStatistics,
  MixedDecomposition,
  quantize,
  resolveGrid,
  roundToNearest,
  smoothingScales,
  storedBits,
} from "../quantization/mod.ts";
import { type Derivation, derive } from "./derivation.ts";
import { shown } from "./measures.ts";
import { distancePercent, gaussian, outlierLayer, outlierLayerWords } from "./outlier_layer.ts";

const outlier = 20;

/** Chapter 04, scales: what an outlier does to a grid, and the methods that split or scale channels. */
export const chapter04Scales: readonly Derivation[] = [
  derive("c-rtn-crushes-99pct", {
    assumptions: () => [
      `a row of Llama 3.1 8B's width with Gaussian weights of deviation 1 and a single one of ${outlier}, on 4 bits`,
      '"a few effective levels" is read as: the three marks -1, 0 and 1',
      `without the outlier ${shown(onFewMarks(4096))} % of 4,096 weights lie on them`,
    ],
    by: [quantize],
    derived: ({ model }) => onFewMarks(model("llama-3.1-8b").hiddenSize, outlier),
  }),
  derive("a-llmint8-mixed-decomposition", {
    assumptions: [
      `${outlierLayerWords}, so above the threshold of 6; "negligible" is read as: an error of at most 1 %`,
    ],
    by: [MixedDecomposition],
    relation: "at most",
    proxy: { computes: "error of the outputs, in percent of them", unit: "%", threshold: 1 },
    derived: () => {
      const { weights, inputs } = outlierLayer();
      const y = Matrix.zeros(inputs.rows, weights.rows);
      new MixedDecomposition().multiply(inputs.data, inputs.rows, asWeight(weights), y.data);
      return distancePercent(y, product(inputs, weights));
    },
  }),
  derive("a-smoothquant-w8a8", {
    assumptions: [
      "weights of Llama 3.1 8B's width; a 16-bit scale for each row is counted; activations have one for each token or tensor",
    ],
    by: [quantize, storedBits],
    derived: ({ model }) =>
      storedBits(quantize(Matrix.zeros(1, model("llama-3.1-8b").hiddenSize), { bits: 8 })),
  }),
  derive("a-smoothquant-identity", {
    assumptions: [`${outlierLayerWords}; alpha 0.5, in double precision`],
    by: [smoothingScales],
    relation: "at most",
    proxy: { computes: "distance of the two products", unit: "% of one", threshold: 1e-10 },
    derived: () => {
      const { weights, inputs } = smoothed();
      const { weights: w, inputs: x } = outlierLayer();
      return distancePercent(product(inputs, weights), product(x, w));
    },
  }),
  derive("a-smoothquant-migrates-difficulty", {
    assumptions: () => [
      `${outlierLayerWords}; 8-bit weights with a scale for each row, 8-bit activations with one for all, alpha 0.5`,
      `without smoothing the same grids err by ${shown(eightBitError(outlierLayer()))} %`,
    ],
    by: [smoothingScales, roundToNearest],
    relation: "at most",
    proxy: {
      computes: "error of the outputs after smoothing, in percent of them",
      unit: "%",
      threshold: 2,
    },
    derived: () => eightBitError(smoothed()),
  }),
  derive("a-awq-quantizer-formula", {
    assumptions: [
      "4 bits, 64 random groups of 32; the formula has no clamp, and codes have N bits in two's complement",
    ],
    by: [resolveGrid],
    relation: "at most",
    proxy: {
      computes: "share of groups in which the largest weight gets a code that is not there",
      unit: "%",
      threshold: 0,
    },
    derived: () => codesOutside(2 ** 3),
    otherwise: {
      condition: "the scale is divided by 2^(N-1) - 1, as in the same document's symmetric formula",
      derived: () => codesOutside(2 ** 3 - 1),
    },
  }),
  derive("a-awq-scaled-weight", {
    assumptions: [
      "4 bits, rows of 64 random weights, of which one is scaled by 2; D' is the library's scale, max|ws| / (2^(N-1) - 1)",
    ],
    by: [quantize, roundToNearest],
    relation: "at most",
    proxy: {
      computes: "largest distance from the formula",
      unit: "of the weight's step",
      threshold: 1e-5,
    },
    derived: () => {
      const scaled = salientScaled(2);
      const { scales } = quantize(scaled, { bits: 4 });
      const rounded = roundToNearest(scaled, { bits: 4 });
      return Math.max(...scales.map((step, row) => {
        const formula = step * Math.round(scaled.get(row, salient) / step);
        return Math.abs(formula - rounded.get(row, salient)) / step;
      }));
    },
  }),
  derive("a-awq-error-drops-by-s", {
    assumptions: [
      "4 bits, 500 rows of 64 random weights, one of which is scaled by s = 2 and divided by it after rounding",
      "rows in which another weight stays the largest, so that D' is D",
    ],
    by: [quantize, roundToNearest],
    proxy: {
      computes: "mean error of that weight without scaling, over that with it",
      unit: "x",
      threshold: 2,
    },
    derived: () => salientError(1) / salientError(2),
  }),
  derive("c-awq-identity", {
    assumptions: [`${outlierLayerWords}; alpha 0.5, in double precision`],
    by: [awqScales],
    relation: "at most",
    proxy: { computes: "distance of the two products", unit: "% of one", threshold: 1e-10 },
    derived: () => {
      const { weights, inputs } = outlierLayer();
      const scales = awqScales(inputStatistics(inputs).meanAbsolute, 0.5);
      const { x, w } = withScales(inputs, weights, scales);
      return distancePercent(product(x, w), product(inputs, weights));
    },
  }),
  derive("c-awq-shrinks-salient", {
    assumptions: [
      `${outlierLayerWords}; alpha 0.5; the channel with the largest mean activation, by which AWQ chooses, not by variance`,
    ],
    by: [awqScales],
    relation: "at most",
    proxy: {
      computes: "size of a salient weight after scaling, over its size before",
      unit: "x",
      threshold: 1,
    },
    derived: () => Math.max(...awqScales(inputStatistics(outlierLayer().inputs).meanAbsolute, 0.5)),
    otherwise: {
      condition: "its rounding error is meant, which s = 2 makes smaller while the weight grows",
      derived: () => salientError(2) / salientError(1),
    },
  }),
];

/** The share of a row of Gaussian weights, in percent, that 4 bits round to −1, 0 or 1 steps; perhaps with an outlier. */
function onFewMarks(width: number, outlier?: number): number {
  const row = gaussian(1, width, seeded(4));
  if (outlier !== undefined) row.data[7] = outlier;
  const { codes } = quantize(row, { bits: 4 });
  return 100 * [...codes].filter((code) => Math.abs(code) <= 1).length / codes.length;
}

function precise({ rows, columns, data }: Matrix): Matrix<Float64Array<ArrayBuffer>> {
  return new Matrix(rows, columns, Float64Array.from(data));
}

/** x · wᵀ in double precision. */
function product(x: Matrix, w: Matrix): Matrix<Float64Array> {
  return precise(x).multiply(precise(w).transpose());
}

function asWeight({ rows, columns, data }: Matrix<Float32Array>): Weight {
  return { name: "layer", outputs: rows, inputs: columns, data: data.slice() };
}

/** Activations divided, and weights multiplied, by a scale for each channel; in double precision. */
function withScales(x: Matrix, w: Matrix, scales: Float64Array) {
  return {
    x: precise(x).map((value, i) => value / scales[i % scales.length]!),
    w: precise(w).map((value, i) => value * scales[i % scales.length]!),
  };
}

/** The layer after smoothing with alpha 0.5. */
function smoothed(): { weights: Matrix<Float64Array>; inputs: Matrix<Float64Array> } {
  const { weights, inputs } = outlierLayer();
  const [activations, largest] = [inputs, weights].map((m) => inputStatistics(m).maxAbsolute);
  const { x, w } = withScales(inputs, weights, smoothingScales(activations!, largest!, 0.5));
  return { weights: w, inputs: x };
}

/** The error of a layer's outputs, in percent, with 8 bits for weights (a scale a row) and activations (one for all). */
function eightBitError({ weights, inputs }: { weights: Matrix; inputs: Matrix }): number {
  const single = ({ rows, columns, data }: Matrix) =>
    new Matrix(rows, columns, Float32Array.from(data));
  const x = roundToNearest(single(inputs), { bits: 8, groupSize: "tensor" });
  const w = roundToNearest(single(weights), { bits: 8 });
  return distancePercent(product(x, w), product(inputs, weights));
}

/** Of random groups: the share, in percent, whose largest weight over max|w| / `divisor` rounds to no 4-bit code. */
function codesOutside(divisor: number): number {
  const groups = gaussian(64, 32, seeded(5));
  const { highest } = resolveGrid({ bits: 4 }, 64, 32);
  let outside = 0;
  for (let group = 0; group < groups.rows; group++) {
    const row = groups.row(group);
    const step = Math.max(...row.map(Math.abs)) / divisor;
    // two's complement has one code more below zero
    if (row.some((value) => value / step > highest + 0.5 || value / step < -highest - 1.5)) {
      outside++;
    }
  }
  return 100 * outside / groups.rows;
}

const salient = 3;

/** Rows of random weights, one of which is multiplied with s. */
function salientScaled(s: number): Matrix<Float32Array> {
  return gaussian(500, 64, seeded(6)).map((value, i) => i % 64 === salient ? s * value : value);
}

/** The mean error of that weight, after it is divided by s again, where scaling by 2 leaves the row its step. */
function salientError(s: number): number {
  const grid = { bits: 4 };
  const [scaled, plain, doubled] = [s, 1, 2].map(salientScaled);
  const rounded = roundToNearest(scaled!, grid);
  const steps = [plain!, doubled!].map((rows) => quantize(rows, grid).scales);
  let sum = 0, count = 0;
  for (let row = 0; row < rounded.rows; row++) {
    if (steps[0]![row] !== steps[1]![row]) continue;
    sum += Math.abs(rounded.get(row, salient) - scaled!.get(row, salient)) / s;
    count++;
  }
  return sum / count;
}
