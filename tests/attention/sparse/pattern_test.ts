import { assertEquals, assertThrows } from "@std/assert";
import {
  drawPattern,
  everything,
  globalPattern,
  type Pattern,
  sinkPattern,
  unionOf,
  windowPattern,
} from "@fewer-bytes/attention";
import fc from "fast-check";
import { published } from "./support.ts";

const patterns: readonly Pattern[] = [
  everything,
  windowPattern({ before: 2 }),
  windowPattern({ before: 1, after: 3, dilation: 2 }),
  globalPattern([0, 5]),
  sinkPattern(2),
];

Deno.test("a window of blocks with global blocks is DeepSpeed's block version of Longformer", () => {
  const sees = unionOf(windowPattern({ before: 1, after: 1 }), globalPattern([0, 4]));
  assertEquals(drawPattern(sees, 8), published.longformer);
});

Deno.test("a dilated window sees the same number of places, so many times as far", () => {
  assertEquals(
    drawPattern(windowPattern({ before: 2, after: 1, dilation: 3 }), 10)[6],
    "1001001001",
  );
  fc.assert(
    fc.property(fc.nat(4), fc.nat(4), fc.integer({ min: 1, max: 4 }), (before, after, dilation) => {
      const row = drawPattern(windowPattern({ before, after, dilation }), 41)[20]!;
      assertEquals([...row].filter((sees) => sees === "1").length, before + after + 1);
      assertEquals(row.indexOf("1"), 20 - before * dilation);
    }),
  );
});

Deno.test("unionOf() allows what any allows, whatever the order and however often", () => {
  fc.assert(fc.property(fc.array(fc.nat(patterns.length - 1)), (picks) => {
    const picked = picks.map((pick) => patterns[pick]!);
    const union = drawPattern(unionOf(...picked), 9);
    assertEquals(drawPattern(unionOf(...picked.toReversed(), ...picked), 9), union);
    const drawings = picked.map((sees) => drawPattern(sees, 9).join(""));
    const expected = [...union.join("")].map((_, i) =>
      drawings.some((drawing) => drawing[i] === "1") ? "1" : "0"
    );
    assertEquals(union.join(""), expected.join(""));
  }));
});

Deno.test("no pattern at all allows nothing, and everything in causal order is the triangle", () => {
  assertEquals(drawPattern(unionOf(), 2), ["00", "00"]);
  assertEquals(drawPattern(everything, 3, { causal: true }), ["100", "110", "111"]);
  assertEquals(drawPattern(everything, 0), []);
});

Deno.test("global places see all and are seen by all; sinks are only seen", () => {
  assertEquals(drawPattern(globalPattern([1]), 3), ["010", "111", "010"]);
  assertEquals(drawPattern(sinkPattern(1), 3), ["100", "100", "100"]);
});

Deno.test("windows and places that are none are refused", () => {
  assertThrows(
    () => windowPattern({ before: -1 }),
    RangeError,
    "before must be a finite number >= 0",
  );
  assertThrows(() => windowPattern({ before: 1, dilation: 0 }), RangeError, "dilation");
  assertThrows(() => globalPattern([0.5]), RangeError, "a place");
  assertThrows(() => sinkPattern(NaN), RangeError, "their count");
});
