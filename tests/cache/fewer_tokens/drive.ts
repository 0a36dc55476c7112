/** Runs caches without a model: random tokens go in, attention comes out, computed by a reference of its own. */
import type { KeyValueCache } from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { type CachedModel } from "@fewer-bytes/cache";
import { tinyModel } from "../../lm/runtime/tiny.ts";

export const model: CachedModel = tinyModel(); // 3 layers, 6 query heads on 2 key-value heads of width 4
export const { queryHeads, keyValueHeads, headDimension } = model;
const width = keyValueHeads * headDimension;

/** Random tokens: for each layer, a row for each token. */
export interface Tokens {
  readonly keys: Matrix[];
  readonly values: Matrix[];
  readonly queries: Matrix[];
}

export function randomTokens(count: number, seed = 1): Tokens {
  const random = seeded(seed);
  const matrices = (columns: number) =>
    model.layers.map(() =>
      new Matrix(
        count,
        columns,
        Float32Array.from({ length: count * columns }, () => 1.5 * random.normal()),
      )
    );
  return { keys: matrices(width), values: matrices(width), queries: matrices(6 * headDimension) };
}

/** What a head saw: shares by place, and the keys and values in those places. */
export interface Seen {
  readonly shares: Float32Array;
  readonly result: number[];
  readonly traffic: number | undefined;
}

/**
 * Feeds tokens to a cache as `forward` does: layer by layer, inside a layer token by token.
 *
 * @param chunks How many tokens are computed at once, one after the other. Default: all.
 * @returns By layer, token and head.
 */
export function drive(
  cache: KeyValueCache,
  { keys, values, queries }: Tokens,
  chunks: readonly number[] = [keys[0]!.rows],
): Seen[][][] {
  const seen: Seen[][][] = model.layers.map(() => []);
  let start = cache.length;
  for (const chunk of chunks) {
    for (let layer = 0; layer < model.layers.length; layer++) {
      for (let position = start; position < start + chunk; position++) {
        const row = (matrix: Matrix) => Float32Array.from(matrix.row(position));
        cache.append(layer, {
          position,
          keys: row(keys[layer]!),
          values: row(values[layer]!),
          hidden: new Float32Array(24),
        });
        const query = row(queries[layer]!);
        const read = cache.read(layer, query);
        seen[layer]!.push(
          Array.from({ length: queryHeads }, (_, head) => {
            const from = Math.floor(head / 3) * headDimension;
            const places = read.chosen?.[head] ?? Array.from({ length: read.count }, (_, p) => p);
            const part = (
              array: Float32Array,
              place: number,
            ) => [...array.subarray(place * width + from, place * width + from + headDimension)];
            const own = query.subarray(head * headDimension, (head + 1) * headDimension);
            const exponentials = Array.from(places, (place) =>
              Math.exp(
                part(read.keys, place).reduce((sum, k, i) => sum + k * own[i]!, 0) / 2,
              ));
            const total = exponentials.reduce((sum, e) => sum + e, 0);
            const shares = Float32Array.from(exponentials, (e) => e / total);
            const result = Array.from(
              { length: headDimension },
              (_, i) =>
                Array.from(places).reduce(
                  (sum, place, index) => sum + shares[index]! * part(read.values, place)[i]!,
                  0,
                ),
            );
            cache.observe?.(layer, head, shares);
            return { shares, result, traffic: read.traffic };
          }),
        );
      }
    }
    cache.advance(chunk);
    start += chunk;
  }
  return seen;
}

/** The shares of one head over all tokens, in matrix form: everything masked that is not visible. */
export function maskedShares(
  { keys, queries }: Tokens,
  layer: number,
  head: number,
  visible: (query: number, key: number) => boolean,
): Matrix {
  const slice = (matrix: Matrix, from: number) =>
    Matrix.from(matrix.toRows().map((row) => row.slice(from, from + headDimension)));
  const shared = Math.floor(head / 3) * headDimension;
  const scores = slice(queries[layer]!, head * headDimension)
    .multiply(slice(keys[layer]!, shared).transpose());
  return Matrix.from(
    scores.toRows().map((row, query) => {
      const weights = row.map((score, key) =>
        key <= query && visible(query, key) ? Math.exp(score / 2) : 0
      );
      const sum = weights.reduce((a, b) => a + b, 0);
      return weights.map((weight) => weight / sum);
    }),
  );
}

/** What a head takes, by such shares. */
export function maskedResult(
  tokens: Tokens,
  layer: number,
  head: number,
  visible: (query: number, key: number) => boolean,
): number[][] {
  const shared = Math.floor(head / 3) * headDimension;
  const values = Matrix.from(
    tokens.values[layer]!.toRows().map((row) => row.slice(shared, shared + headDimension)),
  );
  return maskedShares(tokens, layer, head, visible).multiply(values).toRows();
}

/** Compares lists of numbers. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
