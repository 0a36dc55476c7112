import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { visiblePairs } from "@fewer-bytes/transformer";
import { tilePlaces } from "@fewer-bytes/attention";
import { anySizes, anyTile } from "./random_inputs.ts";

const orders = fc.constantFrom("queries outer" as const, "keys outer" as const);

Deno.test("tilePlaces() covers every pair once, and skips only what is hidden", () => {
  fc.assert(fc.property(anySizes, anyTile, orders, fc.boolean(), (sizes, tile, order, causal) => {
    const { places, skipped } = tilePlaces({ ...sizes, causal }, tile, order);
    const count = new Uint8Array(sizes.queries * sizes.keys);
    for (const [list, mark] of [[places, 1], [skipped, 2]] as const) {
      for (const { row, rows, column, columns } of list) {
        for (let i = row; i < row + rows; i++) {
          for (let j = column; j < column + columns; j++) count[i * sizes.keys + j]! += mark;
        }
      }
    }
    for (let i = 0; i < sizes.queries; i++) {
      for (let j = 0; j < sizes.keys; j++) {
        const hidden = causal && j > i + sizes.keys - sizes.queries;
        const mark = count[i * sizes.keys + j]!;
        assert(mark === 1 || mark === 2 && hidden);
      }
    }
  }));
});

Deno.test("tilePlaces() with tiles of one pair visits exactly the visible pairs", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 30 }), orders, (n, order) => {
    const shape = { queries: n, keys: n, causal: true };
    const { places } = tilePlaces(shape, { rows: 1, columns: 1 }, order);
    assertEquals(places.length, visiblePairs(n, 0));
  }));
});

Deno.test("tilePlaces() begins and finishes each row of tiles once, and lists rows that see nothing", () => {
  fc.assert(fc.property(anySizes, anyTile, orders, fc.boolean(), (sizes, tile, order, causal) => {
    const { places, unseen } = tilePlaces({ ...sizes, causal }, tile, order);
    const rows = (list: readonly { row: number }[]) =>
      list.map(({ row }) => row).sort((a, b) => a - b);
    const all = Array.from(
      { length: Math.ceil(sizes.queries / tile.rows) },
      (_, i) => i * tile.rows,
    );
    assertEquals(rows([...places.filter(({ first }) => first), ...unseen]), all);
    assertEquals(rows([...places.filter(({ last }) => last), ...unseen]), all);
  }));
});
