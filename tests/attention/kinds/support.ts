/** Small random matrices, and comparing them. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Matrix, seeded } from "@fewer-bytes/numeric";

export function randomMatrix(rows: number, columns: number, seed: number): Matrix<Float64Array> {
  const random = seeded(seed);
  return new Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
}

export function assertClose(actual: Matrix, expected: Matrix, tolerance = 1e-10): void {
  assertEquals([actual.rows, actual.columns], [expected.rows, expected.columns]);
  expected.data.forEach((value, i) => assertAlmostEquals(actual.data[i]!, value, tolerance));
}
