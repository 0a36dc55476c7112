import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { BuddyAllocator } from "@fewer-bytes/paging";

Deno.test("pieces never overlap, are powers of two at multiples of their size, and merge again when all are free", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (size, seed) => {
      const random = seeded(seed);
      const memory = new BuddyAllocator(size);
      const largest = 2 ** Math.floor(Math.log2(size));
      const pieces = new Map<number, number>();
      for (let step = 0; step < 200; step++) {
        const chosen = [...pieces.keys()][random.integer(pieces.size + 1)];
        if (chosen !== undefined) {
          memory.release(chosen);
          pieces.delete(chosen);
          assertEquals(memory.sizeAt(chosen), 0);
        } else {
          const asked = 1 + random.integer(Math.max(1, Math.floor(size / 3)));
          const at = memory.allocate(asked);
          if (at < 0) continue;
          const taken = memory.sizeAt(at);
          assert(taken >= asked && taken < 2 * asked && at % taken === 0 && at + taken <= size);
          for (const [other, length] of pieces) {
            assert(at + taken <= other || other + length <= at);
          }
          pieces.set(at, taken);
        }
        const used = [...pieces.values()].reduce((a, b) => a + b, 0);
        assertEquals(memory.free, size - used);
      }
      for (const at of pieces.keys()) memory.release(at);
      assertEquals(memory.allocate(largest), 0);
    }),
    { numRuns: 30 },
  );
});

Deno.test("memory can be free and of no use: no piece is large enough", () => {
  const memory = new BuddyAllocator(64);
  const pieces = Array.from({ length: 8 }, () => memory.allocate(8));
  for (const at of pieces.filter((_, index) => index % 2 === 0)) memory.release(at);
  assertEquals(memory.free, 32);
  assertEquals(memory.allocate(9), -1);
});

Deno.test("seven requests of 2,048 tokens fit into the 15,700 places of Kwon et al. 2023, whatever is left", () => {
  const memory = new BuddyAllocator(15_700);
  const places = Array.from({ length: 8 }, () => memory.allocate(2048));
  assertEquals(places.filter((at) => at >= 0).length, 7);
  assertEquals(memory.free, 15_700 - 7 * 2048);
});

Deno.test("BuddyAllocator refuses what was not allocated, and sizes that are none", () => {
  const memory = new BuddyAllocator(8);
  assertThrows(() => memory.release(0), RangeError, "it must be allocated: it is not");
  assertThrows(() => memory.allocate(0), RangeError, "size");
  assertEquals(memory.allocate(9), -1);
  assertThrows(() => new BuddyAllocator(2 ** 31), RangeError, "size must be <= 2^30");
  assertThrows(() => new BuddyAllocator(NaN), RangeError, "size");
});
