import { formula } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** What does not cross the pins, as it is printed and computed. */
export const busTrafficFormula = formula(
  "ratio = (outputs * inputs) / (batch * (outputs + inputs))",
  {
    ratio: "bytes over the pins without units in memory, for each with them",
    outputs: "rows of the matrix",
    inputs: "columns of the matrix",
    batch: "vectors that it is multiplied by at once",
  },
);

/**
 * How much less crosses the pins, when a matrix stays in memory and only vectors move? For a square matrix half its width:
 * 2,048 for 4,096 × 4,096. With a batch the matrix would cross once for all vectors, and the gain shrinks by the batch.
 * It is a ratio of bytes over one wire, not of times, nor of energy: the matrix still leaves its cells.
 *
 * @throws {RangeError} when a size is no whole number from 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { busTrafficRatio } from "@fewer-bytes/pim";
 *
 * assertEquals(busTrafficRatio(4096, 4096), 2048);
 * assertEquals(busTrafficRatio(4096, 4096, 64), 32);
 * ```
 */
export function busTrafficRatio(outputs: number, inputs: number, batch = 1): number {
  requireInteger(outputs, 1, "compare traffic", "outputs");
  requireInteger(inputs, 1, "compare traffic", "inputs");
  requireInteger(batch, 1, "compare traffic", "the batch");
  return outputs * inputs / (batch * (outputs + inputs));
}
