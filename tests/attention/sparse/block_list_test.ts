import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  blockDensity,
  blockListOf,
  blockMask,
  coveringBlocks,
  everything,
  listedPairs,
  sinkPattern,
  unionOf,
  windowPattern,
} from "@fewer-bytes/attention";
import fc from "fast-check";

const grids = fc.record({
  queries: fc.integer({ min: 1, max: 20 }),
  more: fc.nat(10),
  blockSize: fc.integer({ min: 1, max: 7 }),
  causal: fc.boolean(),
}).map(({ queries, more, ...rest }) => ({ queries, keys: queries + more, ...rest }));
const rules = fc.func<[number, number], boolean>(fc.boolean());

Deno.test("blockMask() allows a pair exactly when the rule allows its blocks and causality does not hide it", () => {
  fc.assert(fc.property(grids, rules, (grid, sees) => {
    const { queries, keys, blockSize, causal } = grid;
    const list = blockListOf(sees, grid);
    const mask = blockMask(list);
    let pairs = 0;
    for (let q = 0; q < queries; q++) {
      for (let k = 0; k < keys; k++) {
        const hidden = causal && k > q + keys - queries;
        const expected = !hidden && sees(Math.floor(q / blockSize), Math.floor(k / blockSize));
        assertEquals(mask[q * keys + k], Number(expected));
        pairs += Number(expected);
      }
    }
    assertEquals(listedPairs(list), pairs);
  }));
});

Deno.test("a block list of everything has density 1, of nothing 0", () => {
  fc.assert(fc.property(grids, (grid) => {
    assertAlmostEquals(blockDensity(blockListOf(everything, grid)), 1);
    assertEquals(blockDensity(blockListOf(() => false, grid)), 0);
  }));
});

Deno.test("no list holds a block that causality hides wholly, and coveringBlocks() none without a pair", () => {
  fc.assert(fc.property(grids, rules, (grid, sees) => {
    const { blockSize, keys } = grid;
    const covering = coveringBlocks(sees, grid);
    covering.lists.forEach((list, row) => {
      for (const column of list) {
        const one = {
          ...covering,
          lists: covering.lists.map((_, r) => Uint32Array.from(r === row ? [column] : [])),
        };
        assert(listedPairs(one) > 0);
      }
      assert(list.every((column) => column * blockSize < keys));
    });
  }));
});

Deno.test("coveringBlocks() lists every block in which a rule over tokens allows a pair", () => {
  const grid = { queries: 19, keys: 19, blockSize: 4, causal: true };
  const sees = unionOf(windowPattern({ before: 5 }), sinkPattern(1));
  const { lists } = coveringBlocks(sees, grid);
  const touched = lists.map((_, row) => new Set<number>(row === 0 ? [0] : []));
  for (let q = 0; q < 19; q++) {
    for (let k = 0; k <= q; k++) if (sees(q, k)) touched[Math.floor(q / 4)]!.add(Math.floor(k / 4));
  }
  assertEquals(
    lists.map((list) => [...list]),
    touched.map((set) => [...set].sort((a, b) => a - b)),
  );
});

Deno.test("a block larger than the sequence is one block", () => {
  const list = blockListOf(everything, { queries: 3, keys: 3, blockSize: 64, causal: true });
  assertEquals(list.lists.map((row) => [...row]), [[0]]);
  assertEquals(listedPairs(list), 6);
});

Deno.test("grids that are none are refused", () => {
  assertThrows(
    () => blockListOf(everything, { queries: 4, keys: 4, blockSize: 0 }),
    RangeError,
    "blockSize",
  );
  assertThrows(
    () => blockListOf(everything, { queries: 0, keys: 4, blockSize: 2 }),
    RangeError,
    "queries",
  );
  assertThrows(
    () => blockListOf(everything, { queries: 5, keys: 4, blockSize: 2, causal: true }),
    RangeError,
    "keys must be a finite number >= 5",
  );
});
