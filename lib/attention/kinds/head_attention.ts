import type { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type HeadAttentionOptions, headWeights } from "./head_weights.ts";
import { columns, sideBySide } from "./columns.ts";

/**
 * What does attention with heads compute? The reference in 64 bits that everything faster is held against.
 *
 * Each query head takes the values of its group in proportion to its weights; query head h reads key-value head
 * ⌊h / (query heads / key-value heads)⌋. MHA, GQA and MQA are this one function. (Vaswani et al. 2017, equation 1;
 * Shazeer 2019; Ainslie et al. 2023.)
 *
 * @param queries One row for each query, its heads side by side.
 * @param keys One row for each key, its key-value heads side by side.
 * @param values As many rows as keys; their heads may have another width.
 * @returns One row for each query, the heads side by side.
 * @throws {TypeError} when the shapes do not fit.
 * @example Four query heads that share one key-value head read the same values
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { headAttention } from "@fewer-bytes/attention";
 *
 * const queries = Matrix.from([[1, 2, 3, 4]]); // four heads of one number
 * const seen = headAttention(queries, Matrix.from([[7]]), Matrix.from([[5]]), {
 *   queryHeads: 4,
 *   keyValueHeads: 1,
 * });
 * assertEquals(seen.toRows(), [[5, 5, 5, 5]]); // there is only one key to look at
 * ```
 */
export function headAttention(
  queries: Matrix,
  keys: Matrix,
  values: Matrix,
  options: HeadAttentionOptions = {},
): Matrix<Float64Array> {
  const { queryHeads = 1, keyValueHeads = queryHeads } = options;
  requireInteger(queryHeads, 1, "attend", "queryHeads");
  requireInteger(keyValueHeads, 1, "attend", "keyValueHeads");
  const fits = queryHeads % keyValueHeads === 0 && keys.rows === values.rows &&
    queries.columns % queryHeads === 0 && keys.columns % keyValueHeads === 0 &&
    values.columns % keyValueHeads === 0;
  if (!fits) {
    throw new TypeError(
      `Cannot attend as heads must divide widths, and each key needs a value: ${queryHeads} and ${keyValueHeads} heads, shapes are ${
        [queries, keys, values].map((each) => `${each.rows} x ${each.columns}`).join(", ")
      }`,
    );
  }
  const [queryWidth, keyWidth, valueWidth] = [
    queries.columns / queryHeads,
    keys.columns / keyValueHeads,
    values.columns / keyValueHeads,
  ];
  return sideBySide(Array.from({ length: queryHeads }, (_, head) => {
    const shared = Math.floor(head * keyValueHeads / queryHeads);
    return headWeights(
      columns(queries, head * queryWidth, queryWidth),
      columns(keys, shared * keyWidth, keyWidth),
      options,
    ).multiply(columns(values, shared * valueWidth, valueWidth));
  }));
}
