import { formula } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type CrossbarShape, type OperandBits } from "./converter_bits.ts";

/** The deviation of a product that converters round, as it is printed and computed. */
export const converterErrorFormula = formula(
  "deviation = step * sqrt(arrays * weights * inputs / 12)",
  {
    deviation: "of a product, by the rounding of its sums",
    step: "between two levels of the converter",
    arrays: "that a row of the matrix takes",
    weights: "sum of 4^(c s) over the slices s of c bits",
    inputs: "sum of 4^i over the bits i of the input",
  },
);

/**
 * By how much do products deviate, when the converters have too few bits? Each rounded sum is off by up to half a step,
 * evenly: step² / 12 on average. It counts with the weight of its bits squared, and all add up.
 *
 * A bit less doubles the step and the error. Below the step of 1 nothing is lost at all.
 *
 * @param columns Length of the vector.
 * @param bits Bits of the converter.
 * @returns The standard deviation of one product, in units of the numbers multiplied.
 * @throws {RangeError} when a size is no whole number from 1.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { converterDeviation } from "@fewer-bytes/pim";
 *
 * const shape = { rows: 128, cellBits: 2 };
 * const operands = { weightBits: 8, inputBits: 8 };
 * const at = (bits: number) => converterDeviation(4096, bits, shape, operands);
 * assertEquals(at(9), 0);
 * assertAlmostEquals(at(5) / at(6), 2, 0.04);
 * ```
 */
export function converterDeviation(
  columns: number,
  bits: number,
  { rows, cellBits = 1 }: CrossbarShape,
  { weightBits, inputBits }: OperandBits,
): number {
  for (
    const [name, value] of Object.entries({ columns, bits, rows, cellBits, weightBits, inputBits })
  ) {
    requireInteger(value, 1, "find the error of converters", name);
  }
  const step = rows * (2 ** cellBits - 1) / (2 ** bits - 1);
  if (step <= 1) return 0;
  const powers = (base: number, count: number) =>
    Array.from({ length: count }, (_, index) => base ** index).reduce(
      (sum, value) => sum + value,
      0,
    );
  const weights = powers(4 ** cellBits, Math.ceil(weightBits / cellBits));
  return step * Math.sqrt(Math.ceil(columns / rows) * weights * powers(4, inputBits) / 12);
}
