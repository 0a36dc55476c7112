import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { classifyMisses } from "@fewer-bytes/memory";

Deno.test("cold, capacity and conflict misses are all misses, and a full cache has no conflicts", () => {
  const trace = fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 200 });
  fc.assert(fc.property(trace, fc.constantFrom(1, 2, 16), (addresses, ways) => {
    const causes = classifyMisses(addresses, { capacity: 256, line: 16, ways });
    assertEquals(causes.cold + causes.capacity + causes.conflict, causes.misses);
    assertEquals(causes.cold, new Set(addresses.map((address) => address >> 4)).size);
    if (ways === 16) assertEquals(causes.conflict, 0);
  }));
});

Deno.test("two sweeps over five lines in four: all miss again, which is capacity", () => {
  const sweep = [0, 16, 32, 48, 64];
  const { misses, cold, capacity, conflict } = classifyMisses([...sweep, ...sweep], {
    capacity: 64,
    line: 16,
    ways: 4,
  });
  assertEquals([misses, cold, capacity, conflict], [10, 5, 5, 0]);
});

Deno.test("sets may keep what a full order of use throws out: conflicts below zero", () => {
  // Direct-mapped, lines 1 to 3 stay through the second sweep; only 0 and 4 want the same set.
  const sweep = [0, 16, 32, 48, 64];
  const { misses, conflict } = classifyMisses([...sweep, ...sweep], {
    capacity: 64,
    line: 16,
    ways: 1,
  });
  assertEquals([misses, conflict], [7, -3]);
});
