import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { drawByShares, expectedHitRate, zipfShares } from "@fewer-bytes/paging";

/** The same counted: questions one after the other, against a plain list. */
function counted(
  shares: Float64Array,
  { capacity = Infinity, lifetime = Infinity },
  questions: number,
) {
  const draw = drawByShares(shares, seeded(1));
  const kept = new Map<number, number>(); // by last use, the oldest first; when it was computed
  let hits = 0, asked = 0;
  for (let time = 0; time < 2 * questions; time++) {
    const item = draw();
    const stored = kept.get(item);
    const hit = stored !== undefined && time - stored < lifetime;
    if (time >= questions) {
      asked++;
      if (hit) hits++;
    }
    kept.delete(item);
    kept.set(item, hit ? stored : time);
    if (kept.size > capacity) kept.delete(kept.keys().next().value!);
  }
  return hits / asked;
}

Deno.test("expectedHitRate() is what a cache by least recent use gives, from equal to very unequal questions", () => {
  for (const exponent of [0, 0.7, 1, 1.2]) {
    const shares = zipfShares(1000, exponent);
    for (const capacity of [20, 150]) {
      const expected = expectedHitRate(shares, { capacity });
      const found = counted(shares, { capacity }, 15_000);
      assert(Math.abs(expected - found) < 0.02, `${exponent}, ${capacity}: ${expected}, ${found}`);
    }
  }
});

Deno.test("expectedHitRate() is what answers that age give", () => {
  for (const exponent of [0, 0.9]) {
    const shares = zipfShares(500, exponent);
    for (const lifetime of [30, 400]) {
      const expected = expectedHitRate(shares, { lifetime });
      const found = counted(shares, { lifetime }, 15_000);
      assert(Math.abs(expected - found) < 0.02, `${exponent}, ${lifetime}: ${expected}, ${found}`);
    }
  }
});

Deno.test("equal questions hit as often as there is room, and both limits bound each other", () => {
  const shares = zipfShares(1000, 0);
  assertAlmostEquals(expectedHitRate(shares, { capacity: 250 }), 0.25, 1e-6);
  assertEquals(expectedHitRate(shares), 1);
  assertEquals(expectedHitRate(shares, { capacity: 1000 }), 1);
  const unequal = zipfShares(1000, 0.8);
  const both = expectedHitRate(unequal, { capacity: 50, lifetime: 100 });
  assert(both <= expectedHitRate(unequal, { capacity: 50 }));
  assert(both <= expectedHitRate(unequal, { lifetime: 100 }));
});

Deno.test("expectedHitRate() refuses limits that are none", () => {
  assertThrows(() => expectedHitRate([1], { capacity: 0 }), RangeError, "capacity");
  assertThrows(() => expectedHitRate([1], { lifetime: NaN }), RangeError, "lifetime");
});
