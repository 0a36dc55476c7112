import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { balanceStreams, fillInOrder } from "@fewer-bytes/memory";

const tier = (capacity: number, bandwidth: number) => ({ name: "tier", capacity, bandwidth });
const whole = (max: number) => fc.integer({ min: 1, max });
const kind = fc.record({ footprint: whole(6), traffic: fc.integer({ min: 0, max: 20 }) });

Deno.test("balanceStreams() is the best of a grid of placements, and no place on it is better", () => {
  const steps = 12;
  fc.assert(
    fc.property(kind, kind, fc.tuple(whole(8), whole(8)), fc.tuple(whole(9), whole(9), whole(9)), (
      weights,
      cache,
      [first, second],
      bandwidths,
    ) => {
      const capacities = [first, second, 12];
      const { seconds, shares } = balanceStreams(
        capacities.map((capacity, index) => tier(capacity, bandwidths[index]!)),
        { weights, cache },
      );
      const splits: number[][] = [];
      for (let i = 0; i <= steps; i++) {
        for (let j = 0; j <= steps - i; j++) {
          splits.push([i / steps, j / steps, (steps - i - j) / steps]);
        }
      }
      const time = (w: readonly number[], c: readonly number[], slack: number) =>
        capacities.every((capacity, index) =>
            w[index]! * weights.footprint + c[index]! * cache.footprint <= capacity + slack
          )
          ? Math.max(
            ...bandwidths.map((rate, index) =>
              (w[index]! * weights.traffic + c[index]! * cache.traffic) / rate
            ),
          )
          : Infinity;
      assertAlmostEquals(time(shares[0]!, shares[1]!, 1e-6), seconds, 1e-6 + 1e-6 * seconds);
      let best = Infinity;
      for (const w of splits) for (const c of splits) best = Math.min(best, time(w, c, 1e-9));
      assert(seconds <= best + 1e-9, `${seconds} > ${best}`);
    }),
    { numRuns: 40 },
  );
});

Deno.test("a slow tier is never a burden: streams side by side are no slower than the fast tier alone", () => {
  fc.assert(fc.property(kind, kind, whole(9), whole(9), (weights, cache, fast, slow) => {
    const big = tier(12, fast);
    const both = balanceStreams([big, tier(12, slow)], { weights, cache }).seconds;
    const alone = balanceStreams([big], { weights, cache }).seconds;
    assertAlmostEquals(both, (weights.traffic + cache.traffic) / (fast + slow), 1e-9);
    assertAlmostEquals(alone, (weights.traffic + cache.traffic) / fast, 1e-9);
  }));
});

Deno.test("with little room in the fast tier the lazier kind leaves it, as when tiers are read in turn", () => {
  const tiers = [tier(80e9, 3e12), tier(500e9, 50e9)];
  const bytes = {
    weights: { footprint: 200e9, traffic: 20e9 },
    cache: { footprint: 40e9, traffic: 40e9 },
  };
  const balanced = balanceStreams(tiers, bytes);
  const ordered = fillInOrder(tiers, [bytes.weights, bytes.cache]);
  assertAlmostEquals(balanced.shares[0]![0]!, ordered.shares[0]![0]!, 1e-6);
  assertAlmostEquals(balanced.seconds, 16e9 / 50e9, 1e-6);
});

Deno.test("balanceStreams() refuses a shared link and what fits nowhere", () => {
  const link = { name: "link", bandwidth: 1 };
  const bytes = { weights: { footprint: 5, traffic: 5 }, cache: { footprint: 0, traffic: 0 } };
  assertThrows(
    () => balanceStreams([{ ...tier(9, 9), link }, { ...tier(9, 9), link }], bytes),
    RangeError,
    "must share a link",
  );
  assertThrows(() => balanceStreams([tier(4, 9)], bytes), RangeError, "must hold 5");
});
