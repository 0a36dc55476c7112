import type { Model } from "../../catalog/mod.ts";
import { parameters } from "../../transformer/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import type { CrossbarShape } from "./converter_bits.ts";

/** Arrays of cells, all alike. */
export interface CrossbarArray extends CrossbarShape {
  /** Columns of an array. */
  readonly columns: number;
}

/**
 * How many arrays hold a model whose weights stay in the cells? All of them must be there at once, as writing cells is slow
 * (and wears some kinds out): capacity, not speed, decides what can be computed in cells. Caches are not counted; they
 * change with each token and do not suit such cells at all.
 *
 * @param weightBits Bits of a weight.
 * @throws {RangeError} when a size is no whole number from 1.
 * @example Two million arrays for 8 billion weights
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { crossbarsNeeded } from "@fewer-bytes/pim";
 *
 * const arrays = crossbarsNeeded(findModel("llama-3.1-8b"), { rows: 128, columns: 128, cellBits: 2 }, 8);
 * assertAlmostEquals(arrays / 1e6, 1.96, 0.01);
 * ```
 */
export function crossbarsNeeded(
  model: Model,
  { rows, columns, cellBits = 1 }: CrossbarArray,
  weightBits: number,
): number {
  for (const [name, value] of Object.entries({ rows, columns, cellBits, weightBits })) {
    requireInteger(value, 1, "count arrays", name);
  }
  const cells = parameters(model).total * Math.ceil(weightBits / cellBits);
  return Math.ceil(cells / (rows * columns));
}
