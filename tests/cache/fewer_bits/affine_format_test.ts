import { assertEquals, assertThrows } from "@std/assert";
import { affineFormat, affineStorage, roundAffineGroup } from "@fewer-bytes/cache";
import { bytesPerValue } from "@fewer-bytes/catalog";

Deno.test("affineFormat() rounds each group of a row by itself, and leaves the row as it was", () => {
  const row = Float32Array.of(0, 0.4, 0.7, 3, -100, -40, 20, 200);
  const back = affineFormat(2, 4).roundTrip(row);
  const [first, second] = [row.slice(0, 4), row.slice(4)];
  roundAffineGroup(first, 0, 1, 4, 2);
  roundAffineGroup(second, 0, 1, 4, 2);
  assertEquals([...back], [...first, ...second]);
  assertEquals(row[1], Math.fround(0.4));
});

Deno.test("affineStorage() takes as many bits as affineFormat()", () => {
  for (const bits of [2, 3, 4, 8]) {
    for (const group of [16, 32, 128]) {
      assertEquals(
        8 * bytesPerValue(affineStorage(bits, group)),
        affineFormat(bits, group).bitsPerValue,
      );
    }
  }
});

Deno.test("affineFormat() refuses rows that groups do not fill, and other bits", () => {
  assertThrows(() => affineFormat(2, 4).roundTrip(new Float32Array(6)), RangeError, "groups of 4");
  assertThrows(() => affineFormat(0, 4), RangeError, "bits");
  assertThrows(() => affineFormat(2, 0), RangeError, "the group size");
  assertThrows(() => affineStorage(2, 0.5), RangeError, "the group size");
});
