import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { TwoLevelMemory } from "@fewer-bytes/attention";

Deno.test("TwoLevelMemory counts four bytes for each value that is read or written, by array", () => {
  const memory = new TwoLevelMemory(1024);
  const [a, b] = ["a", "b"].map((name) => memory.place(name, new Float32Array(100)));
  const tile = memory.tile("tile", 10);
  memory.read(a!, 5, tile);
  memory.read(b!, 0, tile, 3);
  memory.write(tile, b!, 90, 4, 2);
  assertEquals([memory.bytesRead, memory.bytesWritten, memory.traffic], [52, 16, 68]);
  assertEquals(memory.arrays.map(({ bytesRead }) => bytesRead), [40, 12]);
});

Deno.test("TwoLevelMemory copies what was asked for: with strides, and from within a tile", () => {
  fc.assert(
    fc.property(
      fc.nat(9),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 8 }),
      (start, stride, count) => {
        const memory = new TwoLevelMemory(64);
        const from = memory.place("from", Float32Array.from({ length: 60 }, (_, i) => i));
        const to = memory.place("to", new Float32Array(60));
        const tile = memory.tile("tile", 8);
        memory.read(from, start, tile, count, stride);
        assertEquals(
          [...tile.subarray(0, count)],
          Array.from({ length: count }, (_, i) => start + i * stride),
        );
        memory.write(tile, to, 20, 1, count - 1);
        assertEquals(to.data[20], start + (count - 1) * stride);
      },
    ),
  );
});

Deno.test("TwoLevelMemory refuses a tile larger than what is left, and gives room back", () => {
  const memory = new TwoLevelMemory(40);
  const tile = memory.tile("six", 6);
  assertThrows(() => memory.tile("five", 5), RangeError, 'the tile "five" as it is larger');
  memory.release(tile);
  memory.tile("five", 5);
  memory.release(tile); // a second time: not given back twice
  assertThrows(() => memory.tile("six", 6), RangeError, "left are 20 B of 40 B");
  assertEquals(memory.peak, 24);
});

Deno.test("TwoLevelMemory computes nothing on what is not in the fast memory", () => {
  const memory = new TwoLevelMemory(40);
  const array = memory.place("array", new Float32Array(8));
  assertThrows(() => memory.read(array, 0, new Float32Array(2)), TypeError, "in the fast memory");
  const tile = memory.tile("tile", 4);
  assertThrows(() => memory.read(array, 5, tile), RangeError, '"array" of 8');
  assertThrows(() => memory.read(array, 0, tile, 5), RangeError, "in the tile of 4");
  assertThrows(() => memory.write(tile, array, 0, 2, 3), RangeError, "in the tile of 4");
  assertThrows(() => memory.read(array, 0, tile, 0), RangeError);
  assertThrows(() => new TwoLevelMemory(NaN), RangeError);
});
