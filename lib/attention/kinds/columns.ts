import { Matrix } from "../../numeric/mod.ts";

/** Some neighboring columns of a matrix, copied in 64 bits: the part of one head, for example. */
export function columns(matrix: Matrix, start: number, count: number): Matrix<Float64Array> {
  const part = new Matrix(matrix.rows, count, new Float64Array(matrix.rows * count));
  for (let row = 0; row < matrix.rows; row++) {
    part.data.set(matrix.row(row).subarray(start, start + count), row * count);
  }
  return part;
}

/** Matrices of equally many rows, side by side. */
export function sideBySide(parts: readonly Matrix[]): Matrix<Float64Array> {
  const [first] = parts;
  const width = parts.reduce((sum, part) => sum + part.columns, 0);
  const rows = first?.rows ?? 0;
  const whole = new Matrix(rows, width, new Float64Array(rows * width));
  let start = 0;
  for (const part of parts) {
    for (let row = 0; row < rows; row++) whole.data.set(part.row(row), row * width + start);
    start += part.columns;
  }
  return whole;
}

/** Rows that pass a weight matrix of `outputs` rows of `inputs` numbers, in 64 bits. */
export function project(x: Matrix, weight: Matrix): Matrix<Float64Array> {
  return new Matrix(x.rows, x.columns, Float64Array.from(x.data)).multiply(weight.transpose());
}
