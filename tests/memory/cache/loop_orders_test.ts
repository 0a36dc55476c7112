import { assertEquals, assertThrows } from "@std/assert";
import { loopAddresses, loopOrders } from "@fewer-bytes/memory";

Deno.test("loopAddresses() of two by two elements, by hand", () => {
  // A at 0, B at 4, C at 8, elements of one byte. Inner loop over k: C once, then A and B in turn.
  assertEquals([...loopAddresses({ order: "ijk", size: 2, element: 1 })], [
    ...[8, 0, 4, 1, 6],
    ...[9, 0, 5, 1, 7],
    ...[10, 2, 4, 3, 6],
    ...[11, 2, 5, 3, 7],
  ]);
  // Inner loop over j: A once, then B and C in turn.
  assertEquals([...loopAddresses({ order: "ikj", size: 2, element: 1 })].slice(0, 10), [
    ...[0, 4, 8, 5, 9],
    ...[1, 6, 8, 7, 9],
  ]);
});

Deno.test("all orders and tiles touch the same elements; the inner loop's matrices once a turn", () => {
  for (const order of loopOrders) {
    for (const tile of [2, 4, 8]) {
      const addresses = [...loopAddresses({ order, size: 8, tile })];
      assertEquals(new Set(addresses).size, 3 * 64);
      assertEquals(addresses.length, 2 * 8 ** 3 + 8 ** 3 / tile);
      assertEquals(Math.max(...addresses), 8 * (3 * 64 - 1));
    }
  }
});

Deno.test("loopAddresses() refuses a tile that does not divide and an order that is none", () => {
  const walk = (order: string, size: number, tile: number) => () => [
    ...loopAddresses({ order: order as "ijk", size, tile }),
  ];
  assertThrows(walk("ijk", 8, 3), RangeError, "the tile must divide the size, 8");
  assertThrows(walk("abc", 8, 8), RangeError, "one of ijk");
  assertThrows(walk("ijk", 0, 1), RangeError, "the size");
});
