import { type MultiplyRows, multiplyRows, type Weight } from "../lm/mod.ts";
import { type Bytes, requireInteger } from "../units/mod.ts";

/** Turns some activations of one token into zeros, in place, before they meet a weight matrix. */
export type Sparsifier = (activations: Float32Array) => void;

/**
 * How many bytes of weights need not be read, because what they would be multiplied with is zero?
 *
 * An input that is zero makes a whole column of its matrix useless. If the matrix lies in memory column by column, that
 * column is skipped. Tokens that are computed together share what is read, so a column is skipped only when all of them
 * have a zero there: the gain melts as the batch grows.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { keepLargest, SparseReads } from "@fewer-bytes/sparsity";
 *
 * const reads = new SparseReads(() => (activations) => keepLargest(activations, 1));
 * const weight = { name: "down", outputs: 1, inputs: 4, data: Float32Array.of(1, 2, 3, 4) };
 * const y = new Float32Array(1);
 * reads.multiply(Float32Array.of(9, -1, 0, 2), 1, weight, y);
 * assertEquals([y[0], reads.read, reads.total], [9, 4, 16]); // one column of four
 * ```
 */
export class SparseReads {
  #read = 0;
  #total = 0;

  /**
   * @param sparsifierOf What is done to the inputs of a weight matrix; undefined leaves them, and skips nothing.
   * @param together Tokens that are computed together. Default 1, as in decoding alone.
   */
  constructor(
    readonly sparsifierOf: (weight: Weight) => Sparsifier | undefined,
    readonly together = 1,
  ) {
    requireInteger(together, 1, "count reads", "together");
  }

  /** Bytes of weights that had to be read. */
  get read(): Bytes {
    return this.#read;
  }

  /** Bytes that dense activations would have read. */
  get total(): Bytes {
    return this.#total;
  }

  /** Pass this to `forward`, `score` or `generate`. */
  readonly multiply: MultiplyRows = (x, rows, weight, y) => {
    const { inputs, data } = weight;
    const groups = Math.ceil(rows / this.together);
    this.#total += groups * data.byteLength;
    const sparsify = this.sparsifierOf(weight);
    if (!sparsify) {
      this.#read += groups * data.byteLength;
      return multiplyRows(x, rows, weight, y);
    }
    const sparse = x.slice(0, rows * inputs);
    for (let row = 0; row < rows; row++) {
      sparsify(sparse.subarray(row * inputs, (row + 1) * inputs));
    }
    for (let row = 0; row < rows; row += this.together) {
      const end = Math.min(row + this.together, rows);
      const needed = nonzeroColumns(sparse.subarray(row * inputs, end * inputs), inputs);
      this.#read += needed.length * data.byteLength / inputs;
    }
    multiplyNonzero(sparse, rows, weight, y);
  };
}

/** The columns in which any of some rows is not zero. */
function nonzeroColumns(rows: Float32Array, columns: number): Uint32Array {
  const needed: number[] = [];
  for (let column = 0; column < columns; column++) {
    for (let at = column; at < rows.length; at += columns) {
      if (rows[at] === 0) continue;
      needed.push(column);
      break;
    }
  }
  return Uint32Array.from(needed);
}

/** Multiplies like `multiplyRows`, looking only at weights whose input is not zero. */
function multiplyNonzero(
  x: Float32Array,
  rows: number,
  { inputs, outputs, data }: Weight,
  y: Float32Array,
): void {
  for (let row = 0; row < rows; row++) {
    const own = x.subarray(row * inputs, (row + 1) * inputs);
    const columns = nonzeroColumns(own, inputs);
    const values = Float32Array.from(columns, (column) => own[column]!);
    for (let output = 0; output < outputs; output++) {
      const weights = output * inputs;
      let sum = 0;
      for (let k = 0; k < values.length; k++) sum += values[k]! * data[weights + columns[k]!]!;
      y[row * outputs + output] = sum;
    }
  }
}
