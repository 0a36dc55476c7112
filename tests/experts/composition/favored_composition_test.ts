import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { favoredComposition, simulateCache } from "@fewer-bytes/experts";
import { compositionTime } from "@fewer-bytes/memory";
import { seeded } from "@fewer-bytes/numeric";
import { drawByShares, zipfShares } from "@fewer-bytes/paging";

const setup = { models: 150, bytes: 14e9, fast: 640e9, bandwidth: 64e9, run: 0.1 };

Deno.test("favoredComposition() of requests for all alike is the plain composition", () => {
  assertEquals(favoredComposition(setup, 0), compositionTime(setup));
});

Deno.test("favoredComposition() misses as a played memory of 45 models does", () => {
  for (const exponent of [0.5, 1, 1.5]) {
    const draw = drawByShares(zipfShares(150, exponent), seeded(13));
    const { misses } = simulateCache({ draw: () => [draw()], slots: 45, steps: 30_000 });
    const { missRate, seconds } = favoredComposition(setup, exponent);
    assertAlmostEquals(missRate, misses, 0.01);
    assertAlmostEquals(seconds, 0.1 + missRate * 14 / 64, 1e-9);
  }
});

Deno.test("the more a few are favored, the less a fast way to all models wins", () => {
  const speedup = (exponent: number) =>
    favoredComposition(setup, exponent).seconds /
    favoredComposition({ ...setup, bandwidth: 1000e9 }, exponent).seconds;
  for (const exponent of [0, 0.5, 1, 1.5]) assert(speedup(exponent) > speedup(exponent + 0.5));
  assertThrows(() => favoredComposition(setup, -1), RangeError, "the exponent");
  assertThrows(() => favoredComposition({ ...setup, fast: 1 }, 1), RangeError, "the fast memory");
});
