import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  blockListOf,
  columnsPattern,
  drawPattern,
  fixedPattern,
  listedPairs,
  type Pattern,
  scalingExponent,
  sinkPattern,
  stridedPattern,
  unionOf,
  windowPattern,
} from "@fewer-bytes/attention";

const pairs = (sees: Pattern, n: number) =>
  listedPairs(blockListOf(sees, { queries: n, keys: n, blockSize: 1, causal: true }));

Deno.test("the strided pattern holds the sets of the paper: A1 the last l places, A2 those a multiple of l before", () => {
  const [n, l] = [30, 5];
  const rows = drawPattern(stridedPattern(l), n, { causal: true });
  for (let i = 0; i < n; i++) {
    const a1 = new Set(
      Array.from({ length: i - Math.max(0, i - l) + 1 }, (_, t) => Math.max(0, i - l) + t),
    );
    for (let j = 0; j <= i; j++) assertEquals(rows[i]![j] === "1", a1.has(j) || (i - j) % l === 0);
  }
});

Deno.test("the fixed pattern sees its own stretch and the last places of every stretch", () => {
  assertEquals(drawPattern(fixedPattern(3), 8, { causal: true }).slice(5), [
    "00111100",
    "00100110",
    "00100111",
  ]);
});

Deno.test("with a stride of √n any place reaches any earlier one in two steps", () => {
  for (const pattern of [stridedPattern(6), fixedPattern(6)]) {
    const rows = drawPattern(pattern, 36, { causal: true });
    for (let i = 0; i < 36; i++) {
      for (let j = 0; j <= i; j++) {
        assert(rows.some((_, middle) => rows[i]![middle] === "1" && rows[middle]![j] === "1"));
      }
    }
  }
});

Deno.test("columns with all offsets together see everything", () => {
  const all = unionOf(...[0, 1, 2].map((offset) => columnsPattern(3, offset)));
  assertEquals(drawPattern(all, 7), Array(7).fill("1111111"));
});

Deno.test("pairs grow with n for windows, with n√n for strides of √n, with n² for dense attention", () => {
  const sizes = [144, 576, 2304];
  const slope = (sees: (n: number) => Pattern) =>
    scalingExponent(sizes.map((n) => [n, pairs(sees(n), n)]));
  const streaming = unionOf(windowPattern({ before: 15 }), sinkPattern(4));
  assertAlmostEquals(slope(() => streaming), 1, 0.03);
  assertAlmostEquals(slope((n) => stridedPattern(Math.sqrt(n))), 1.5, 0.03);
  assertAlmostEquals(slope(() => () => true), 2, 0.01);
});

Deno.test("n log n shows as a little more than the first power", () => {
  const exponent = scalingExponent([1e3, 1e4, 1e5].map((n) => [n, n * Math.log(n)]));
  assert(exponent > 1.05 && exponent < 1.2);
});

Deno.test("strides that are none are refused", () => {
  assertThrows(() => stridedPattern(0), RangeError, "the stride");
  assertThrows(() => fixedPattern(2, 3), RangeError, "at most the stride of 2: current value is 3");
  assertThrows(() => columnsPattern(1.5), RangeError, "the stride");
  assertThrows(() => scalingExponent([[10, 1]]), RangeError);
});
