import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { loopOrders, walkProduct } from "@fewer-bytes/memory";

Deno.test("a cache that holds all three matrices misses each line once, in every order", () => {
  for (const order of loopOrders) {
    const walked = walkProduct({ order, size: 16 }, { capacity: 6144, line: 64, ways: 96 });
    assertEquals([walked.misses, walked.capacity, walked.conflict], [96, 0, 0], order);
    assertAlmostEquals(walked.intensity, 2 * 16 ** 3 / 6144, 1e-9);
  }
});

Deno.test("rows of a power of two collide: a longer row of nothing mends what more bytes do not", () => {
  const cache = { capacity: 4096, line: 64, ways: 2 };
  const power = walkProduct({ order: "ijk", size: 64 }, cache);
  const odd = walkProduct({ order: "ijk", size: 63 }, cache);
  assert(power.missesPerTurn > odd.missesPerTurn);
});
