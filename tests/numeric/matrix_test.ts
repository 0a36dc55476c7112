import { assertAlmostEquals, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import fc from "fast-check";
import { multiply } from "mathjs";
import { Matrix, seeded } from "@fewer-bytes/numeric";

/** A matrix of Gaussian numbers. */
function gaussian(rows: number, columns: number, seed: number) {
  const random = seeded(seed);
  return new Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
}

Deno.test("Matrix.multiply() agrees with mathjs on random shapes", () => {
  const size = fc.integer({ min: 1, max: 7 });
  fc.assert(fc.property(size, size, size, fc.integer({ min: 0, max: 1e6 }), (m, n, p, seed) => {
    const left = gaussian(m, n, seed);
    const right = gaussian(n, p, seed + 1);
    const expected = multiply(left.toRows(), right.toRows()) as number[][];
    const actual = left.multiply(right);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < p; j++) assertAlmostEquals(actual.get(i, j), expected[i]![j]!, 1e-12);
    }
  }));
});

Deno.test("Matrix.transpose() reverses the order of a product", () => {
  const [a, b] = [gaussian(3, 5, 1), gaussian(5, 2, 2)];
  assertEquals(a.multiply(b).transpose().toRows(), b.transpose().multiply(a.transpose()).toRows());
});

Deno.test("Matrix keeps the storage type of its left operand", () => {
  assertInstanceOf(Matrix.zeros(2, 2).multiply(Matrix.from([[1, 2], [3, 4]])).data, Float32Array);
  assertInstanceOf(Matrix.from([[1]]).multiply(Matrix.zeros(1, 1)).data, Float64Array);
});

Deno.test("Matrix.row() is a view, clone() a copy", () => {
  const a = Matrix.from([[1, 2], [3, 4]]);
  a.clone().set(1, 0, 9);
  assertEquals(a.get(1, 0), 3);
  a.row(1)[0] = 9;
  assertEquals(a.get(1, 0), 9);
});

Deno.test("Matrix refuses wrong shapes and indices by name", () => {
  assertThrows(
    () => new Matrix(2, 2, new Float32Array(3)),
    RangeError,
    "needs 4 values: current length is 3",
  );
  assertThrows(() => new Matrix(-1, 2, new Float32Array(0)), RangeError, "rows");
  assertThrows(() => Matrix.zeros(1.5, 2), RangeError, "whole number");
  assertThrows(() => Matrix.from([[1, 2], [3]]), TypeError, "row 1 has 1");
  assertThrows(
    () => Matrix.from([[1, 2]]).multiply(Matrix.from([[1, 2]])),
    TypeError,
    "1 x 2 and 1 x 2",
  );
  assertThrows(() => Matrix.zeros(2, 2).get(2, 0), RangeError, "(2, 0)");
  assertThrows(() => Matrix.zeros(2, 2).get(0, -1), RangeError);
  assertThrows(() => Matrix.zeros(2, 2).row(5), RangeError);
});
