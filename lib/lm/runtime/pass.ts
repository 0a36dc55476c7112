import type { KeyValueCache } from "./cache.ts";
import { multiplyRows } from "./kernels.ts";
import type { LanguageModel, Weight } from "./language_model.ts";
import type { Trace } from "./trace.ts";

/** A sequence and its new tokens. */
export interface Sequence {
  readonly tokens: ArrayLike<number>;
  readonly cache: KeyValueCache;
}

/** Multiplies rows of activations with a weight matrix, into `y`; see {@linkcode multiplyRows}. */
export type MultiplyRows = (x: Float32Array, rows: number, weight: Weight, y: Float32Array) => void;

/** What all layers share while the new tokens of some sequences pass them, a row for each token. */
export interface Pass {
  readonly model: LanguageModel;
  readonly sequences: readonly Sequence[];
  readonly rows: number;
  /** Of each row, in its own sequence. */
  readonly positions: readonly number[];
  readonly multiply: Multiplier;
  readonly trace: Trace | undefined;
}

/** Multiplies the rows with one or more matrices that read the same, and tells the trace. Gives a result for each. */
export type Multiplier = (
  name: string,
  x: Float32Array,
  matrices: readonly Weight[],
) => Float32Array[];

/** A multiplier for so many rows. */
export function multiplier(
  rows: number,
  multiply: MultiplyRows = multiplyRows,
  trace?: Trace,
): Multiplier {
  return (name, x, matrices) => {
    const results = matrices.map((matrix) => {
      const y = new Float32Array(rows * matrix.outputs);
      multiply(x, rows, matrix, y);
      return y;
    });
    trace?.(name, {
      flops: matrices.reduce((sum, { inputs, outputs }) => sum + 2 * rows * inputs * outputs, 0),
      weights: matrices.reduce((sum, { data }) => sum + data.byteLength, 0),
      cache: 0,
      activations: x.byteLength + results.reduce((sum, { byteLength }) => sum + byteLength, 0),
    });
    return results;
  };
}
