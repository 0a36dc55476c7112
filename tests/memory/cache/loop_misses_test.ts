import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { loopOrders, missesPerTurn, tiledMisses, walkProduct } from "@fewer-bytes/memory";

// The authority for all closed forms is the cache, walked through address by address.
const size = 64;

Deno.test("missesPerTurn() is what a cache without room for a row shows, for all orders", () => {
  for (const order of loopOrders) {
    const walked = walkProduct({ order, size }, { capacity: 256, line: 64, ways: 4 });
    assertAlmostEquals(walked.missesPerTurn, missesPerTurn(order, 8), 0.04, order);
  }
});

Deno.test("missesPerTurn() is what a cache with room for rows shows, though not for a column", () => {
  for (const order of loopOrders) {
    const walked = walkProduct({ order, size }, { capacity: 2560, line: 64, ways: 40 });
    assertAlmostEquals(walked.missesPerTurn, missesPerTurn(order, 8, true), 0.04, order);
  }
});

Deno.test("tiledMisses() is exact with room for five blocks, for all orders, and nearly so with room for three", () => {
  for (const order of loopOrders) {
    for (const [size, tile] of [[32, 8], [48, 16]] as const) {
      const misses = (blocks: number) => {
        const ways = blocks * tile * tile / 8;
        return walkProduct({ order, size, tile }, { capacity: 64 * ways, line: 64, ways }).misses;
      };
      const expected = tiledMisses(size, tile, 8);
      assertEquals(misses(5), expected, `${order} ${tile}`);
      assert(misses(3) < 1.4 * expected, `${order} ${tile}`);
    }
  }
});

Deno.test("closed forms refuse what does not divide", () => {
  assertThrows(() => tiledMisses(32, 12, 8), RangeError, "the lines of a row of a block");
  assertThrows(() => tiledMisses(40, 16, 8), RangeError, "the blocks of a row");
  assertThrows(() => missesPerTurn("ijk", 0), RangeError, "the elements of a line");
});
