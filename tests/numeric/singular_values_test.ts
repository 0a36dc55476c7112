import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import { eigs } from "mathjs";
import { Matrix, seeded, singularValues } from "@fewer-bytes/numeric";

function gaussian(rows: number, columns: number, seed: number) {
  const random = seeded(seed);
  return new Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
}

function compose(matrix: Matrix) {
  const { left, values, right } = singularValues(matrix);
  return left.map((value, index) => value * values[index % values.length]!)
    .multiply(right.transpose());
}

const difference = (a: Matrix, b: Matrix) =>
  Math.max(0, ...a.data.map((value, index) => Math.abs(value - b.data[index]!)));
const identity = (size: number) =>
  new Matrix(
    size,
    size,
    Float64Array.from({ length: size * size }, (_, i) => i % (size + 1) ? 0 : 1),
  );

Deno.test("singularValues() composes to the matrix again, with vectors at right angles and values that fall", () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(fc.property(size, size, fc.integer({ min: 0, max: 1e6 }), (rows, columns, seed) => {
    const matrix = gaussian(rows, columns, seed);
    const { left, values, right } = singularValues(matrix);
    const rank = Math.min(rows, columns);
    assertEquals([left.rows, left.columns, right.rows, right.columns, values.length], [
      rows,
      rank,
      columns,
      rank,
      rank,
    ]);
    assertLess(difference(compose(matrix), matrix), 1e-12);
    assertLess(difference(left.transpose().multiply(left), identity(rank)), 1e-12);
    assertLess(difference(right.transpose().multiply(right), identity(rank)), 1e-12);
    assert(values.every((value, i) => value >= 0 && (i === 0 || value <= values[i - 1]!)));
  }));
});

Deno.test("singularValues() are the roots of the eigenvalues of AᵀA that mathjs finds", () => {
  const matrix = gaussian(7, 4, 3);
  const expected = (eigs(matrix.transpose().multiply(matrix).toRows()).values as number[])
    .map(Math.sqrt).sort((a, b) => b - a);
  singularValues(matrix).values.forEach((value, i) =>
    assertAlmostEquals(value, expected[i]!, 1e-9)
  );
});

Deno.test("singularValues() agrees with numpy.linalg.svd on a 3 x 4 matrix", () => {
  // numpy.linalg.svd([[1, 2, 3, 4], [5, 6, 7, 8], [2, -1, 0, 3]], compute_uv=False), numpy 2
  const golden = [14.395144912578749, 3.040178184625382, 1.2398062556649978];
  const { values } = singularValues(Matrix.from([[1, 2, 3, 4], [5, 6, 7, 8], [2, -1, 0, 3]]));
  golden.forEach((value, i) => assertAlmostEquals(values[i]!, value, 1e-12));
});

Deno.test("singularValues() of less than full rank are exact zeros after the rank", () => {
  const low = gaussian(8, 2, 1).multiply(gaussian(2, 6, 2));
  const { values, left } = singularValues(low);
  assertEquals(Array.from(values, (value) => value > 0), [true, true, false, false, false, false]);
  assert(left.data.every(Number.isFinite));
  assertEquals([...singularValues(Matrix.zeros(3, 2)).values], [0, 0]);
});

Deno.test("singularValues() refuses what is not finite", () => {
  assertThrows(() => singularValues(Matrix.from([[1, NaN]])), RangeError, "finite");
});
