import { Matrix, seeded } from "../numeric/mod.ts";
import {
  decodeDynamic,
  dynamicMap,
  encodeNvfp4,
  lloydMax,
  measureRoundTrip,
  nearestCode,
  nvfp4,
  quantize,
  roundHalfEven,
  roundToNearest,
  sharedExponent,
  smallFloat,
  smallFloats,
  trainRegression,
  valuesOf,
} from "../quantization/mod.ts";
import { type Derivation, derive } from "./derivation.ts";

const e2m1 = smallFloats.fp4E2M1;
const outlier = 60;

/** Chapter 03, where the marks lie: floating-point and dynamic formats, outliers, levels that follow the data, training. */
export const chapter03Formats: readonly Derivation[] = [
  derive("c-fp4-16-values", {
    assumptions: ["E2M1; different numbers are counted"],
    by: [smallFloat, valuesOf],
    derived: () => valuesOf(e2m1).length,
    otherwise: {
      condition: "codes are counted, so that +0 and -0 are two",
      derived: () => 2 ** e2m1.bits,
    },
  }),
  derive("c-fp4-1bit-mantissa", {
    assumptions: ["E2M1; the numbers from 2 to below 4, of which the mantissa tells one"],
    by: [smallFloat, valuesOf],
    derived: () => Math.log2(valuesOf(e2m1).filter((value) => value >= 2 && value < 4).length),
  }),
  derive("c-fp4-needs-block-scales", {
    assumptions: [
      "4,096 Gaussian values, every thousandth of them 60 deviations large, which is left out of the error",
      "one power of two for the whole tensor, against NVFP4",
    ],
    by: [encodeNvfp4, sharedExponent],
    relation: "at least",
    proxy: {
      computes:
        "mean squared error with one scale for the tensor, over that with an E4M3 scale for 16 values",
      unit: "x",
      threshold: 2,
    },
    derived: () => {
      const values = valuesWithOutliers();
      const wholeTensor = sharedExponent("FP4, one scale", e2m1, values.length);
      return ordinaryError(values, wholeTensor.roundTrip(values)) /
        ordinaryError(values, nvfp4.roundTrip(values));
    },
  }),
  derive("a-outlier-wastes-levels", {
    assumptions: [
      "8 bits, one scale for 4,096 Gaussian values, of which every thousandth is 60 deviations large",
      '"little" is read as: at most a fifth',
    ],
    by: [quantize],
    relation: "at most",
    proxy: {
      computes: "codes in use by all other values, over those in use when no value is large",
      unit: "x",
      threshold: 1 / 5,
    },
    derived: () => {
      const large = valuesWithOutliers();
      const used = (values: Float32Array) =>
        new Set(
          quantize(new Matrix(1, values.length, values), { bits: 8 }).codes
            .filter((_, i) => !isOutlier(large[i]!)),
        ).size;
      return used(large) / used(gaussian());
    },
  }),
  derive("a-dtq-8bit-layout", {
    assumptions: [
      "the bits of the fraction are counted by the numbers that share a decade",
      "the most bits over all decades; two spare codes stand for 0 and 1",
    ],
    by: [decodeDynamic],
    derived: () => {
      const numbers = Array.from({ length: 128 }, (_, code) => decodeDynamic(code))
        .filter((value) => value > 0 && value < 1);
      const decades = Map.groupBy(numbers, (value) => Math.floor(-Math.log10(value)));
      const [sign, marker] = [1, 1];
      return Math.max(
        ...[...decades].map(([zeros, members]) =>
          sign + zeros + marker + Math.log2(members.length)
        ),
      );
    },
  }),
  derive("a-dtq-low-error-both-ends", {
    assumptions: [
      "magnitudes in each of the four decades from 0.0001 to 1, and the decade in which a format does worst",
      "within the largest decade even steps are the finer ones",
    ],
    by: [dynamicMap, nearestCode, roundHalfEven],
    relation: "at least",
    proxy: {
      computes: "mean relative error of 127 even steps, over that of the dynamic map",
      unit: "x",
      threshold: 1,
    },
    derived: () => {
      const map = dynamicMap();
      const worst = (restore: (value: number) => number) =>
        Math.max(...[1, 2, 3, 4].map((decade) => relativeError(decade, restore)));
      return worst((value) => roundHalfEven(value * 127) / 127) /
        worst((value) => map[nearestCode(map, value)]!);
    },
  }),
  derive("a-nonuniform-beats-uniform", {
    assumptions: [
      "4,096 Gaussian values and 15 levels: even ones, with the clip that leaves the least error, against those of Lloyd and Max",
    ],
    by: [measureRoundTrip, lloydMax],
    relation: "at least",
    proxy: {
      computes: "mean squared error of even levels over that of fitted ones",
      unit: "x",
      threshold: 1,
    },
    derived: () => {
      const values = gaussian();
      const matrix = new Matrix(1, values.length, values);
      const errors = Array.from(
        { length: 15 },
        (_, i) => measureRoundTrip(matrix, { bits: 4, clip: (i + 6) / 20 }).meanSquaredError,
      );
      return Math.min(...errors) / lloydMax(values, 15).distortion;
    },
  }),
  derive("a-qat-better-than-ptq", {
    assumptions: [
      "linear regression with 8 features that go together, 64 examples, weights of 3 bits; the mean of 4 seeds",
      "a stand-in: no language model is trained in the ledger",
    ],
    by: [trainRegression, roundToNearest],
    relation: "at least",
    proxy: {
      computes:
        "squared error of weights rounded after training, over that of weights trained on the grid",
      unit: "x",
      threshold: 1,
    },
    derived: () => {
      const trained = [1, 2, 3, 4].map(afterAndDuringTraining);
      const sum = (which: 0 | 1) => trained.reduce((total, losses) => total + losses[which], 0);
      return sum(0) / sum(1);
    },
  }),
];

