import { Matrix } from "../../numeric/mod.ts";

/** Makes a number of a query or key positive. */
export type FeatureMap = (value: number) => number;

/** elu(x) + 1, the feature map of Katharopoulos et al. (2020): x + 1 above 0, e to the x below. */
export const eluPlusOne: FeatureMap = (value) => value > 0 ? value + 1 : Math.exp(value);

/** What linear attention remembers of all tokens so far: its size does not depend on how many there were. */
export interface LinearState {
  /** Sum of the outer products of each key's features with its value: one row for each feature. */
  readonly sums: Matrix<Float64Array>;
  /** Sum of the features of the keys, by which results are divided. */
  readonly norms: Float64Array;
}

/** What a form computes: a row for each token, and what is remembered after the last. */
export interface LinearResult {
  readonly output: Matrix<Float64Array>;
  readonly state: LinearState;
}

/** A state of its own to go on with: a copy of one, or the one before the first token. */
export function copyState(keys: Matrix, values: Matrix, state?: LinearState): LinearState {
  const [rows, width] = [keys.columns, values.columns];
  if (state && (state.sums.rows !== rows || state.sums.columns !== width)) {
    throw new TypeError(
      `Cannot go on from a state as it must be ${rows} x ${width}: current shape is ${state.sums.rows} x ${state.sums.columns}`,
    );
  }
  return state ? { sums: state.sums.clone(), norms: state.norms.slice() } : {
    sums: new Matrix(rows, width, new Float64Array(rows * width)),
    norms: new Float64Array(rows),
  };
}

/** Refuses queries, keys and values that do not belong together. */
export function requireSameRows(queries: Matrix, keys: Matrix, values: Matrix): void {
  const rows = [queries, keys, values].map((matrix) => matrix.rows);
  if (new Set(rows).size > 1 || queries.columns !== keys.columns) {
    throw new TypeError(
      `Cannot attend as each token needs a query, a key as wide, and a value: current rows are ${
        rows.join(", ")
      }, widths ${queries.columns} and ${keys.columns}`,
    );
  }
}
