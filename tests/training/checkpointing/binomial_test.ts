import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  binomialForwards,
  binomialReach,
  binomialReachFormula,
  optimalSchedule,
  replay,
  uniformChain,
} from "@fewer-bytes/training";
import fc from "fast-check";

/** Griewank's recursion: walk to some state, keep it, reverse behind it, come back with it free again. */
function forwards(steps: number, states: number, known = new Map<string, number>()): number {
  if (steps === 1) return 0;
  if (states === 1) return steps * (steps - 1) / 2;
  const key = `${steps}, ${states}`;
  let best = known.get(key) ?? Infinity;
  if (best < Infinity) return best;
  for (let walked = 1; walked < steps; walked++) {
    const later = forwards(steps - walked, states - 1, known);
    best = Math.min(best, walked + later + forwards(walked, states, known));
  }
  known.set(key, best);
  return best;
}

Deno.test("binomialForwards() is Griewank's recursion in closed form, as in Algorithm 799", () => {
  for (let steps = 1; steps <= 60; steps++) {
    for (let states = 1; states <= 8; states++) {
      assertEquals(binomialForwards(steps, states), forwards(steps, states), `${steps} ${states}`);
    }
  }
});

Deno.test("binomialReach() is its printed formula", () => {
  for (let s = 1; s < 12; s++) {
    for (let r = 0; r < 12; r++) {
      assertEquals(binomialReach(s, r), binomialReachFormula.evaluate({ s, r }));
    }
  }
});

Deno.test("a chain as long as the reach computes no step more than r times before its reversal", () => {
  for (const [states, repetitions] of [[3, 2], [2, 3], [4, 2]] as const) {
    const chain = uniformChain(binomialReach(states, repetitions), {
      forward: 1,
      backward: 1,
      input: 1,
    });
    const { operations } = optimalSchedule(chain, states - 1)!;
    assert(Math.max(...replay(chain, operations).forwards) <= repetitions + 1);
  }
});

Deno.test("more states never cost more, and a longer chain never less", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 50 }), (l, s) => {
      assert(binomialForwards(l, s + 1) <= binomialForwards(l, s));
      assert(binomialForwards(l + 1, s) >= binomialForwards(l, s));
    }),
  );
});

Deno.test("no steps and no states are refused", () => {
  assertThrows(() => binomialForwards(0, 1), RangeError, "the steps");
  assertThrows(() => binomialForwards(5, 0), RangeError, "the states");
  assertThrows(() => binomialReach(1, -1), RangeError, "the repetitions");
});
