import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findAccessPath, findMemory } from "@fewer-bytes/catalog";
import { accessLatency } from "@fewer-bytes/memory";

Deno.test("the way to CXL memory adds up to what older extenders were measured at: some 250 ns", () => {
  const { least, most } = accessLatency(findAccessPath("cxl-direct"));
  assert(least < 250e-9 && 250e-9 < most, `${least} to ${most}`);
  const pooled = accessLatency(findAccessPath("cxl-switched"));
  assertAlmostEquals(pooled.least - least, 50e-9, 1e-15);
  assert(pooled.most < findMemory("samsung-cmm-b").latency!); // a box with a switch and a cable: 596 ns
});

Deno.test("parts follow each other, and some of them are a part of the sum", () => {
  const path = {
    name: "by hand",
    parts: [{ name: "a", least: 1, most: 2 }, { name: "b", least: 3, most: 5 }],
  };
  const { least, most, parts } = accessLatency(path);
  assertEquals([least, most], [4, 7]);
  assertEquals(parts.map(({ begin }) => begin), [0, 1]);
  assertEquals(accessLatency(path, ["b"]).most, 5);
});

Deno.test("a part that is none, or takes less than nothing, is refused", () => {
  const path = findAccessPath("cxl-direct");
  assertThrows(() => accessLatency(path, ["magic"]), RangeError, "its parts are host controller");
  const broken = (least: number, most: number) => () =>
    accessLatency({ name: "x", parts: [{ name: "a", least, most }] });
  assertThrows(broken(-1, 1), RangeError, "a must be a finite number >= 0");
  assertThrows(broken(2, 1), RangeError, "a must be a finite number >= 2");
});
