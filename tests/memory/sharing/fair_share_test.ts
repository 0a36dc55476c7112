import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { cardRates, fairShares } from "@fewer-bytes/memory";

const demands = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 });

Deno.test("fairShares() is what water in joined vessels shows: poured drop by drop", () => {
  fc.assert(fc.property(demands, fc.integer({ min: 1, max: 300 }), (wanted, bandwidth) => {
    const poured = wanted.map(() => 0);
    const drop = 1 / 16;
    for (let left = bandwidth; left > 1e-9;) {
      const thirsty = wanted.flatMap((want, index) => poured[index]! < want - 1e-9 ? [index] : []);
      if (thirsty.length === 0) break;
      const part = Math.min(drop, left / thirsty.length);
      for (const index of thirsty) {
        const taken = Math.min(part, wanted[index]! - poured[index]!);
        poured[index]! += taken;
        left -= taken;
      }
    }
    fairShares(bandwidth, wanted).forEach((share, index) =>
      assertAlmostEquals(share, poured[index]!, 0.15)
    );
  }));
});

Deno.test("nobody gets more than wanted, nothing is left while somebody wants, no one has less than an equal part in vain", () => {
  fc.assert(fc.property(demands, fc.integer({ min: 1, max: 300 }), (wanted, bandwidth) => {
    const given = fairShares(bandwidth, wanted);
    const sum = given.reduce((all, share) => all + share, 0);
    assertAlmostEquals(sum, Math.min(bandwidth, wanted.reduce((all, want) => all + want, 0)), 1e-9);
    const most = Math.max(...given);
    given.forEach((share, index) => {
      assert(share <= wanted[index]!);
      if (share < wanted[index]!) assertAlmostEquals(share, most, 1e-9);
    });
  }));
});

Deno.test("a second card relieves readers who share one, whether interleaved or apart", () => {
  assertEquals(cardRates([30, 30], [30, 30], "apart"), [30, 30]);
  assertEquals(cardRates([30, 30], [50, 10], "apart"), [30, 10]);
  assertEquals(cardRates([30, 30], [50, 10]), [50, 10]); // interleaved, one reader may use both
  assertEquals(cardRates([30, 10], [Infinity]), [20]); // pages dealt out evenly wait for the slower card
});

Deno.test("shares refuse bandwidths and demands that are none", () => {
  assertThrows(() => fairShares(0, [1]), RangeError, "the bandwidth must be > 0");
  assertThrows(() => fairShares(1, [-1]), RangeError, "a demand");
  assertThrows(() => cardRates([], [1]), RangeError, "there must be one");
  assertThrows(() => cardRates([0, 1], [1]), RangeError, "the bandwidth of a card");
});
