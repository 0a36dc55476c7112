import { Matrix } from "./matrix.ts";

/**
 * What is the square root of a symmetric positive definite matrix? The lower triangle L with `L · Lᵀ = A`.
 *
 * Row by row, each element is what the ones before it leave over: a third of the work of a general elimination, and
 * stable without exchanging rows. Only the lower triangle of the matrix is read.
 *
 * @param matrix Square and symmetric, such as `Xᵀ · X`.
 * @throws {TypeError} when it is not square.
 * @throws {RangeError} when it is not positive definite, as `Xᵀ · X` is not with fewer rows of X than columns.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cholesky, Matrix } from "@fewer-bytes/numeric";
 *
 * assertEquals(cholesky(Matrix.from([[4, 2], [2, 10]])).toRows(), [[2, 0], [1, 3]]);
 * ```
 */
export function cholesky(matrix: Matrix): Matrix<Float64Array<ArrayBuffer>> {
  const { rows: n, columns, data } = matrix;
  if (n !== columns) {
    throw new TypeError(
      `Cannot factor a matrix as it must be square: current shape is ${n} x ${columns}`,
    );
  }
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = data[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= lower[i * n + k]! * lower[j * n + k]!;
      if (j < i) {
        lower[i * n + j] = rest / lower[j * n + j]!;
        continue;
      }
      // What is left of a singular matrix is not zero but rounding errors, of either sign.
      if (!(rest > n * Number.EPSILON * data[i * n + i]! && rest < Infinity)) {
        throw new RangeError(
          `Cannot factor a matrix as it must be positive definite: current pivot ${i} of ${n} is ${rest}`,
        );
      }
      lower[i * n + i] = Math.sqrt(rest);
    }
  }
  return new Matrix(n, n, lower);
}

/**
 * Which upper triangle U has `Uᵀ · U = A`? The transpose of {@linkcode cholesky}'s.
 *
 * @throws As {@linkcode cholesky} does.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix, upperCholesky } from "@fewer-bytes/numeric";
 *
 * assertEquals(upperCholesky(Matrix.from([[4, 2], [2, 10]])).toRows(), [[2, 1], [0, 3]]);
 * ```
 */
export function upperCholesky(matrix: Matrix): Matrix<Float64Array<ArrayBuffer>> {
  const { rows, columns, data } = cholesky(matrix).transpose();
  return new Matrix(rows, columns, Float64Array.from(data));
}

/**
 * Which X solves `A · X = B`, for a symmetric positive definite A? Two triangles are solved, one down, one up.
 *
 * @param matrix A, n × n.
 * @param right B, n × any number of columns.
 * @throws {TypeError} when the rows of the two differ; otherwise as {@linkcode cholesky} does.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix, solvePositiveDefinite } from "@fewer-bytes/numeric";
 *
 * const solution = solvePositiveDefinite(Matrix.from([[4, 2], [2, 10]]), Matrix.from([[8], [22]]));
 * assertEquals(solution.toRows(), [[1], [2]]);
 * ```
 */
export function solvePositiveDefinite(
  matrix: Matrix,
  right: Matrix,
): Matrix<Float64Array<ArrayBuffer>> {
  const { rows: n, data: lower } = cholesky(matrix);
  if (right.rows !== n) {
    throw new TypeError(
      `Cannot solve as the right-hand side must have ${n} rows: current value is ${right.rows}`,
    );
  }
  const width = right.columns;
  const x = Float64Array.from(right.data);
  const subtract = (from: number, factor: number, row: number) => {
    for (let j = 0; j < width; j++) x[from * width + j]! -= factor * x[row * width + j]!;
  };
  const divide = (row: number) => {
    const pivot = lower[row * n + row]!;
    for (let j = 0; j < width; j++) x[row * width + j]! /= pivot;
  };
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtract(i, lower[i * n + k]!, k);
    divide(i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtract(i, lower[k * n + i]!, k);
    divide(i);
  }
  return new Matrix(n, width, x);
}

/**
 * What is the inverse of a symmetric positive definite matrix?
 *
 * @throws As {@linkcode cholesky} does.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { invertPositiveDefinite, Matrix } from "@fewer-bytes/numeric";
 *
 * assertEquals(invertPositiveDefinite(Matrix.from([[4, 0], [0, 16]])).toRows(), [[0.25, 0], [0, 0.0625]]);
 * ```
 */
export function invertPositiveDefinite(matrix: Matrix): Matrix<Float64Array<ArrayBuffer>> {
  const n = matrix.rows;
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  return solvePositiveDefinite(matrix, new Matrix(n, n, identity));
}
