import { requireInteger } from "../../units/mod.ts";

/**
 * A ruler for numbers: evenly spaced marks, and how many neighbors share one ruler.
 *
 * A symmetric ruler has its zero in the middle and needs one number, the scale (the distance between
 * marks). An asymmetric one is shifted to where the values are, and needs a zero point as well.
 */
export interface UniformGrid {
  /** Bits for each code, from 2 to 16. */
  readonly bits: number;
  /** Whether the marks lie evenly about zero. Default: true. */
  readonly symmetric?: boolean;
  /** How many values share a scale: a number that divides the row, a whole row (default), or the whole tensor. */
  readonly groupSize?: number | "row" | "tensor";
  /** The part of the range that is kept, above 0 and at most 1 (default). What lies outside is clamped. */
  readonly clip?: number;
}

/** A grid with each choice made, for a matrix of a known shape. */
export interface ResolvedGrid {
  readonly bits: number;
  readonly symmetric: boolean;
  /** Values that share a scale. */
  readonly groupSize: number;
  readonly clip: number;
  /** The smallest and the largest code. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Which codes, and how many values to a scale, does a grid mean for a matrix of this shape?
 *
 * @param rows Rows of the matrix: for a weight matrix, its outputs.
 * @param columns Columns of the matrix: its inputs. Groups run along a row.
 * @throws {RangeError} when bits, group size or clip are outside their range, or the matrix is empty.
 * @example Four symmetric bits leave one of the 16 patterns unused, so that −7 and 7 are both there
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { resolveGrid } from "@fewer-bytes/quantization";
 *
 * const { lowest, highest, groupSize } = resolveGrid({ bits: 4, groupSize: 64 }, 8, 128);
 * assertEquals([lowest, highest, groupSize], [-7, 7, 64]);
 * ```
 */
export function resolveGrid(grid: UniformGrid, rows: number, columns: number): ResolvedGrid {
  const { bits, symmetric = true, groupSize: wanted = "row", clip = 1 } = grid;
  requireInteger(bits, 2, "quantize", "bits");
  requireInteger(rows, 1, "quantize", "rows");
  requireInteger(columns, 1, "quantize", "columns");
  if (bits > 16) {
    throw new RangeError(`Cannot quantize as bits must be at most 16: current value is ${bits}`);
  }
  if (!(clip > 0 && clip <= 1)) {
    throw new RangeError(
      `Cannot quantize as clip must be above 0 and at most 1: current value is ${clip}`,
    );
  }
  const groupSize = wanted === "row" ? columns : wanted === "tensor" ? rows * columns : wanted;
  requireInteger(groupSize, 1, "quantize", "the group size");
  if (wanted !== "tensor" && columns % groupSize !== 0) {
    throw new RangeError(
      `Cannot quantize as the group size must divide the row of ${columns}: current value is ${groupSize}`,
    );
  }
  const half = 2 ** (bits - 1) - 1;
  const lowest = symmetric ? -half : 0;
  const highest = symmetric ? half : 2 ** bits - 1;
  return { bits, symmetric, groupSize, clip, lowest, highest };
}
