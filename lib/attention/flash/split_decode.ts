import { type Floats, Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { emptyPart, partOf, type SoftmaxPart } from "../softmax/softmax_part.ts";
import { finishPart, mergeParts, type SoftmaxResult } from "../softmax/merge_parts.ts";

/**
 * What does one piece of the cache say to a query? The part of a softmax that it knows, small whatever its length.
 *
 * @param query One row of width d.
 * @param keys Some of the keys, one a row.
 * @param values As many values.
 * @param scale Default 1/√d.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { attendPiece } from "@fewer-bytes/attention";
 *
 * const part = attendPiece(Float64Array.of(0), Matrix.from([[5]]), Matrix.from([[3]]));
 * assertEquals(part, { maximum: 0, sum: 1, weighted: Float64Array.of(3) });
 * ```
 */
export function attendPiece(
  query: Floats,
  keys: Matrix<Floats>,
  values: Matrix<Floats>,
  scale = 1 / Math.sqrt(query.length),
): SoftmaxPart {
  if (query.length !== keys.columns) {
    throw new TypeError(
      `Cannot attend as query and keys must have one width: current widths are ${query.length} and ${keys.columns}`,
    );
  }
  const scores = Float64Array.from({ length: keys.rows }, (_, j) => {
    const key = keys.row(j);
    let score = 0;
    for (let x = 0; x < query.length; x++) score += query[x]! * key[x]!;
    return score * scale;
  });
  return partOf(scores, values);
}

/**
 * How can many units work on one new token? Each takes a piece of the cache, and their parts are merged.
 *
 * In decode there is one query, so nothing to spread over the rows of the score matrix: without splitting, a long context
 * is read by as many units as there are sequences times heads, while the others wait.
 *
 * Source: Dao, Haziza, Massa and Sizov, "Flash-Decoding for long-context inference" (2023).
 *
 * @param query One row.
 * @param splits Number of pieces; keys are dealt out as evenly as can be, and pieces may be empty.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { splitDecode } from "@fewer-bytes/attention";
 *
 * const random = seeded(1);
 * const normal = (rows: number) => Matrix.zeros(rows, 8).map(() => random.normal());
 * const [query, keys, values] = [normal(1).row(0), normal(100), normal(100)];
 * const [whole, split] = [1, 7].map((splits) => splitDecode(query, keys, values, splits).output[0]!);
 * assertAlmostEquals(whole!, split!, 1e-12);
 * ```
 */
export function splitDecode(
  query: Floats,
  keys: Matrix<Floats>,
  values: Matrix<Floats>,
  splits: number,
): SoftmaxResult {
  requireInteger(splits, 1, "split the cache", "the number of pieces");
  let whole = emptyPart(values.columns);
  for (let piece = 0; piece < splits; piece++) {
    const from = Math.floor(piece * keys.rows / splits);
    const to = Math.floor((piece + 1) * keys.rows / splits);
    const part = attendPiece(query, rowsOf(keys, from, to), rowsOf(values, from, to));
    whole = mergeParts(whole, part);
  }
  return finishPart(whole);
}

/** Some rows, as a view. */
function rowsOf(matrix: Matrix<Floats>, from: number, to: number): Matrix<Floats> {
  const { columns, data } = matrix;
  return new Matrix(to - from, columns, data.subarray(from * columns, to * columns));
}
