import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import {
  drawExperts,
  evenChances,
  expertLoads,
  largestLoad,
  pickChances,
} from "@fewer-bytes/experts";
import { seeded } from "@fewer-bytes/numeric";
import { zipfShares } from "@fewer-bytes/paging";

Deno.test("largestLoad() is near the mean over all ways to throw six balls into four bins", () => {
  let sum = 0;
  for (let way = 0; way < 4 ** 6; way++) {
    const loads = [0, 0, 0, 0];
    for (let ball = 0, rest = way; ball < 6; ball++, rest = Math.floor(rest / 4)) {
      loads[rest % 4]!++;
    }
    sum += Math.max(...loads);
  }
  // Bins are not independent, and least so when they are few.
  assertAlmostEquals(largestLoad(evenChances(4, 1), 6).expected / (sum / 4 ** 6), 1, 0.08);
});

Deno.test("largestLoad() foretells the fullest expert of routed tokens", () => {
  for (const [experts, k, tokens, exponent] of [[64, 8, 128, 0], [32, 2, 64, 0.8]] as const) {
    const shares = zipfShares(experts, exponent);
    const draw = drawExperts(shares, k, seeded(23));
    let sum = 0;
    const steps = 200;
    for (let step = 0; step < steps; step++) {
      const routed = Array.from({ length: tokens }, () => ({ experts: draw() }));
      sum += Math.max(...expertLoads(routed, experts));
    }
    const { expected, overMean } = largestLoad(pickChances(shares, k), tokens);
    assertAlmostEquals(expected / (sum / steps), 1, 0.03);
    assertAlmostEquals(overMean, expected / (tokens * k / experts), 1e-9);
  }
});

Deno.test("largestLoad() is the mean when each token picks all, and evens out with tokens", () => {
  assertAlmostEquals(largestLoad(evenChances(6, 6), 50).overMean, 1, 1e-12);
  const over = (tokens: number) => largestLoad(evenChances(32, 2), tokens).overMean;
  assert(over(16) > over(64) && over(64) > over(1024) && over(1024) > 1);
  assertThrows(() => largestLoad([], 3), RangeError, "the number of experts");
  assertThrows(() => largestLoad([0.5], 0), RangeError, "the tokens");
});
