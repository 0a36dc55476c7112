import { topIndices } from "../../attention/mod.ts";
import type { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** What is left when the values of small shares are not fetched. */
export interface LocalValues {
  /** The weighted sum of the values that were fetched. The shares are not made to add up to 1 again. */
  readonly result: Float64Array;
  /** The attention that fell on them: 1 when nothing is missing. */
  readonly mass: number;
}

/**
 * Which values need not be fetched, once softmax is known?
 *
 * A value with a share of nearly 0 adds nearly nothing. So after softmax only the values of the largest shares are read.
 * It is local: the tokens stay in the cache, and the next head or query chooses anew. The error is at most the missing
 * mass times the largest magnitude among the values left out. (Wang et al. 2020, SpAtten.)
 *
 * @param shares How a head divides its attention among the rows of `values`.
 * @param count Values that are fetched.
 * @throws {TypeError} when there is not one share for each value.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { localValues } from "@fewer-bytes/cache";
 *
 * const values = Matrix.from([[8], [100], [16]]);
 * const { result, mass } = localValues([0.5, 0, 0.5], values, 2);
 * assertEquals([result[0], mass], [12, 1]);
 * ```
 */
export function localValues(shares: ArrayLike<number>, values: Matrix, count: number): LocalValues {
  requireInteger(count, 1, "fetch values", "count");
  if (shares.length !== values.rows) {
    throw new TypeError(
      `Cannot fetch values as there must be one share for each of ${values.rows}: current length is ${shares.length}`,
    );
  }
  const result = new Float64Array(values.columns);
  let mass = 0;
  for (const place of topIndices(shares, count)) {
    const share = shares[place]!;
    mass += share;
    values.row(place).forEach((value, i) => result[i]! += share * value);
  }
  return { result, mass };
}
