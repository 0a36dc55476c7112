import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import type { UniformGrid } from "../uniform/grid.ts";
import { roundToNearest } from "../uniform/quantize.ts";
import { roundClipped } from "./clip_search.ts";
import type { InputStatistics } from "./input_statistics.ts";
import { outputError } from "./output_error.ts";

/** What AWQ found for one matrix. */
export interface ScaledRounding {
  /** The exponent that did best. 0 is rounding to nearest. */
  readonly alpha: number;
  /** The factor of each input channel. */
  readonly scales: Float64Array;
  /** Rounded, with the factors taken out again: to be multiplied with the activations as they come. */
  readonly weights: Matrix<Float32Array>;
  /** The {@linkcode outputError} for each exponent that was tried: 0, 0.05, … 0.95 by default. */
  readonly errors: readonly number[];
}

/**
 * By how much is each input channel of a matrix scaled up before rounding? By its mean activation, to the power alpha.
 *
 * The factors are divided by the geometric mean of the largest and the smallest, so that the weights stay about as
 * large as they were.
 *
 * @throws {RangeError} when alpha is outside 0 to 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { awqScales } from "@fewer-bytes/quantization";
 *
 * assertEquals([...awqScales(Float64Array.of(1, 4, 16), 0.5)], [0.5, 1, 2]);
 * ```
 */
export function awqScales(meanAbsolute: Float64Array, alpha: number): Float64Array {
  if (!(alpha >= 0 && alpha <= 1)) {
    throw new RangeError(
      `Cannot scale channels as alpha must be from 0 to 1: current value is ${alpha}`,
    );
  }
  const raw = meanAbsolute.map((mean) => Math.max(mean ** alpha, 1e-4)); // a dead channel must not give 0
  const [smallest, largest] = raw.reduce(
    ([low, high], value) => [Math.min(low!, value), Math.max(high!, value)],
    [Infinity, 0],
  );
  const middle = Math.sqrt(smallest! * largest!);
  return raw.map((value) => value / middle);
}

/** Multiplies each column of a matrix with its factor, or each with its `power`: −1 takes the factors out again. */
export function scaleColumns(
  matrix: Matrix<Float32Array>,
  scales: Float64Array,
  power: 1 | -1 = 1,
): Matrix<Float32Array> {
  if (scales.length !== matrix.columns) {
    throw new TypeError(
      `Cannot scale columns as there must be ${matrix.columns} factors: current number is ${scales.length}`,
    );
  }
  const factors = scales.map((scale) => scale ** power);
  return matrix.map((value, at) => value * factors[at % factors.length]!);
}

/**
 * How are the weights that matter protected, with all of them in few bits? Scale their channel up before rounding, and
 * down after it.
 *
 * `x · wᵀ = (x / s) · (s · w)ᵀ`: the product is the same, but the rounding error of a channel is divided by its s, as long
 * as the scale of the group stays. One exponent sets all factors, and a few are tried on the calibration data.
 *
 * In use, `x / s` is no extra work: s is folded into the norm or the matrix before. Matrices that share their inputs then
 * share one s; here, each finds its own.
 *
 * Source: Lin et al., "AWQ: Activation-aware Weight Quantization" (2023), equations 2, 4 and 5.
 *
 * @param grid The paper's has 4 or 3 bits, is asymmetric, and has groups of 128.
 * @param options `tries` says how many exponents: 20, as in the paper, by default. With `searchClip`, the range of each
 *   group is narrowed after that, where it helps.
 * @throws {RangeError} for a grid that does not suit, or less than one try.
 * @throws {TypeError} when the statistics are of another number of inputs.
 * @example
 * ```ts
 * import { assertGreater, assertLessOrEqual } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { awq, inputStatistics } from "@fewer-bytes/quantization";
 *
 * const random = seeded(1);
 * const normal = (rows: number, channels: number[]) =>
 *   new Matrix(rows, 8, Float32Array.from({ length: rows * 8 }, (_, at) => channels[at % 8]! * random.normal()));
 * const statistics = inputStatistics(normal(50, [1, 1, 1, 30, 1, 1, 1, 1]));
 * const { alpha, errors } = awq(normal(16, [1, 1, 1, 1, 1, 1, 1, 1]), statistics, { bits: 3, symmetric: false });
 * assertGreater(alpha, 0);
 * assertLessOrEqual(Math.min(...errors), errors[0]! / 2);
 * ```
 */
export function awq(
  weights: Matrix<Float32Array>,
  statistics: InputStatistics,
  grid: UniformGrid,
  { searchClip = false, tries = 20 }: { readonly searchClip?: boolean; readonly tries?: number } =
    {},
): ScaledRounding {
  requireInteger(tries, 1, "search a scale", "the number of tries");
  const tried = Array.from({ length: tries }, (_, step) => {
    const alpha = step / tries;
    const scales = awqScales(statistics.meanAbsolute, alpha);
    const rounded = scaleColumns(roundToNearest(scaleColumns(weights, scales), grid), scales, -1);
    return { alpha, scales, rounded, error: outputError(weights, rounded, statistics) };
  });
  const errors = tried.map(({ error }) => error);
  const { alpha, scales, rounded } = tried[errors.indexOf(Math.min(...errors))]!;
  if (!searchClip) return { alpha, scales, weights: rounded, errors };
  const n = scales.length;
  const gram = statistics.gram.map((value, at) =>
    value / (scales[Math.floor(at / n)]! * scales[at % n]!)
  );
  const clipped = roundClipped(scaleColumns(weights, scales), gram, grid);
  return { alpha, scales, weights: scaleColumns(clipped, scales, -1), errors };
}
