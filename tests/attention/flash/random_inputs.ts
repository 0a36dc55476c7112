import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import type { AttentionInputs } from "@fewer-bytes/attention";

/** The sizes of a small attention. */
export interface Sizes {
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
}

/** Gaussian inputs. */
export function randomInputs(sizes: Sizes, seed = 1): AttentionInputs {
  const random = seeded(seed);
  const normal = (rows: number, columns: number) =>
    Matrix.zeros(rows, columns).map(() => random.normal());
  return {
    queries: normal(sizes.queries, sizes.width),
    keys: normal(sizes.keys, sizes.width),
    values: normal(sizes.keys, sizes.valueWidth),
  };
}

/** The same numbers in 64 bits. */
export const wide = ({ rows, columns, data }: Matrix) =>
  new Matrix(rows, columns, Float64Array.from(data));

/** All three in 64 bits. */
export const wideInputs = ({ queries, keys, values }: AttentionInputs) => ({
  queries: wide(queries),
  keys: wide(keys),
  values: wide(values),
});

/** Small sizes that divide nothing. */
export const anySizes = fc.record({
  queries: fc.integer({ min: 1, max: 23 }),
  keys: fc.integer({ min: 1, max: 23 }),
  width: fc.integer({ min: 1, max: 9 }),
  valueWidth: fc.integer({ min: 1, max: 9 }),
});

/** Any tile. */
export const anyTile = fc.record({
  rows: fc.integer({ min: 1, max: 25 }),
  columns: fc.integer({ min: 1, max: 25 }),
});

/** The largest difference between two arrays. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let most = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= most)) most = Number.isNaN(difference) ? Infinity : difference;
  }
  return most;
};
