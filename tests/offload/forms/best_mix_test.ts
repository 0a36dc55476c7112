import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bestMix, bestMixFormula, mixCurve, mixSeconds } from "@fewer-bytes/offload";
import fc from "fast-check";

const time = fc.double({ min: 0, max: 10, noNaN: true });
const costs = fc.record({
  load: time,
  loadInput: time,
  recompute: time,
  rest: fc.double({ min: 0, max: 1000, noNaN: true }),
  weights: fc.double({ min: 0, max: 1000, noNaN: true }),
});
const tokens = fc.integer({ min: 0, max: 120 });

Deno.test("bestMix() is the best of all splits", () => {
  fc.assert(fc.property(tokens, costs, (count, each) => {
    let best = Infinity;
    for (let recomputed = 0; recomputed <= count; recomputed++) {
      best = Math.min(best, mixSeconds(count, recomputed, each));
    }
    const found = bestMix(count, each);
    assertAlmostEquals(found.seconds, best, 1e-9 * (1 + best));
    assertAlmostEquals(mixSeconds(count, found.recomputed, each), found.seconds, 1e-9);
  }));
});

Deno.test("bestMix() is the printed formula, rounded, where both sides can be done together", () => {
  const each = { load: 3, loadInput: 1, recompute: 2, rest: 50, weights: 20 };
  const exact = bestMixFormula.evaluate({ tokens: 100, input: 1, ...each });
  assert(Math.abs(bestMix(100, each).recomputed - exact) < 1);
});

Deno.test("bestMix() recomputes a share r of free inputs to be 1 / (1 - r) times as fast", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (load, recompute) => {
        const count = 100 * (load + recompute);
        const mix = bestMix(count, { load, loadInput: 0, recompute, rest: 0 });
        assertAlmostEquals(mix.speedup, 1 / (1 - mix.recomputed / count), 1e-9);
      },
    ),
  );
});

Deno.test("bestMix() recomputes nothing when the input is larger, or the device is the slower one", () => {
  fc.assert(fc.property(tokens, costs, (count, each) => {
    const larger = { ...each, loadInput: each.load + 1 };
    assertEquals(bestMix(count, larger).recomputed, 0);
    assertEquals(bestMix(count, { ...each, rest: 1e6 }).recomputed, 0);
  }));
});

Deno.test("mixCurve() runs from none to all, with the best between", () => {
  const each = { load: 2, loadInput: 1, recompute: 2, rest: 10 };
  const curve = mixCurve(60, each, 61);
  assertEquals([curve[0]!.recomputed, curve.at(-1)!.recomputed, curve[0]!.speedup], [0, 60, 1]);
  assertEquals(Math.min(...curve.map(({ seconds }) => seconds)), bestMix(60, each).seconds);
});

Deno.test("mixes refuse negative times", () => {
  const each = { load: 2, loadInput: 1, recompute: 2, rest: 10 };
  assertThrows(() => bestMix(1.5, each), RangeError, "tokens");
  assertThrows(() => bestMix(1, { ...each, rest: -1 }), RangeError, "rest");
  assertThrows(() => mixCurve(1, each, 1), RangeError, "points");
});
