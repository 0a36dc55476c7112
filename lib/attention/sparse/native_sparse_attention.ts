import { type Floats, Matrix } from "../../numeric/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import { attentionShape } from "../flash/attention_inputs.ts";
import { attendChosen, tokensOfBlocks } from "./attend_chosen.ts";
import { topIndices } from "./top_indices.ts";

/** The sizes of native sparse attention (NSA); defaults are those of its paper. */
export interface NsaOptions {
  /** Tokens that one compressed key stands for: l. Default 32. */
  readonly compressedSize?: Tokens;
  /** Tokens from one compressed key to the next: d, a divisor of both sizes. Default 16. */
  readonly stride?: Tokens;
  /** Tokens of a block that can be selected: l'. Default 64. */
  readonly selectedSize?: Tokens;
  /** Blocks that are selected: n, among them the first one and the last two, always. Default 16. */
  readonly selected?: number;
  /** Tokens of the window: w. Default 512. */
  readonly window?: Tokens;
}

/** The same, with defaults filled in. */
export function nsaSizes(options: NsaOptions = {}): Required<NsaOptions> {
  const { compressedSize = 32, stride = 16, selectedSize = 64, selected = 16, window = 512 } =
    options;
  requireInteger(stride, 1, "set up NSA", "stride");
  requireInteger(compressedSize, 1, "set up NSA", "compressedSize");
  requireInteger(selectedSize, 1, "set up NSA", "selectedSize");
  requireInteger(selected, 1, "set up NSA", "selected");
  requireInteger(window, 1, "set up NSA", "window");
  if (compressedSize % stride !== 0 || selectedSize % stride !== 0) {
    throw new RangeError(
      `Cannot set up NSA as the stride must divide both block sizes: current values are ${stride}, ${compressedSize} and ${selectedSize}`,
    );
  }
  return { compressedSize, stride, selectedSize, selected, window };
}

/**
 * How many tokens' worth of keys and values does a query read in each of the three branches?
 *
 * Source: Yuan et al., "Native Sparse Attention" (2025), table 4: 5,632 of 65,536.
 *
 * @param visible Tokens that it sees, itself included.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nsaTokens } from "@fewer-bytes/attention";
 *
 * assertEquals(nsaTokens(65_536), { compressed: 4095, selected: 1024, window: 512 });
 * ```
 */
export function nsaTokens(
  visible: Tokens,
  options: NsaOptions = {},
): { readonly compressed: Tokens; readonly selected: Tokens; readonly window: Tokens } {
  requireInteger(visible, 0, "count what NSA reads", "visible");
  const { compressedSize, stride, selectedSize, selected, window } = nsaSizes(options);
  const compressed = visible < compressedSize
    ? 0
    : Math.floor((visible - compressedSize) / stride) + 1;
  // The own block is always selected, and is only as long as the query has come.
  const blocks = Math.ceil(visible / selectedSize);
  const unfilled = blocks * selectedSize - visible;
  return {
    compressed,
    selected: Math.min(blocks, selected) * selectedSize - unfilled,
    window: Math.min(visible, window),
  };
}

/**
 * Compresses keys or values: the mean of every stretch of `compressedSize` tokens, one beginning each `stride`. The paper
 * learns a small network in the place of the mean. A stretch that is not full has no compressed row yet.
 */
export function compressRows(
  matrix: Matrix<Floats>,
  options: NsaOptions = {},
): Matrix<Float64Array> {
  const { compressedSize, stride } = nsaSizes(options);
  const rows = nsaTokens(matrix.rows, options).compressed;
  const { columns, data } = matrix;
  const means = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let token = row * stride; token < row * stride + compressedSize; token++) {
      for (let x = 0; x < columns; x++) {
        means[row * columns + x]! += data[token * columns + x]! / compressedSize;
      }
    }
  }
  return new Matrix(rows, columns, means);
}

/**
 * How important is each block that can be selected, judged by attention to the compressed keys that overlap it? Each stride
 * of a block collects the shares of all compressed keys that cover it: no further product is needed.
 *
 * Source: equation 9 of the paper; with equal sizes and stride, block and compressed key are one and the same.
 *
 * @param shares The softmax over compressed keys.
 * @param blocks Blocks to judge.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blockImportance } from "@fewer-bytes/attention";
 *
 * // Stretches of two strides beginning at each stride, blocks of two strides: key 1 covers strides 1 and 2.
 * const sizes = { compressedSize: 4, stride: 2, selectedSize: 4 };
 * assertEquals([...blockImportance([0, 1, 0], 2, sizes)], [1, 1]);
 * ```
 */
export function blockImportance(
  shares: ArrayLike<number>,
  blocks: number,
  options: NsaOptions = {},
): Float64Array<ArrayBuffer> {
  const { compressedSize, stride, selectedSize } = nsaSizes(options);
  requireInteger(blocks, 0, "judge blocks", "their number");
  const importance = new Float64Array(blocks);
  for (let key = 0; key < shares.length; key++) {
    for (let part = 0; part < compressedSize / stride; part++) {
      const block = Math.floor((key + part) * stride / selectedSize);
      if (block < blocks) importance[block]! += shares[key]!;
    }
  }
  return importance;
}

/**
 * Which blocks are selected? The first, the own and the one before it always, then the most important ones.
 *
 * @param importance Of each block up to the query's own, the last; summed over the heads that share their keys, so that
 *   they read the same blocks.
 */
