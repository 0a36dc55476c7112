import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fitTile, flashTraffic, tileFootprint } from "@fewer-bytes/attention";

const shapes = fc.record({
  queries: fc.integer({ min: 1, max: 400 }),
  keys: fc.integer({ min: 1, max: 400 }),
  width: fc.integer({ min: 1, max: 64 }),
  valueWidth: fc.integer({ min: 1, max: 64 }),
});

for (const order of ["queries outer", "keys outer"] as const) {
  Deno.test(`fitTile() with ${order} fits, and its long side could not be one longer`, () => {
    fc.assert(fc.property(shapes, fc.integer({ min: 4, max: 100_000 }), (shape, room) => {
      const smallest = tileFootprint({ rows: 1, columns: 1 }, shape);
      if (room < smallest) {
        assertThrows(() => fitTile(4 * room, shape, order), RangeError, `${4 * smallest} B`);
        return;
      }
      const tile = fitTile(4 * room, shape, order);
      assert(tileFootprint(tile, shape) <= room);
      const [longer, all] = order === "queries outer"
        ? [{ ...tile, rows: tile.rows + 1 }, tile.rows === shape.queries]
        : [{ ...tile, columns: tile.columns + 1 }, tile.columns === shape.keys];
      assert(all || tileFootprint(longer, shape) > room);
    }));
  });
}

Deno.test("fitTile() with a short side of 1 moves no more than any other tile that fits", () => {
  fc.assert(
    fc.property(
      shapes.filter(({ queries, keys }) => queries < 30 && keys < 30),
      fc.integer({ min: 300, max: 3000 }),
      (shape, room) => {
        const best = flashTraffic(shape, fitTile(4 * room, shape, "queries outer", 1));
        for (let rows = 1; rows <= shape.queries; rows++) {
          for (let columns = 1; columns < shape.keys; columns++) {
            if (tileFootprint({ rows, columns }, shape) > room) break;
            assert(best <= flashTraffic(shape, { rows, columns }));
          }
        }
      },
    ),
  );
});

Deno.test("tileFootprint() is what FlashAttention's four tiles need, with scores and two numbers a row", () => {
  assertEquals(
    tileFootprint({ rows: 3, columns: 5 }, { width: 7, valueWidth: 11 }),
    3 * 7 + 3 * 11 + 5 * 7 + 5 * 11 + 15 + 6,
  );
});
