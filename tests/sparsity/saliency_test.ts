import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { density, keepMostSalient, prunedCount } from "@fewer-bytes/sparsity";
import { Matrix } from "@fewer-bytes/numeric";

const someMatrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 12 })).chain(
  ([rows, columns]) =>
    fc.array(fc.integer({ min: 0, max: 9 }), {
      minLength: rows * columns,
      maxLength: rows * columns,
    }).map((values) => new Matrix(rows, columns, Float64Array.from(values))),
);
const someShare = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);

Deno.test("keepMostSalient() prunes exactly the share of every row, or of the matrix", () => {
  fc.assert(fc.property(someMatrix, someShare, (scores, share) => {
    const { rows, columns, data } = scores;
    const byRow = keepMostSalient(scores, share, "row");
    for (let row = 0; row < rows; row++) {
      const own = byRow.subarray(row * columns, (row + 1) * columns);
      assertEquals(own.filter((kept) => !kept).length, prunedCount(share, columns));
    }
    const across = keepMostSalient(scores, share, "matrix");
    assertEquals(across.filter((kept) => !kept).length, prunedCount(share, data.length));
  }));
});

Deno.test("keepMostSalient() does not look at the scope when it is given a pattern", () => {
  const scores = Matrix.from([[1, 2, 3, 4], [9, 8, 7, 6]]);
  const pattern = { kept: 1, of: 4 };
  assertEquals(keepMostSalient(scores, pattern, "row"), keepMostSalient(scores, pattern, "matrix"));
  assertEquals(density(keepMostSalient(scores, pattern)), 0.25);
});