export function selectBlocks(
  importance: ArrayLike<number>,
  selected: number,
): Uint32Array<ArrayBuffer> {
  const last = importance.length - 1;
  const scores = Float64Array.from(importance);
  // The own block comes before all others, so that one selected block is the own one.
  for (const [rank, block] of [last, 0, last - 1].entries()) {
    if (block >= 0 && Number.isFinite(scores[block])) scores[block] = Number.MAX_VALUE / (rank + 1);
  }
  return topIndices(scores, selected);
}

/** Query heads that share their keys and values: one matrix of queries for each head. */
export interface HeadGroup {
  readonly queries: readonly Matrix<Floats>[];
  readonly keys: Matrix<Floats>;
  readonly values: Matrix<Floats>;
}

/** What a query takes of each branch, from its gate; a sigmoid gives numbers from 0 to 1. */
export interface NsaGates {
  readonly compressed: number;
  readonly selected: number;
  readonly window: number;
}

/** What NSA computes, and what it chose. */
export interface NsaResult {
  /** For each head, a row for each query. */
  readonly outputs: readonly Matrix<Float64Array>[];
  /** For each query, the blocks that all heads of the group selected. */
  readonly selected: readonly Uint32Array[];
}

/**
 * What is native sparse attention? Three attentions to the same past, added up through gates: to compressed keys, for the
 * overview; to a few whole blocks, chosen by how much attention their compressed keys got; to a window of the latest tokens.
 *
 * Trained models have keys and values of their own in each branch; here all share one set, and queries are as many as keys.
 *
 * @param gates Default: a third of each.
 * @throws {TypeError} when the shapes do not fit, and {@linkcode RangeError} when the group has no head.
 * @example A window over everything and nothing else is dense attention
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { nativeSparseAttention, plainAttention } from "@fewer-bytes/attention";
 *
 * const random = seeded(1);
 * const [queries, keys, values] = Array.from({ length: 3 }, () => Matrix.zeros(40, 4).map(() => random.normal()));
 * const gates = { compressed: 0, selected: 0, window: 1 };
 * const group = { queries: [queries!], keys: keys!, values: values! };
 * const { outputs: [output] } = nativeSparseAttention(group, { window: 40 }, () => gates);
 * const dense = plainAttention({ queries: queries!, keys: keys!, values: values! }, { causal: true });
 * output!.data.forEach((value, i) => assertAlmostEquals(value, dense.data[i]!, 1e-5));
 * ```
 */
export function nativeSparseAttention(
  { queries, keys, values }: HeadGroup,
  options: NsaOptions = {},
  gates: (head: number, query: number) => NsaGates = () => ({
    compressed: 1 / 3,
    selected: 1 / 3,
    window: 1 / 3,
  }),
): NsaResult {
  requireInteger(queries.length, 1, "attend", "the number of heads");
  const sizes = nsaSizes(options);
  const count = keys.rows;
  for (const head of queries) {
    attentionShape({ queries: head, keys, values });
    if (head.rows !== count) {
      throw new TypeError(
        `Cannot attend as each head needs a query for each of ${count} keys: current number is ${head.rows}`,
      );
    }
  }
  const [compressedKeys, compressedValues] = [keys, values].map((rows) =>
    compressRows(rows, sizes)
  );
  const range = (from: number, to: number) =>
    Uint32Array.from({ length: to - from }, (_, index) => from + index);
  const compressed = Array.from(
    { length: count },
    (_, query) => range(0, nsaTokens(query + 1, sizes).compressed),
  );
  const window = Array.from(
    { length: count },
    (_, query) => range(Math.max(0, query + 1 - sizes.window), query + 1),
  );
  const scale = 1 / Math.sqrt(keys.columns);
  const selected = compressed.map((seen, query) => {
    const blocks = Math.floor(query / sizes.selectedSize) + 1;
    const importance = new Float64Array(blocks);
    for (const head of queries) {
      const shares = sharesOf(head.row(query), compressedKeys!, seen.length, scale);
      blockImportance(shares, blocks, sizes).forEach((share, block) => importance[block]! += share);
    }
    return selectBlocks(importance, sizes.selected);
  });
  const tokens = selected.map((blocks, query) =>
    tokensOfBlocks(blocks, sizes.selectedSize, query + 1)
  );
  const outputs = queries.map((head, index) => {
    const branches = {
      compressed: compressedKeys!.rows === 0
        ? new Matrix(count, values.columns, new Float64Array(count * values.columns))
        : attendChosen(
          { queries: head, keys: compressedKeys!, values: compressedValues! },
          compressed,
        ),
      selected: attendChosen({ queries: head, keys, values }, tokens),
      window: attendChosen({ queries: head, keys, values }, window),
    };
    return branches.window.map((_, at) => {
      const gate = gates(index, Math.floor(at / values.columns));
      return gate.compressed * branches.compressed.data[at]! +
        gate.selected * branches.selected.data[at]! + gate.window * branches.window.data[at]!;
    });
  });
  return { outputs, selected };
}

/** Softmax of one query's scores with the first few keys. */
function sharesOf(
  query: Floats,
  keys: Matrix<Floats>,
  count: number,
  scale: number,
): Float64Array {
  const scores = new Float64Array(count);
  let maximum = -Infinity, sum = 0;
  for (let key = 0; key < count; key++) {
    for (let x = 0; x < query.length; x++) {
      scores[key]! += query[x]! * keys.data[key * keys.columns + x]! * scale;
    }
    maximum = Math.max(maximum, scores[key]!);
  }
  for (let key = 0; key < count; key++) sum += scores[key] = Math.exp(scores[key]! - maximum);
  return scores.map((score) => score / sum);
}
