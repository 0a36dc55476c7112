import { Matrix } from "../../numeric/mod.ts";
import { type ResolvedGrid, resolveGrid, type UniformGrid } from "./grid.ts";

/** Signed codes for a symmetric grid, unsigned ones for an asymmetric grid; bytes when they fit. */
export type Codes = Int8Array | Uint8Array | Int16Array | Uint16Array;

/** A matrix in whole numbers: value = scale × (code − zero point), group by group. */
export interface QuantizedMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly bits: number;
  /** Values that share a scale. They are neighbors in `codes`: group g is codes g × groupSize onwards. */
  readonly groupSize: number;
  /** One code for each value, row by row, unpacked. */
  readonly codes: Codes;
  /** One scale for each group. */
  readonly scales: Float32Array;
  /** One zero point for each group, on asymmetric grids: the code that means 0. */
  readonly zeroPoints?: Uint16Array;
}

/** Adding and subtracting it rounds a double to a whole number, ties to even, as the hardware rounds. */
const rounder = 1.5 * 2 ** 52;

/**
 * Which whole number is nearest? Ties go to the even one, so that they do not all go up. For |value| below 2⁵¹.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { roundHalfEven } from "@fewer-bytes/quantization";
 *
 * assertEquals([0.5, 1.5, 2.5, 2.6].map(roundHalfEven), [0, 2, 2, 3]);
 * ```
 */
export function roundHalfEven(value: number): number {
  return (value + rounder) - rounder;
}

/**
 * Which whole numbers stand for these weights?
 *
 * Symmetric: scale = max|w| / (2^(bits−1) − 1), code = round(w / scale). Asymmetric: scale =
 * (max − min) / (2^bits − 1) over a range widened to hold 0, zero point = round(−min / scale), code =
 * round(w / scale) + zero point. Codes are clamped to the grid; ties round to even; scales are kept
 * in 32 bits. Zero is always a mark, so pruned weights and padding stay exactly 0.
 *
 * A group of equal values comes back as it was, up to the 32-bit rounding of its scale. A group of
 * zeros has scale 1. Below 1e-36 or so, scales are too near the end of 32-bit floats to be exact.
 *
 * @param matrix The weights, outputs × inputs.
 * @param grid Bits, symmetry, group size and clip.
 * @throws {RangeError} when the grid does not suit the matrix, or a value is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { quantize } from "@fewer-bytes/quantization";
 *
 * const row = new Matrix(1, 4, Float32Array.of(7, -3.4, 0.5, 0));
 * assertEquals([...quantize(row, { bits: 4 }).codes], [7, -3, 0, 0]);
 * ```
 */
export function quantize(matrix: Matrix<Float32Array>, grid: UniformGrid): QuantizedMatrix {
  const { rows, columns, data } = matrix;
  const resolved = resolveGrid(grid, rows, columns);
  const { bits, groupSize, symmetric } = resolved;
  const codes = makeCodes(resolved, data.length);
  const groups = data.length / groupSize;
  const scales = new Float32Array(groups);
  const zeroPoints = new Uint16Array(symmetric ? 0 : groups);
  for (let group = 0, start = 0; group < groups; group++, start += groupSize) {
    const { low, high } = rangeOf(data, start, start + groupSize, resolved);
    const step = Math.fround(symmetric ? high / resolved.highest : (high - low) / resolved.highest);
    const scale = scales[group] = step || 1;
    const zero = symmetric ? 0 : Math.min(roundHalfEven(-low / scale), resolved.highest);
    if (!symmetric) zeroPoints[group] = zero;
    roundGroup(data, codes, start, start + groupSize, scale, zero, resolved);
  }
  return { rows, columns, bits, groupSize, codes, scales, ...(symmetric ? {} : { zeroPoints }) };
}

function makeCodes({ bits, symmetric }: ResolvedGrid, length: number): Codes {
  if (bits <= 8) return symmetric ? new Int8Array(length) : new Uint8Array(length);
  return symmetric ? new Int16Array(length) : new Uint16Array(length);
}

/** The clipped range of a group. It holds 0. Math.min and Math.max carry a NaN along, so one look suffices. */
function rangeOf(data: Float32Array, start: number, end: number, grid: ResolvedGrid) {
  let low = 0;
  let high = 0;
  if (grid.symmetric) {
    for (let i = start; i < end; i++) high = Math.max(high, Math.abs(data[i]!));
  } else {
    for (let i = start; i < end; i++) {
      low = Math.min(low, data[i]!);
      high = Math.max(high, data[i]!);
    }
  }
  if (!Number.isFinite(high - low)) {
    throw new RangeError(
      `Cannot quantize as all values must be finite: the group from ${start} has the range ${low} to ${high}`,
    );
  }
  return { low: low * grid.clip, high: high * grid.clip };
}

function roundGroup(
  data: Float32Array,
  codes: Codes,
  start: number,
  end: number,
  scale: number,
  zero: number,
  { lowest, highest }: ResolvedGrid,
) {
  for (let i = start; i < end; i++) {
    const code = (data[i]! / scale + rounder) - rounder + zero;
    codes[i] = code < lowest ? lowest : code > highest ? highest : code;
  }
}

/**
 * Which weights do the codes stand for? value = scale × (code − zero point).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { dequantize, quantize } from "@fewer-bytes/quantization";
 *
 * const row = new Matrix(1, 3, Float32Array.of(14, -6.5, 1));
 * assertEquals([...dequantize(quantize(row, { bits: 4 })).data], [14, -6, 0]);
 * ```
 */
export function dequantize(quantized: QuantizedMatrix): Matrix<Float32Array> {
  const { rows, columns, groupSize, codes, scales, zeroPoints } = quantized;
  const data = new Float32Array(codes.length);
  for (let group = 0, start = 0; group < scales.length; group++, start += groupSize) {
    const scale = scales[group]!;
    const zero = zeroPoints?.[group] ?? 0;
    for (let i = start; i < start + groupSize; i++) data[i] = scale * (codes[i]! - zero);
  }
  return new Matrix(rows, columns, data);
}

/**
 * What is left of the weights after a trip to the grid and back? Quantize, then dequantize.
 *
 * The simplest method of all, and the baseline for each other one: every weight goes to its nearest
 * mark, on its own, with no look at data.
 *
 * @example Three bits, seven marks from −3 to 3
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { roundToNearest } from "@fewer-bytes/quantization";
 *
 * const rounded = roundToNearest(new Matrix(1, 3, Float32Array.of(3, 0.9, -1.6)), { bits: 3 });
 * assertEquals([...rounded.data], [3, 1, -2]);
 * ```
 */
export function roundToNearest(
  matrix: Matrix<Float32Array>,
  grid: UniformGrid,
): Matrix<Float32Array> {
  return dequantize(quantize(matrix, grid));
}
