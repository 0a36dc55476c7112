import { Matrix, seeded } from "../numeric/mod.ts";
import { dequantize, quantize, type QuantizedMatrix } from "../quantization/mod.ts";
import { type Derivation, derive } from "./derivation.ts";

const bits = 4;
const groups = 64;
const groupSize = 32;
const random = "4 bits; 64 random groups of 32 values, each with zero inside its range";
const clip = 0.8;
const clipped =
  `${random}; each grid keeps 80 % of its range, as one that was fitted to other data would`;
const ownRange =
  "each range is that of the very values that are rounded, as a narrower one needs a clamp, which the document's formulas omit";

/** Chapter 03, even steps: the formulas of the first document, held against the grids of the library. */
export const chapter03Grids: readonly Derivation[] = [
  derive("a-asymmetric-scale", {
    assumptions: [
      random,
      "where a group lies on one side of zero, the library widens its range to hold zero, and the formula's zero point is no code",
    ],
    by: [quantize],
    relation: "at most",
    proxy: {
      computes: "largest distance of a scale from the formula, relative to it",
      unit: "of the scale",
      threshold: 1e-6,
    },
    derived: () => {
      const values = skewedValues();
      return largest(quantize(values, { bits, groupSize, symmetric: false }).scales, (group) => {
        const own = groupOf(values, group);
        return (Math.max(...own) - Math.min(...own)) / (2 ** bits - 1);
      });
    },
  }),
  derive("a-asymmetric-zero-point", {
    assumptions: [
      random,
      "codes from 0 on, so q_min is 0; ties, which round() and the library treat differently, have no chance here",
    ],
    by: [quantize],
    relation: "at most",
    proxy: {
      computes: "groups whose zero point is another than the formula's",
      unit: "groups",
      threshold: 0,
    },
    derived: () => {
      const values = skewedValues();
      const { scales, zeroPoints } = quantize(values, { bits, groupSize, symmetric: false });
      return [...zeroPoints!].filter((zero, group) =>
        zero !== Math.round(0 - Math.min(...groupOf(values, group)) / scales[group]!)
      ).length;
    },
  }),
  derive("a-asymmetric-quantize", {
    assumptions: [clipped],
    by: [quantize],
    relation: "at most",
    proxy: {
      computes: "share of values whose code by the formula is none of the grid's",
      unit: "%",
      threshold: 0,
    },
    derived: () => differentCodes(false, clip),
    otherwise: { condition: ownRange, derived: () => differentCodes(false, 1) },
  }),
  derive("a-asymmetric-dequantize", {
    assumptions: [random],
    by: [quantize, dequantize],
    relation: "at most",
    proxy: {
      computes: "largest distance of a restored value from the formula, in steps",
      unit: "steps",
      threshold: 1e-5,
    },
    derived: () => {
      const quantized = quantize(skewedValues(), { bits, groupSize, symmetric: false });
      const { codes, scales, zeroPoints } = quantized;
      return Math.max(
        ...dequantize(quantized).data.map((value, i) => {
          const group = Math.floor(i / groupSize);
          const scale = scales[group]!;
          return Math.abs(value - scale * (codes[i]! - zeroPoints![group]!)) / scale;
        }),
      );
    },
  }),
  derive("a-symmetric-scale", {
    assumptions: [
      random,
      "the document's section on AWQ divides by 2^(N-1) instead: the largest weight then gets code 8 at 4 bits, outside the signed range",
    ],
    by: [quantize],
    relation: "at most",
    proxy: {
      computes: "largest distance of a scale from the formula, relative to it",
      unit: "of the scale",
      threshold: 1e-6,
    },
    derived: () => {
      const values = skewedValues();
      return largest(
        quantize(values, { bits, groupSize }).scales,
        (group) => Math.max(...groupOf(values, group).map(Math.abs)) / (2 ** (bits - 1) - 1),
      );
    },
  }),
  derive("a-symmetric-zero-and-roundtrip", {
    assumptions: [clipped],
    by: [quantize],
    relation: "at most",
    proxy: {
      computes: "share of values whose code by the formula is none of the grid's",
      unit: "%",
      threshold: 0,
    },
    derived: () => differentCodes(true, clip),
    otherwise: { condition: ownRange, derived: () => differentCodes(true, 1) },
  }),
  derive("a-range-from-absmax", {
    assumptions: [
      "8 bits; values on one side of zero, such as what a ReLU lets through, as the rule is stated for both variants",
    ],
    by: [quantize],
    proxy: {
      computes:
        "step of a grid over plus and minus the largest magnitude, over that of a grid from minimum to maximum",
      unit: "x",
      threshold: 1,
    },
    derived: () => absmaxOverRange((value) => Math.abs(value)),
    otherwise: {
      condition: "the values lie evenly about zero",
      derived: () => absmaxOverRange((value, i) => (i % 2 ? -1 : 1) * value),
    },
  }),
];

/** Gaussian values about a center that differs from group to group, and stays within a deviation of zero. */
function skewedValues(): Matrix<Float32Array> {
  const source = seeded(3);
  const values = Matrix.zeros(groups, groupSize);
  for (let group = 0; group < groups; group++) {
    const [center, deviation] = [2 * source.uniform() - 1, source.logNormal()];
    values.row(group).forEach((_, i, row) => row[i] = deviation * (center + source.normal()));
  }
  return values;
}

const groupOf = (values: Matrix<Float32Array>, group: number) => values.row(group);

/** The largest distance of values from what a formula says, relative to it. */
function largest(values: ArrayLike<number>, expected: (group: number) => number): number {
  return Math.max(
    ...Array.from(values, (value, group) => Math.abs(value / expected(group) - 1)),
  );
}

/** The share of values, in percent, for which rounding X / S + Z without a clamp gives another code than the library. */
function differentCodes(symmetric: boolean, clip: number): number {
  const values = skewedValues();
  const { codes, scales, zeroPoints }: QuantizedMatrix = quantize(values, {
    bits,
    groupSize,
    symmetric,
    clip,
  });
  const different = values.data.filter((value, i) => {
    const group = Math.floor(i / groupSize);
    return Math.round(value / scales[group]! + (zeroPoints?.[group] ?? 0)) !== codes[i];
  });
  return 100 * different.length / codes.length;
}

/** Pairs of equal magnitudes, changed by a rule: the step of a symmetric grid over that of an asymmetric one. */
function absmaxOverRange(change: (value: number, i: number) => number): number {
  const source = seeded(4);
  const pairs = Array.from({ length: groupSize }, () => Math.abs(source.normal()));
  const row = Float32Array.from(pairs.flatMap((value) => [value, value]), change);
  const values = new Matrix(1, row.length, row);
  const [symmetric, asymmetric] = [true, false].map((symmetric) =>
    quantize(values, { bits: 8, symmetric }).scales[0]!
  );
  return symmetric! / asymmetric!;
}
