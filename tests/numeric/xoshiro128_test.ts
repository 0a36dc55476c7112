import { assertEquals } from "@std/assert";
import { splitMix32, xoshiro128 } from "../../lib/numeric/xoshiro128.ts";

Deno.test("xoshiro128() gives the words of the original implementation", () => {
  // First ten outputs of xoshiro128starstar.c, version 1.1, from the state {1, 2, 3, 4}, as the rand_xoshiro crate
  // quotes them in its tests.
  const next = xoshiro128([1, 2, 3, 4]);
  const expected = [
    11520,
    0,
    5927040,
    70819200,
    2031721883,
    1637235492,
    1287239034,
    3734860849,
    3729100597,
    4258142804,
  ];
  assertEquals(expected.map(() => next()), expected);
});

Deno.test("splitMix32() gives distinct words for neighboring seeds", () => {
  const words = Array.from({ length: 10_000 }, (_, seed) => splitMix32(seed)());
  assertEquals(new Set(words).size, words.length);
});
