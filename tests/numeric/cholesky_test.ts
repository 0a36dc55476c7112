import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  cholesky,
  invertPositiveDefinite,
  Matrix,
  seeded,
  solvePositiveDefinite,
  upperCholesky,
} from "@fewer-bytes/numeric";
import fc from "fast-check";
import { inv, lusolve } from "mathjs";

/** Random `Xᵀ · X`, with more rows of X than columns. */
function gram(seed: number, size: number, rows = size + 3): Matrix<Float64Array> {
  const random = seeded(seed);
  const x = new Matrix(
    rows,
    size,
    Float64Array.from({ length: rows * size }, () => random.normal()),
  );
  return x.transpose().multiply(x);
}

function assertClose(actual: Matrix, expected: readonly (readonly number[])[], tolerance = 1e-9) {
  expected.flat().forEach((value, index) =>
    assertAlmostEquals(actual.data[index]!, value, tolerance * Math.max(1, Math.abs(value)))
  );
}

const cases = [fc.nat(1000), fc.integer({ min: 1, max: 12 })] as const;

Deno.test("cholesky() gives a lower triangle with a positive diagonal, whose square is the matrix", () => {
  fc.assert(
    fc.property(...cases, (seed, size) => {
      const matrix = gram(seed, size);
      const lower = cholesky(matrix);
      assertClose(lower.multiply(lower.transpose()), matrix.toRows());
      return lower.toRows().every((row, i) =>
        row[i]! > 0 && row.slice(i + 1).every((v) => v === 0)
      );
    }),
    { seed: 1 },
  );
});

Deno.test("upperCholesky() gives the upper triangle U with Uᵀ · U = A", () => {
  fc.assert(
    fc.property(...cases, (seed, size) => {
      const matrix = gram(seed, size);
      const upper = upperCholesky(matrix);
      assertClose(upper.transpose().multiply(upper), matrix.toRows());
      return upper.toRows().every((row, i) => row.slice(0, i).every((v) => v === 0));
    }),
    { seed: 1 },
  );
});

Deno.test("invertPositiveDefinite() and solvePositiveDefinite() agree with mathjs", () => {
  for (const [seed, size] of [[1, 1], [2, 3], [3, 17]] as const) {
    const matrix = gram(seed, size);
    assertClose(invertPositiveDefinite(matrix), inv(matrix.toRows()), 1e-7);
    const right = gram(seed + 10, size).toRows().map((row) => row.slice(0, 2));
    const expected = [0, 1].slice(0, right[0]!.length).map((column) =>
      lusolve(matrix.toRows(), right.map((row) => row[column]!)) as number[][]
    );
    const actual = solvePositiveDefinite(matrix, Matrix.from(right));
    assertClose(actual, right.map((_, i) => expected.map((solution) => solution[i]![0]!)), 1e-7);
  }
});

Deno.test("cholesky() refuses a singular, an indefinite and a NaN matrix, and one that is not square", () => {
  assertThrows(
    () => cholesky(gram(1, 8, 5)),
    RangeError,
    "must be positive definite: current pivot 5",
  );
  assertThrows(() => cholesky(Matrix.from([[1, 2], [2, 1]])), RangeError, "pivot 1 of 2 is -3");
  assertThrows(() => cholesky(Matrix.from([[NaN]])), RangeError, "is NaN");
  assertThrows(() => cholesky(Matrix.from([[Infinity]])), RangeError, "is Infinity");
  assertThrows(
    () => cholesky(Matrix.from([[1, 2]])),
    TypeError,
    "must be square: current shape is 1 x 2",
  );
  assertThrows(
    () => solvePositiveDefinite(Matrix.from([[1]]), Matrix.from([[1], [2]])),
    TypeError,
    "must have 1 rows: current value is 2",
  );
});

Deno.test("cholesky() sees that a matrix is singular also where rounding errors leave a little above zero", () => {
  for (let seed = 1; seed <= 50; seed++) {
    assertThrows(() => cholesky(gram(seed, 6, 4)), RangeError, "must be positive definite");
  }
});

Deno.test("an empty matrix has an empty factor and an empty inverse", () => {
  assertEquals(cholesky(Matrix.zeros(0, 0)).data.length, 0);
  assertEquals(invertPositiveDefinite(Matrix.zeros(0, 0)).data.length, 0);
});
