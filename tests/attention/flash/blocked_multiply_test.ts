import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import { blockedMultiply, productTile, TwoLevelMemory } from "@fewer-bytes/attention";
import { distance } from "./random_inputs.ts";

const size = fc.integer({ min: 1, max: 20 });

Deno.test("blockedMultiply() is the matrix product, and reads rows · columns · inner (1/b + 1/a) values", () => {
  fc.assert(
    fc.property(
      size,
      size,
      size,
      fc.integer({ min: 3, max: 300 }),
      (rows, inner, columns, room) => {
        const left = Matrix.zeros(rows, inner).map((_, i) => Math.sin(i));
        const right = Matrix.zeros(inner, columns).map((_, i) => Math.cos(i));
        const product = new Float32Array(rows * columns);
        const memory = new TwoLevelMemory(4 * room);
        const target = memory.place("product", product);
        blockedMultiply(memory, {
          left: { array: memory.place("left", left.data), rowStride: inner, columnStride: 1 },
          right: { array: memory.place("right", right.data), rowStride: columns, columnStride: 1 },
          product: target,
          rows,
          inner,
          columns,
        });
        assert(distance(product, left.multiply(right).data) < 1e-5);
        const tile = productTile(4 * room, rows, columns);
        const high = Math.ceil(rows / tile.rows);
        const wide = Math.ceil(columns / tile.columns);
        assertEquals(memory.bytesRead, 4 * inner * (wide * rows + high * columns));
        assertEquals(memory.bytesWritten, 4 * rows * columns);
        assert(memory.peak <= 4 * room);
      },
    ),
  );
});

Deno.test("productTile() fits, and is square where both sides are long", () => {
  fc.assert(fc.property(fc.integer({ min: 3, max: 1e6 }), (room) => {
    const { rows, columns } = productTile(4 * room, 1e6, 1e6);
    assert(rows * columns + rows + columns <= room);
    assert(Math.abs(rows - columns) <= 2, `${rows} x ${columns}`);
  }));
  assertThrows(() => productTile(11, 5, 5), RangeError, "three values");
});

Deno.test("blockedMultiply() shows each finished tile, and each piece of the left, on the way", () => {
  const memory = new TwoLevelMemory(4 * 8);
  const ones = () => new Float32Array(9).fill(1);
  const product = memory.place("product", new Float32Array(9));
  const seen: number[] = [];
  blockedMultiply(memory, {
    left: { array: memory.place("left", ones()), rowStride: 3, columnStride: 1 },
    right: { array: memory.place("right", ones()), rowStride: 3, columnStride: 1 },
    product,
    rows: 3,
    inner: 3,
    columns: 3,
    onLeft: (piece) => piece.fill(2),
    onProduct: (_, row, column) => seen.push(10 * row + column),
  });
  assertEquals([...product.data], new Array(9).fill(6));
  assertEquals(seen, [0, 2, 20, 22]);
});
