import { assertEquals } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import { resolveGrid, roundToNearest, type UniformGrid } from "@fewer-bytes/quantization";
import { RowGrids } from "../../../lib/quantization/calibrated/row_grids.ts";
import { randomMatrix } from "./support.ts";

Deno.test("RowGrids rounds the values of a group as roundToNearest() does, each row on its own grid", () => {
  const matrix = randomMatrix(1, 3, 8);
  for (const symmetric of [true, false]) {
    const grid: UniformGrid = { bits: 3, symmetric, clip: 0.9 };
    const grids = new RowGrids(3, grid, resolveGrid(grid, 3, 8));
    for (const row of [0, 1, 2]) grids.begin(row, Float64Array.from(matrix.row(row)));
    const rounded = Float32Array.from(
      matrix.data,
      (value, at) => grids.round(Math.floor(at / 8), value),
    );
    assertEquals(rounded, roundToNearest(matrix, grid).data);
  }
});

Deno.test("RowGrids clamps a value that has moved out of the range in which its group began", () => {
  const grid: UniformGrid = { bits: 2 };
  const grids = new RowGrids(1, grid, resolveGrid(grid, 1, 2));
  grids.begin(0, Float64Array.of(1, -0.5));
  assertEquals([5, -5, 0.4].map((value) => grids.round(0, value)), [1, -1, 0]);
  grids.begin(0, Float64Array.of(4, 0));
  assertEquals(new Matrix(1, 1, Float64Array.of(grids.round(0, 5))).toRows(), [[4]]);
});
