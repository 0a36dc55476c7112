import { formula, type Matrix } from "../../numeric/mod.ts";
import { requireAtLeast } from "../../units/mod.ts";
import { resolveGrid, type UniformGrid } from "./grid.ts";
import { dequantize, quantize } from "./quantize.ts";

/** The noise of rounding as it is printed and computed: the variance of a number spread evenly over one step. */
export const roundingNoiseFormula = formula("noise = scale^2 / 12", {
  noise: "mean squared error of rounding",
  scale: "distance between two marks",
});

/** The signal-to-noise ratio of a symmetric grid as it is printed and computed. */
export const signalToNoiseFormula = formula(
  "decibels = 10 * log10(12 * (2^(bits - 1) - 1)^2 / crest^2)",
  {
    decibels: "signal-to-noise ratio",
    bits: "bits for each code",
    crest:
      "largest absolute value over the root mean square; sqrt(3) when all values are equally likely",
  },
);

/**
 * How clean does rounding to a symmetric grid leave a signal? About 6.02 dB for each bit.
 *
 * Each bit halves the step, and so quarters the noise, step² / 12. Holds while the values spread over
 * many marks and none is clamped. A high crest, outliers, costs bits: twice the peak at the same root
 * mean square takes one bit away.
 *
 * @param bits Bits for each code.
 * @param crest Largest absolute value over the root mean square of the values that share a scale.
 * @returns Decibels: 20 mean that the error is a tenth of the signal.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { signalToNoise } from "@fewer-bytes/quantization";
 *
 * assertAlmostEquals(signalToNoise(12, 4) - signalToNoise(11, 4), 6.02, 0.01);
 * assertAlmostEquals(signalToNoise(12, 4) - signalToNoise(11, 2), 0, 0.01);
 * ```
 */
export function signalToNoise(bits: number, crest: number): number {
  const { highest } = resolveGrid({ bits }, 1, 1);
  requireAtLeast(crest, 1, "find the signal-to-noise ratio", "the crest");
  return 10 * Math.log10(12 * highest ** 2 / crest ** 2);
}

/** What a trip to the grid and back did. */
export interface RoundTrip {
  /** The largest error among values inside their grid, in steps: at most a half. */
  readonly largestErrorInSteps: number;
  /** The share of values beyond the last mark of their grid by more than half a step: there no bound holds. */
  readonly clippedShare: number;
  readonly meanSquaredError: number;
  /** Mean square of the values over that of the errors, in decibels. Infinity when nothing was lost. */
  readonly signalToNoise: number;
}

/**
 * What did rounding cost, and where does the bound of half a step hold?
 *
 * Inside the grid, no error is above half a step. A value beyond the last mark, as a clip below 1
 * leaves some, comes back as that mark: its error is its distance, however large.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { measureRoundTrip } from "@fewer-bytes/quantization";
 *
 * const row = new Matrix(1, 4, Float32Array.of(7, 0.5, -3, 14));
 * assertEquals(measureRoundTrip(row, { bits: 4, clip: 0.5 }).clippedShare, 0.25);
 * assertEquals(measureRoundTrip(row, { bits: 4, clip: 0.5 }).largestErrorInSteps, 0.5);
 * ```
 */
export function measureRoundTrip(matrix: Matrix<Float32Array>, grid: UniformGrid): RoundTrip {
  const { lowest, highest } = resolveGrid(grid, matrix.rows, matrix.columns);
  const quantized = quantize(matrix, grid);
  const restored = dequantize(quantized).data;
  let largest = 0, clipped = 0, noise = 0, signal = 0;
  matrix.data.forEach((value, i) => {
    const group = Math.floor(i / quantized.groupSize);
    const scale = quantized.scales[group]!;
    const position = value / scale + (quantized.zeroPoints?.[group] ?? 0);
    const error = value - restored[i]!;
    if (position < lowest - 0.5 || position > highest + 0.5) clipped++;
    else largest = Math.max(largest, Math.abs(error) / scale);
    noise += error ** 2;
    signal += value ** 2;
  });
  return {
    largestErrorInSteps: largest,
    clippedShare: clipped / matrix.data.length,
    meanSquaredError: noise / matrix.data.length,
    signalToNoise: noise === 0 ? Infinity : 10 * Math.log10(signal / noise),
  };
}
