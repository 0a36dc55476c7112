import { formula } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** Bits of a converter that loses nothing, as it is printed and computed. */
export const converterBitsFormula = formula(
  "bits = ceil(log2(rows * (2 ^ cell - 1) * (2 ^ input - 1) + 1))",
  {
    bits: "of the converter that reads a column's sum without loss",
    rows: "cells that add up on one column",
    cell: "bits in a cell",
    input: "bits of the input that are applied at once",
  },
);

/** An array of cells in which currents, or charges, add up along the columns. */
export interface CrossbarShape {
  /** Cells on a column: numbers that are added up at once. */
  readonly rows: number;
  /** Bits held by one cell. Default 1. */
  readonly cellBits?: number;
}

/**
 * How many bits must the converter behind a column have? The sum of 128 cells of 2 bits, each times one bit of input, is
 * one of 385 values: 9 bits. More rows save conversions and need a finer converter, and a converter's energy doubles, or
 * more, with each bit: this is what limits arithmetic in the cells, not the cells.
 *
 * @param inputBits Bits of the input applied at once. Default 1: bit after bit.
 * @throws {RangeError} when a size is no whole number from 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { converterBits } from "@fewer-bytes/pim";
 *
 * assertEquals(converterBits({ rows: 128, cellBits: 2 }), 9); // ISAAC saves one more by flipping columns
 * assertEquals(converterBits({ rows: 256 }), 9);
 * ```
 */
export function converterBits({ rows, cellBits = 1 }: CrossbarShape, inputBits = 1): number {
  requireInteger(rows, 1, "size a converter", "rows");
  requireInteger(cellBits, 1, "size a converter", "cellBits");
  requireInteger(inputBits, 1, "size a converter", "inputBits");
  return Math.ceil(Math.log2(rows * (2 ** cellBits - 1) * (2 ** inputBits - 1) + 1));
}

/** The widths of what is multiplied. */
export interface OperandBits {
  readonly weightBits: number;
  /** Bits of an input, applied one after the other. */
  readonly inputBits: number;
}

/**
 * How many conversions for each multiply-add? Each column gives one for each bit of the input, and a weight takes several
 * columns; what pays is that a conversion serves all rows. At 8 bits, 2 in a cell and 128 rows it is a quarter: with a
 * picojoule and a half for a conversion of 8 bits, more than a digital multiply-add of 8 bits costs.
 *
 * @throws {RangeError} when a size is no whole number from 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { conversionsPerMultiplyAdd } from "@fewer-bytes/pim";
 *
 * assertEquals(conversionsPerMultiplyAdd({ rows: 128, cellBits: 2 }, { weightBits: 8, inputBits: 8 }), 0.25);
 * ```
 */
export function conversionsPerMultiplyAdd(
  { rows, cellBits = 1 }: CrossbarShape,
  { weightBits, inputBits }: OperandBits,
): number {
  for (const [name, value] of Object.entries({ rows, cellBits, weightBits, inputBits })) {
    requireInteger(value, 1, "count conversions", name);
  }
  return Math.ceil(weightBits / cellBits) * inputBits / rows;
}
