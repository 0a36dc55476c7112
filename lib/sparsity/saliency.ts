import type { Matrix } from "../numeric/mod.ts";
import { dropLowest, type Mask, prunedCount } from "./mask.ts";
import { type Pattern, patternMask } from "./n_to_m.ts";

/** How much is pruned: a share from 0 to 1, or a pattern such as 2:4. */
export type Amount = number | Pattern;

/** Among which values the worst are looked for. A pattern has groups of its own. */
export type Scope = "row" | "matrix";

/**
 * Which values stay when the least salient go? Every pruning method is a score for each weight, and this.
 *
 * A row is one output of a layer. Comparing within rows takes the same share from every output; comparing across a
 * matrix lets weak outputs lose more.
 *
 * @param saliency What each weight is worth, `outputs` rows of `inputs` numbers.
 * @param scope Default "row"; a pattern does not look at it.
 * @throws {RangeError} when the amount is no share, the pattern does not divide a row, or a score is NaN.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { keepMostSalient } from "@fewer-bytes/sparsity";
 *
 * const scores = Matrix.from([[1, 2], [8, 9]]);
 * assertEquals(keepMostSalient(scores, 0.5, "row"), Uint8Array.of(0, 1, 0, 1));
 * assertEquals(keepMostSalient(scores, 0.5, "matrix"), Uint8Array.of(0, 0, 1, 1));
 * ```
 */
export function keepMostSalient(saliency: Matrix, amount: Amount, scope: Scope = "row"): Mask {
  if (typeof amount !== "number") return patternMask(saliency, amount);
  const { rows, columns, data } = saliency;
  if (scope === "matrix") return dropLowest(data, prunedCount(amount, data.length));
  const mask = new Uint8Array(data.length);
  const count = prunedCount(amount, columns);
  for (let row = 0; row < rows; row++) {
    mask.set(dropLowest(saliency.row(row), count), row * columns);
  }
  return mask;
}
