import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { averageActive, shareRanges } from "@fewer-bytes/experts";
import fc from "fast-check";

const sizes = [7.6, 9.2, 27.2, 70.6, 72.7];

Deno.test("every mix lies within the ranges of its own average, and a fine grid comes close to their ends", () => {
  const weight = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(weight, { minLength: 5, maxLength: 5 }), (weights) => {
      const sum = weights.reduce((a, b) => a + b, 0);
      fc.pre(sum > 0.01);
      const shares = weights.map((value) => value / sum);
      const ranges = shareRanges(sizes, averageActive(sizes, shares));
      shares.forEach((share, model) => {
        assert(share >= ranges[model]!.least - 1e-9 && share <= ranges[model]!.most + 1e-9);
      });
    }),
  );
  // Three models, all mixes in steps of a five-hundredth that average within 0.05.
  const three = [10, 20, 70], found = three.map(() => ({ least: 1, most: 0 }));
  for (let a = 0; a <= 500; a++) {
    for (let b = 0; a + b <= 500; b++) {
      const shares = [a, b, 500 - a - b].map((part) => part / 500);
      if (Math.abs(averageActive(three, shares) - 40) > 0.05) continue;
      shares.forEach((share, model) => {
        found[model]!.least = Math.min(found[model]!.least, share);
        found[model]!.most = Math.max(found[model]!.most, share);
      });
    }
  }
  shareRanges(three, 40).forEach(({ least, most }, model) => {
    assertAlmostEquals(found[model]!.least, least, 0.005);
    assertAlmostEquals(found[model]!.most, most, 0.005);
  });
});

Deno.test("an average of one of the sizes may be that model alone, or none of it", () => {
  const [, middle] = shareRanges([10, 20, 30], 20);
  assert(middle!.least === 0 && middle!.most === 1);
  const [small, large] = shareRanges([10, 30], 10);
  assert(small!.least === 1 && large!.most === 0);
  const same = shareRanges([5, 5], 5);
  assert(same.every(({ least, most }) => least === 0 && most === 1));
});

Deno.test("averages refuse shares that are no whole, and what no mix can average to", () => {
  assertThrows(() => averageActive([1, 2], [1]), TypeError, "each of 2 models");
  assertThrows(() => averageActive([1, 2], [0.5, 0.4]), RangeError, "add up to 1");
  assertThrows(() => shareRanges(sizes, 80), RangeError, "current value is 80");
  assertThrows(() => shareRanges([0, 1], 1), RangeError, "a size");
});
