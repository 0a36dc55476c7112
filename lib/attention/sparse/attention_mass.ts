import { type Floats, Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { topIndices } from "./top_indices.ts";

/**
 * Which share of a query's attention lies on the chosen tokens? What a sparse attention leaves out is one minus this.
 *
 * @param weights The query's shares over all tokens, summing to 1: a row of `softmaxWeights()`.
 * @param chosen Places of the tokens.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { chosenMass } from "@fewer-bytes/attention";
 *
 * assertEquals(chosenMass([0.5, 0.25, 0.25], [0, 2]), 0.75);
 * ```
 */
export function chosenMass(weights: ArrayLike<number>, chosen: Iterable<number>): number {
  let mass = 0;
  for (const place of chosen) {
    if (!(place < weights.length)) {
      throw new RangeError(
        `Cannot weigh a choice as places must be below ${weights.length}: current value is ${place}`,
      );
    }
    mass += weights[place]!;
  }
  return mass;
}

/**
 * How good is a choice for its size? Its mass over the largest mass that as many tokens can have: 1 for the oracle that
 * knows all scores.
 *
 * @returns From 0 to 1; 1 for an empty choice, than which no empty one is better.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { massRecall } from "@fewer-bytes/attention";
 *
 * assertEquals(massRecall([0.5, 0.25, 0.125, 0.125], [1, 2]), 0.5); // 0.375 of a possible 0.75
 * ```
 */
export function massRecall(weights: ArrayLike<number>, chosen: ArrayLike<number>): number {
  if (chosen.length === 0) return 1;
  return chosenMass(weights, Array.from(chosen)) /
    chosenMass(weights, topIndices(weights, chosen.length));
}

/**
 * How much attention lies in each block? Sums of shares over blocks of queries and keys: what a block score tries to guess.
 *
 * @param weights Queries times keys, as `softmaxWeights()` gives them.
 * @returns Blocks of queries times blocks of keys; a row sums to the number of its queries.
 */
export function blockMasses(weights: Matrix<Floats>, blockSize: number): Matrix<Float64Array> {
  requireInteger(blockSize, 1, "sum blocks", "blockSize");
  const columns = Math.ceil(weights.columns / blockSize);
  const masses = new Float64Array(Math.ceil(weights.rows / blockSize) * columns);
  for (let q = 0; q < weights.rows; q++) {
    const row = Math.floor(q / blockSize) * columns;
    for (let k = 0; k < weights.columns; k++) {
      masses[row + Math.floor(k / blockSize)]! += weights.data[q * weights.columns + k]!;
    }
  }
  return new Matrix(masses.length / columns, columns, masses);
}
