import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { xquantLatent, XQuantLatentCache } from "@fewer-bytes/cache";
import { denseCache } from "@fewer-bytes/lm";
import { cacheBytes } from "@fewer-bytes/transformer";
import { gap, logitsOf, model, someTokens } from "./runs.ts";

Deno.test("xquantLatent() gives the bytes that XQuantLatentCache takes, as a mean over a window", () => {
  const grouping = { groupSize: 4, window: 8 };
  const cache = new XQuantLatentCache(model, { bits: 2, ...grouping });
  let [measured, expected] = [0, 0];
  for (const [index, token] of someTokens(32).entries()) {
    logitsOf(cache, [token]);
    if (index < 24) continue;
    measured += cache.bytes;
    const method = xquantLatent(2, grouping);
    expected += cacheBytes(model.shape, index + 1, { storage: "fp32", method });
  }
  assertAlmostEquals(measured, expected, 1e-9 * expected);
});

Deno.test("XQuantLatentCache of a smaller rank takes fewer bytes, and is further off", () => {
  const tokens = someTokens(12);
  const whole = logitsOf(denseCache(model), tokens);
  const run = (rank: number) => {
    const cache = new XQuantLatentCache(model, { bits: 8, groupSize: 4, window: 0, rank });
    return { gap: gap(logitsOf(cache, tokens), whole), bytes: cache.bytes };
  };
  assertEquals(run(4).bytes, run(8).bytes / 2);
  assert(run(4).gap > 4 * run(8).gap);
});

Deno.test("XQuantLatentCache refuses ranks, groups and bits that cannot be", () => {
  assertThrows(() => new XQuantLatentCache(model, { rank: 9, groupSize: 4 }), RangeError, "rank");
  assertThrows(() => new XQuantLatentCache(model, { groupSize: 3, window: 0 }), RangeError, "3");
  assertThrows(() => xquantLatent(5), RangeError, "current value is 5");
  assertThrows(() => xquantLatent(4, { window: 100 }), RangeError, "whole groups of 128");
});
