import { assertEquals, assertThrows } from "@std/assert";
import { resolveGrid } from "@fewer-bytes/quantization";

Deno.test("resolveGrid() gives 2^bits − 1 codes about zero, or all 2^bits from zero on", () => {
  for (let bits = 2; bits <= 16; bits++) {
    const symmetric = resolveGrid({ bits }, 1, 1);
    assertEquals(symmetric.highest - symmetric.lowest + 1, 2 ** bits - 1);
    assertEquals(symmetric.lowest, -symmetric.highest);
    const asymmetric = resolveGrid({ bits, symmetric: false }, 1, 1);
    assertEquals([asymmetric.lowest, asymmetric.highest + 1], [0, 2 ** bits]);
  }
});

Deno.test("resolveGrid() counts the values that share a scale: a row by default", () => {
  assertEquals(resolveGrid({ bits: 4 }, 3, 8).groupSize, 8);
  assertEquals(resolveGrid({ bits: 4, groupSize: "row" }, 3, 8).groupSize, 8);
  assertEquals(resolveGrid({ bits: 4, groupSize: "tensor" }, 3, 8).groupSize, 24);
  assertEquals(resolveGrid({ bits: 4, groupSize: 2 }, 3, 8).groupSize, 2);
});

Deno.test("resolveGrid() refuses bits outside 2 to 16, groups that do not divide a row, and other clips", () => {
  for (const bits of [1, 17, 3.5, NaN]) {
    assertThrows(() => resolveGrid({ bits }, 1, 8), RangeError, "bits must be");
  }
  for (const groupSize of [0, 3, 16, 1.5, NaN]) {
    assertThrows(
      () => resolveGrid({ bits: 4, groupSize }, 2, 8),
      RangeError,
      "the group size must",
    );
  }
  for (const clip of [0, -1, 1.01, NaN]) {
    assertThrows(() => resolveGrid({ bits: 4, clip }, 1, 8), RangeError, "clip must be");
  }
  assertThrows(() => resolveGrid({ bits: 4 }, 0, 8), RangeError, "rows must be");
  assertThrows(() => resolveGrid({ bits: 4 }, 8, 0), RangeError, "columns must be");
});
