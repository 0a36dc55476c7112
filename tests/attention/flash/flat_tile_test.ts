import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fitTile, flatFootprint, flatRows } from "@fewer-bytes/attention";

Deno.test("flatRows() fits, and one row more would not", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 6000, max: 1e6 }),
      (keys, room) => {
        const shape = { queries: 1e9, keys, width: 32, valueWidth: 16 };
        const rows = flatRows(4 * room, shape);
        assert(flatFootprint({ rows, columns: 16 }, shape) <= room);
        assert(flatFootprint({ rows: rows + 1, columns: 16 }, shape) > room);
      },
    ),
  );
});

Deno.test("flatRows() has an end that the context decides, fitTile() has none", () => {
  const shape = (n: number) => ({ queries: n, keys: n, width: 64, valueWidth: 64 });
  const bytes = 100 * 1024;
  assertThrows(() => flatRows(bytes, shape(32768)), RangeError, "a row of scores");
  assertEquals(fitTile(bytes, shape(32768)), fitTile(bytes, shape(1024)));
});
