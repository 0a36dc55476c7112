import type { Floats, Matrix } from "../../numeric/mod.ts";

/** What one head of attention is given: a row for each token. */
export interface AttentionInputs<T extends Floats = Float32Array> {
  /** One row for each token that looks; width d. */
  readonly queries: Matrix<T>;
  /** One row for each token that can be looked at; width d. */
  readonly keys: Matrix<T>;
  /** What each of those gives; any width. */
  readonly values: Matrix<T>;
}

/** Who sees whom, and how scores are scaled. */
export interface AttentionOptions {
  /**
   * True when a token sees only itself and those before it. With fewer queries than keys, the queries are the last
   * tokens. Default false.
   */
  readonly causal?: boolean;
  /** What scores are multiplied with; default 1/√d. */
  readonly scale?: number;
}

/** The sizes of an attention, with its options resolved. */
export interface AttentionShape {
  readonly queries: number;
  readonly keys: number;
  /** Of a query or key. */
  readonly width: number;
  readonly valueWidth: number;
  readonly causal: boolean;
  readonly scale: number;
}

/**
 * Checks the inputs of an attention and reads its sizes from them.
 *
 * @throws {TypeError} when the shapes do not fit each other.
 * @throws {RangeError} when there is no key, no width, or a number that is NaN or infinite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { attentionShape } from "@fewer-bytes/attention";
 *
 * const inputs = { queries: Matrix.zeros(2, 16), keys: Matrix.zeros(5, 16), values: Matrix.zeros(5, 8) };
 * assertEquals(attentionShape(inputs).scale, 1 / 4);
 * ```
 */
export function attentionShape(
  { queries, keys, values }: AttentionInputs<Floats>,
  { causal = false, scale = 1 / Math.sqrt(queries.columns) }: AttentionOptions = {},
): AttentionShape {
  if (queries.columns !== keys.columns || keys.rows !== values.rows) {
    throw new TypeError(
      `Cannot attend as queries and keys must have one width, keys and values one length: shapes are ${
        [queries, keys, values].map(({ rows, columns }) => `${rows} x ${columns}`).join(", ")
      }`,
    );
  }
  if (queries.rows * keys.rows * keys.columns * values.columns === 0) {
    throw new RangeError(
      "Cannot attend as there must be a query, a key and a value, none of width 0",
    );
  }
  for (const [name, { data }] of Object.entries({ queries, keys, values })) {
    for (let i = 0; i < data.length; i++) {
      if (!Number.isFinite(data[i])) {
        throw new RangeError(`Cannot attend as ${name} must be finite: they hold ${data[i]}`);
      }
    }
  }
  if (!Number.isFinite(scale)) {
    throw new RangeError(`Cannot attend as the scale must be finite: current value is ${scale}`);
  }
  return {
    queries: queries.rows,
    keys: keys.rows,
    width: keys.columns,
    valueWidth: values.columns,
    causal,
    scale,
  };
}

/**
 * How many keys, from the first, does this query see? All, or up to itself.
 *
 * @param row Index of the query, from 0.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { keysSeen } from "@fewer-bytes/attention";
 *
 * assertEquals([0, 1].map((row) => keysSeen({ queries: 2, keys: 5, causal: true }, row)), [4, 5]);
 * ```
 */
export function keysSeen(
  { queries, keys, causal }: Pick<AttentionShape, "queries" | "keys" | "causal">,
  row: number,
): number {
  return causal ? Math.max(0, row + 1 + keys - queries) : keys;
}
