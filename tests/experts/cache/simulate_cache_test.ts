import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { simulateCache } from "@fewer-bytes/experts";

function play(steps: readonly (readonly number[])[], slots: number, pinned?: Set<number>): number {
  let next = 0;
  const trial = { draw: () => steps[next++]!, slots, steps: steps.length, warmUp: 0 };
  return simulateCache(pinned ? { ...trial, pinned } : trial).misses * steps.length;
}

Deno.test("simulateCache() drops what was asked for longest ago", () => {
  // 1 2 are brought; 1 is there; 3 takes the place of 2; 2 is brought again, in place of 1.
  assertAlmostEquals(play([[1], [2], [1], [3], [2], [3]], 2), 4, 1e-9);
  // A loop over one more than fits misses each time.
  assertAlmostEquals(play([[1], [2], [3], [1], [2], [3]], 2), 6, 1e-9);
});

Deno.test("simulateCache() uses what is there before it brings the rest", () => {
  // 5 is brought in place of 1, although 1 is asked for in the same step: it was used already.
  assertAlmostEquals(play([[1, 2], [5, 6, 1], [6]], 2), 4, 1e-9);
});

Deno.test("simulateCache() never brings what is pinned, and always the rest", () => {
  assertEquals(play([[1, 2], [1, 3], [2, 3]], 1, new Set([1])), 4);
  assertEquals(play([[1], [1]], 0), 2);
});

Deno.test("simulateCache() refuses more pinned things than slots", () => {
  const trial = { draw: () => [1], slots: 1, steps: 1, pinned: new Set([1, 2]) };
  assertThrows(() => simulateCache(trial), RangeError, "fit in 1 slots: current number is 2");
  assertThrows(() => simulateCache({ ...trial, steps: 0 }), RangeError, "the steps");
});
