import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  drawExperts,
  pickChances,
  pinnedMisses,
  recentMisses,
  recentShareFormula,
  repeatDraws,
  simulateCache,
  stepChances,
} from "@fewer-bytes/experts";
import { seeded } from "@fewer-bytes/numeric";
import { zipfShares } from "@fewer-bytes/paging";
import fc from "fast-check";

/** The exact misses of single requests: every order of what was asked for last, by its chance (King, 1971). */
function exactMisses(shares: readonly number[], slots: number): number {
  let misses = 0;
  const walk = (recent: readonly number[], chance: number, left: number) => {
    if (recent.length === slots) {
      misses += chance * left;
      return;
    }
    shares.forEach((share, thing) => {
      if (!recent.includes(thing)) walk([...recent, thing], chance * share / left, left - share);
    });
  };
  walk([], 1, 1);
  return misses;
}

Deno.test("recentMisses() is within two percent of the exact law for a few things", () => {
  for (const exponent of [0.4, 0.8, 1.2]) {
    for (const slots of [2, 3, 4, 5]) {
      const shares = [...zipfShares(8, exponent)];
      const exact = exactMisses(shares, slots);
      assertAlmostEquals(recentMisses(shares, slots).misses, exact, 0.02);
    }
  }
});

Deno.test("recentMisses() is exact when all are asked for alike", () => {
  for (const slots of [0, 1, 5, 9, 10]) {
    assertAlmostEquals(recentMisses(zipfShares(10, 0), slots).missRate, 1 - slots / 10, 1e-9);
  }
  assertAlmostEquals(exactMisses([...zipfShares(10, 0)], 4), 0.6, 1e-9);
});

Deno.test("both foretell what a played cache brings, for tokens alone and together", () => {
  const shares = zipfShares(64, 1), k = 4;
  const chances = pickChances(shares, k);
  for (const [tokens, slots] of [[1, 8], [1, 32], [4, 24], [8, 16]] as const) {
    const one = drawExperts(shares, k, seeded(tokens * slots));
    const draw = () => [...new Set(Array.from({ length: tokens }, one).flat())];
    const asked = stepChances(chances, tokens);
    const played = simulateCache({ draw, slots, steps: 4000 });
    const expected = recentMisses(asked, slots);
    assertAlmostEquals(expected.asked / played.asked, 1, 0.02);
    const slack = slots < 2 * expected.asked ? 0.1 : 0.04;
    assertAlmostEquals(expected.misses / played.misses, 1, slack);
    const pinned = new Set(Array.from({ length: slots }, (_, thing) => thing));
    const still = simulateCache({ draw, slots, steps: 4000, pinned });
    assertAlmostEquals(pinnedMisses(asked, slots).misses / still.misses, 1, 0.05);
  }
});

Deno.test("recentMisses() of steps that repeat are those of the others, as a played cache shows", () => {
  const shares = zipfShares(32, 0.8);
  const draw = repeatDraws(drawExperts(shares, 2, seeded(8)), 0.4, seeded(9));
  const { misses } = simulateCache({ draw, slots: 10, steps: 20_000 });
  assertAlmostEquals(recentMisses(pickChances(shares, 2), 10, 0.4).misses / misses, 1, 0.03);
});

Deno.test("while steps are independent, nothing beats pinning the most popular", () => {
  const asked = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(fc.property(asked, fc.nat(30), (chances, slots) => {
    const recent = recentMisses(chances, slots), pinned = pinnedMisses(chances, slots);
    assert(pinned.misses <= recent.misses + 1e-9);
    assert(recent.misses >= -1e-12 && recent.misses <= recent.asked + 1e-9);
    assert(recentMisses(chances, slots + 1).misses <= recent.misses + 1e-9);
    const held = recent.held.reduce((a, b) => a + b, 0);
    const some = chances.filter((chance) => chance > 1e-6).length;
    if (slots <= some) assertAlmostEquals(held, slots, 1e-6);
  }));
});

Deno.test("what a cache of even things holds is what its formula prints", () => {
  const [q, slots] = [0.125, 3];
  const { held } = recentMisses(new Float64Array(8).fill(q), slots);
  const time = Math.log(1 - slots / 8) / Math.log(1 - q);
  assertAlmostEquals(held[0]!, recentShareFormula.evaluate({ q, time }), 1e-9);
});

Deno.test("a cache for all things misses none, one of no slots all; and nonsense is refused", () => {
  const chances = [0.5, 0.25, 0];
  assertEquals(recentMisses(chances, 2).misses, 0);
  assertEquals(recentMisses(chances, 0).missRate, 1);
  assertEquals(pinnedMisses(chances, 1).misses, 0.25);
  assertEquals(recentMisses([0, 0], 1).missRate, 0);
  // All are asked for in each step, and half of them fit: half are brought each time.
  assertAlmostEquals(recentMisses([1, 1, 1, 1], 2).misses, 2, 1e-6);
  assertThrows(() => recentMisses(chances, 1.5), RangeError, "the slots");
  assertThrows(() => recentMisses([2], 1), RangeError, "from 0 to 1");
  assertThrows(() => recentMisses([], 1), RangeError, "the number of chances");
  assertThrows(() => recentMisses(chances, 1, 1), RangeError, "below 1");
});
