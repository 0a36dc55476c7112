import { assertEquals } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import { columns, project, sideBySide } from "../../../lib/attention/kinds/columns.ts";

const matrix = Matrix.from([[1, 2, 3, 4], [5, 6, 7, 8]]);

Deno.test("columns() copies some columns, so that changing them leaves the matrix alone", () => {
  const part = columns(matrix, 1, 2);
  assertEquals(part.toRows(), [[2, 3], [6, 7]]);
  part.set(0, 0, 100);
  assertEquals(matrix.get(0, 1), 2);
});

Deno.test("sideBySide() puts back together what columns() took apart", () => {
  const parts = [columns(matrix, 0, 1), columns(matrix, 1, 3)];
  assertEquals(sideBySide(parts).toRows(), matrix.toRows());
});

Deno.test("project() multiplies each row with each row of the weight", () => {
  const weight = Matrix.from([[1, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 2]]);
  assertEquals(project(matrix, weight).toRows(), [[1, 10, 8], [5, 26, 16]]);
});
