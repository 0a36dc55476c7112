import { type Floats, Matrix } from "../../numeric/mod.ts";
import { smallFloats } from "../../quantization/mod.ts";
import { type Bytes, type Flop, requireInteger, type Tokens } from "../../units/mod.ts";

/**
 * Which tokens are worth attending to, by a small side attention? Each of the indexer's heads adds what its query and the
 * token's one index key have in common, if positive, times a weight that the querying token gives the head.
 *
 * The score is Σ wₕ · ReLU(qₕ · k) / √(heads · width). There is no softmax, so nothing to normalize, and the ReLU is as
 * cheap as activations get.
 *
 * Source: DeepSeek-AI, "DeepSeek-V3.2-Exp" (2025), equation 1, and its published inference code for the scale.
 *
 * @param queries The querying token's index queries, one row for each head.
 * @param weights One for each head.
 * @param keys Index keys, one row for each visible token: one key, shared by all heads.
 * @returns A score for each token.
 * @throws {TypeError} when the shapes do not fit.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { indexerScores } from "@fewer-bytes/attention";
 *
 * const queries = Matrix.from([[4, 0, 0, 0]]);
 * const keys = Matrix.from([[3, 9, 9, 9], [-3, 0, 0, 0]]);
 * assertEquals([...indexerScores(queries, [1], keys)], [6, 0]); // 12 / √(1 · 4), and what is negative is 0
 * ```
 */
export function indexerScores(
  queries: Matrix<Floats>,
  weights: ArrayLike<number>,
  keys: Matrix<Floats>,
): Float64Array<ArrayBuffer> {
  const { rows: heads, columns: width } = queries;
  requireInteger(heads, 1, "score tokens", "the number of index heads");
  if (keys.columns !== width || weights.length !== heads) {
    throw new TypeError(
      `Cannot score tokens as index queries, keys and weights must fit: shapes are ${heads} x ${width}, ${keys.rows} x ${keys.columns} and ${weights.length}`,
    );
  }
  const scale = 1 / Math.sqrt(heads * width);
  return Float64Array.from({ length: keys.rows }, (_, token) => {
    let score = 0;
    for (let head = 0; head < heads; head++) {
      let dot = 0;
      for (let x = 0; x < width; x++) {
        dot += queries.data[head * width + x]! * keys.data[token * width + x]!;
      }
      if (dot > 0) score += weights[head]! * dot;
    }
    return score * scale;
  });
}

/**
 * Rounds index keys as they are kept: eight bits (FP8 E4M3) a number, with one 32-bit scale a key that maps its largest
 * number to the format's.
 *
 * @returns What is read back. Zeros stay zeros.
 */
export function roundIndexKeys(keys: Matrix<Floats>): Matrix<Float64Array> {
  const { fp8E4M3 } = smallFloats;
  const rounded = Float64Array.from(keys.data);
  for (let row = 0; row < keys.rows; row++) {
    const key = rounded.subarray(row * keys.columns, (row + 1) * keys.columns);
    const largest = key.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = Math.fround(largest / fp8E4M3.maximum) || 1;
    key.forEach((value, x) => key[x] = fp8E4M3.decode(fp8E4M3.encode(value / scale)) * scale);
  }
  return new Matrix(keys.rows, keys.columns, rounded);
}

/** The sizes of DeepSeek sparse attention (DSA); defaults are those of DeepSeek-V3.2. */
export interface DsaOptions {
  /** Tokens that are attended to. Default 2,048. */
  readonly topK?: Tokens;
  /** Heads of the indexer. Default 64. */
  readonly indexerHeads?: number;
  /** Width of an index key. Default 128. */
  readonly indexerWidth?: number;
}

/** The same, with defaults filled in. */
export function dsaSizes(
  { topK = 2048, indexerHeads = 64, indexerWidth = 128 }: DsaOptions = {},
): Required<DsaOptions> {
  requireInteger(topK, 1, "set up DSA", "topK");
  requireInteger(indexerHeads, 1, "set up DSA", "indexerHeads");
  requireInteger(indexerWidth, 1, "set up DSA", "indexerWidth");
  return { topK, indexerHeads, indexerWidth };
}

/** Bytes of an index key: a number a byte, and a 32-bit scale. 132 in DeepSeek-V3.2. */
export function indexKeyBytes(options: DsaOptions = {}): Bytes {
  return dsaSizes(options).indexerWidth + 4;
}

/**
 * What does it cost one query to score all tokens that it sees? It reads every index key: DSA still grows with the square of
 * the context over a whole prompt, though with a constant some tens of times smaller than attention's.
 *
 * @example Against the latent attention that it serves, absorbed as in decode: 128 heads, 576 + 512 wide
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { indexerWork } from "@fewer-bytes/attention";
 *
 * const dense = 2 * 128 * (576 + 512);
 * assertAlmostEquals(indexerWork(1).flops / dense, 0.059, 0.001);
 * ```
 */
export function indexerWork(
  visible: Tokens,
  options: DsaOptions = {},
): { readonly flops: Flop; readonly bytes: Bytes } {
  requireInteger(visible, 0, "count the indexer's work", "visible");
  const { indexerHeads, indexerWidth } = dsaSizes(options);
  return {
    flops: visible * indexerHeads * 2 * (indexerWidth + 1), // the dot product, and its weighted sum over heads
    bytes: visible * indexKeyBytes(options),
  };
}
