import { requireInteger } from "../units/mod.ts";

/** The storage of a matrix: 32-bit floats, as models use, or 64-bit ones, for references. */
export type Floats = Float32Array | Float64Array;

/**
 * A matrix stored row by row in one typed array: element (i, j) is `data[i * columns + j]`.
 *
 * One flat array, because that is how memory is: walking along a row touches neighboring bytes, walking down a column
 * jumps. Most of this course is about that difference.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 *
 * const a = Matrix.from([[1, 2], [3, 4]]);
 * assertEquals(a.multiply(Matrix.from([[1], [10]])).toRows(), [[21], [43]]);
 * ```
 */
export class Matrix<T extends Floats = Floats> {
  /**
   * Wraps storage; nothing is copied.
   *
   * @throws {RangeError} when the shape is not of whole numbers, or does not match the length of the data.
   */
  constructor(readonly rows: number, readonly columns: number, readonly data: T) {
    requireInteger(rows, 0, "make a matrix", "rows");
    requireInteger(columns, 0, "make a matrix", "columns");
    if (data.length !== rows * columns) {
      throw new RangeError(
        `Cannot make a ${rows} x ${columns} matrix as it needs ${
          rows * columns
        } values: current length is ${data.length}`,
      );
    }
  }

  /** A matrix of zeros in 32-bit floats. */
  static zeros(rows: number, columns: number): Matrix<Float32Array<ArrayBuffer>> {
    requireInteger(rows, 0, "make a matrix", "rows");
    requireInteger(columns, 0, "make a matrix", "columns");
    return new Matrix(rows, columns, new Float32Array(rows * columns));
  }

  /** A matrix in 64-bit floats from an array of rows. */
  static from(rows: readonly (readonly number[])[]): Matrix<Float64Array<ArrayBuffer>> {
    const columns = rows[0]?.length ?? 0;
    const ragged = rows.findIndex((row) => row.length !== columns);
    if (ragged >= 0) {
      throw new TypeError(
        `Cannot make a matrix as every row must have ${columns} values: row ${ragged} has ${
          rows[ragged]!.length
        }`,
      );
    }
    return new Matrix(rows.length, columns, Float64Array.from(rows.flat()));
  }

  /** The element in row `i`, column `j`. Indices outside are refused, because typed arrays answer them with undefined. */
  get(i: number, j: number): number {
    return this.data[this.#index(i, j)]!;
  }

  /** Sets the element in row `i`, column `j`. */
  set(i: number, j: number, value: number): void {
    this.data[this.#index(i, j)] = value;
  }

  /** One row, as a view into the same storage: no copy. */
  row(i: number): T {
    this.#index(i, 0);
    return this.data.subarray(i * this.columns, (i + 1) * this.columns) as T;
  }

  /** A copy with the same storage type. */
  clone(): Matrix<T> {
    return new Matrix(this.rows, this.columns, this.data.slice() as T);
  }

  /** Applies a function to every element, into a new matrix. */
  map(apply: (value: number, index: number) => number): Matrix<T> {
    return new Matrix(this.rows, this.columns, this.data.map(apply) as T);
  }

  /** Rows become columns, in a new matrix. */
  transpose(): Matrix<T> {
    const result = new Matrix(this.columns, this.rows, this.data.slice() as T);
    for (let i = 0; i < this.rows; i++) {
      for (let j = 0; j < this.columns; j++) {
        result.data[j * this.rows + i] = this.data[i * this.columns + j]!;
      }
    }
    return result;
  }

  /**
   * The matrix product, accumulated in 64 bits and stored as this matrix stores.
   *
   * The loops run i, k, j: the inner one walks along a row of both operands, several times faster than the textbook's
   * i, j, k, which walks down columns.
   *
   * @throws {TypeError} when the inner dimensions differ.
   */
  multiply(other: Matrix): Matrix<T> {
    if (this.columns !== other.rows) {
      throw new TypeError(
        `Cannot multiply as the columns of the left must equal the rows of the right: shapes are ${this.rows} x ${this.columns} and ${other.rows} x ${other.columns}`,
      );
    }
    const width = other.columns;
    const result = new Matrix(this.rows, width, this.#storage(this.rows * width));
    const sums = new Float64Array(width);
    for (let i = 0; i < this.rows; i++) {
      sums.fill(0);
      for (let k = 0; k < this.columns; k++) {
        const factor = this.data[i * this.columns + k]!;
        for (let j = 0; j < width; j++) sums[j]! += factor * other.data[k * width + j]!;
      }
      result.data.set(sums, i * width);
    }
    return result;
  }

  /** The rows as nested arrays, for printing and comparing. */
  toRows(): number[][] {
    return Array.from({ length: this.rows }, (_, i) => Array.from(this.row(i)));
  }

  #storage(length: number): T {
    return (this.data instanceof Float32Array
      ? new Float32Array(length)
      : new Float64Array(length)) as T;
  }

  #index(i: number, j: number): number {
    if (!(i >= 0 && i < this.rows && j >= 0 && j < this.columns)) {
      throw new RangeError(
        `Cannot address (${i}, ${j}) as the matrix is ${this.rows} x ${this.columns}`,
      );
    }
    return i * this.columns + j;
  }
}