function gaussian(): Float32Array<ArrayBuffer> {
  const source = seeded(6);
  return Float32Array.from({ length: 4096 }, () => source.normal());
}

function valuesWithOutliers(): Float32Array<ArrayBuffer> {
  return gaussian().map((value, i) => i % 1000 === 500 ? Math.sign(value) * outlier : value);
}

const isOutlier = (value: number) => Math.abs(value) > outlier / 2;

/** The mean squared error of all values that are no outliers. */
function ordinaryError(values: Float32Array, restored: Float32Array): number {
  const errors = Array.from(
    values,
    (value, i) => isOutlier(value) ? [] : (value - restored[i]!) ** 2,
  )
    .flat();
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** The mean relative error over magnitudes from 10^-decade to ten times that, evenly spread in the logarithm. */
function relativeError(decade: number, restore: (value: number) => number): number {
  const count = 500;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const value = 10 ** ((i + 0.5) / count - decade);
    sum += Math.abs(restore(value) / value - 1);
  }
  return sum / count;
}

/** The squared error of a regression with weights of 3 bits: rounded after training, and trained on the grid. */
function afterAndDuringTraining(seed: number): readonly [after: number, during: number] {
  const source = seeded(seed);
  const [examples, features] = [64, 8];
  const truth = Array.from({ length: features }, () => source.normal());
  const inputs = Matrix.zeros(examples, features);
  const targets = Array.from({ length: examples }, (_, i) => {
    const common = source.normal();
    const row = inputs.row(i);
    row.forEach((_, j) => row[j] = common + 0.6 * source.normal());
    return truth.reduce((sum, weight, j) => sum + weight * row[j]!, 0.1 * source.normal());
  });
  const grid = { bits: 3 };
  const { weights } = trainRegression({ inputs, targets });
  const rounded = roundToNearest(weights, grid);
  const after = targets.reduce((sum, target, i) => {
    const said = rounded.data.reduce((total, weight, j) => total + weight * inputs.get(i, j), 0);
    return sum + (target - said) ** 2 / examples;
  }, 0);
  return [after, trainRegression({ inputs, targets }, { grid, start: weights, steps: 300 }).loss];
}
