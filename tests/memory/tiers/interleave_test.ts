import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { balancedShares, interleavedBandwidth, wholeWeights } from "@fewer-bytes/memory";

const tier = (bandwidth: number) => ({ name: "tier", capacity: 1e12, bandwidth });
const rate = fc.double({ min: 1e9, max: 1e12, noNaN: true });

Deno.test("interleavedBandwidth() is what pages dealt out one by one take", () => {
  const tiers = [tier(300e9), tier(50e9)];
  const page = 4096, pages = 70_000;
  const busy = [0, 0];
  for (let index = 0; index < pages; index++) {
    const target = index % 7 < 6 ? 0 : 1;
    busy[target]! += page / tiers[target]!.bandwidth;
  }
  assertAlmostEquals(
    pages * page / Math.max(...busy),
    interleavedBandwidth(tiers, [6 / 7, 1 / 7]),
    1e3,
  );
});

Deno.test("balancedShares() add the bandwidths up, and no shares of a fine grid are faster", () => {
  fc.assert(
    fc.property(rate, rate, rate, (a, b, c) => {
      const tiers = [tier(a), tier(b), tier(c)];
      const best = interleavedBandwidth(tiers, balancedShares(tiers));
      assertAlmostEquals(best / (a + b + c), 1, 1e-9);
      for (let i = 0; i <= 20; i++) {
        for (let j = 0; j <= 20 - i; j++) {
          const shares = [i / 20, j / 20, (20 - i - j) / 20];
          assert(interleavedBandwidth(tiers, shares) <= best * (1 + 1e-9));
        }
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("wholeWeights() come to the balanced shares with longer turns, and never lose to the fast tier alone", () => {
  fc.assert(fc.property(rate, rate, (a, b) => {
    const tiers = [tier(a), tier(b)];
    const reached = [1, 4, 16].map((most) => {
      const weights = wholeWeights(tiers, most);
      const sum = weights.reduce((all, weight) => all + weight);
      assert(sum <= most);
      return interleavedBandwidth(tiers, weights.map((weight) => weight / sum));
    });
    assertAlmostEquals(reached[0]!, Math.max(a, b), 1);
    assert(reached[0]! <= reached[1]! && reached[1]! <= reached[2]!);
    assert(reached[2]! >= (a + b) * 0.9);
  }));
});

Deno.test("interleaving refuses shares that are none, and too many tiers", () => {
  assertThrows(() => interleavedBandwidth([tier(1)], [0.5]), RangeError, "add up to 1");
  assertThrows(() => interleavedBandwidth([tier(1)], [0.5, 0.5]), TypeError, "each of 1 tiers");
  assertThrows(() => wholeWeights([tier(1)], 0), RangeError, "the pages of a turn");
  assertThrows(() => wholeWeights(Array(4).fill(tier(1)), 2), RangeError, "1 to 3 tiers");
  assertEquals(balancedShares([tier(3), tier(1)]), [0.75, 0.25]);
});
