import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { auditBlocks, BlockAllocator, BlockTable, mapBlocks } from "@fewer-bytes/paging";

Deno.test("mapBlocks() names as many owners of a block as the allocator counts, and fills no more than there are tokens", () => {
  const action = fc.record({
    kind: fc.constantFrom("append", "fork", "release"),
    of: fc.nat(3),
    other: fc.nat(3),
  });
  fc.assert(fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
    const allocator = new BlockAllocator(12, 3);
    const tables = Array.from({ length: 4 }, () => new BlockTable(allocator));
    for (const { kind, of, other } of actions) {
      if (kind === "append") tables[of]!.append();
      if (kind === "release") tables[of]!.release();
      if (kind === "fork" && of !== other) {
        tables[other]!.release();
        tables[other] = tables[of]!.fork();
      }
    }
    const map = mapBlocks(allocator, Object.fromEntries(tables.entries()));
    assertEquals(
      map.map(({ owners }) => owners.length),
      map.map((_, block) => allocator.references(block)),
    );
    assertEquals(auditBlocks(allocator, tables.map(({ blocks }) => blocks)), []);
    for (const { blocks, length } of tables) {
      const room = blocks.reduce((sum, block) => sum + map[block]!.filled * 3, 0);
      // Another owner may have gone on in a block that both have.
      assertEquals(room >= length - 1e-9, true);
    }
  }));
});

Deno.test("mapBlocks() leaves free blocks without owner, and takes blocks without a length as full", () => {
  const allocator = new BlockAllocator(2, 4);
  const block = allocator.allocate();
  assertEquals(mapBlocks(allocator, { tree: { blocks: [block] } }), [
    { owners: ["tree"], filled: 1 },
    { owners: [], filled: 0 },
  ]);
});

Deno.test("mapBlocks() refuses a block that is not there", () => {
  assertThrows(
    () => mapBlocks(new BlockAllocator(2, 4), { lost: { blocks: [7] } }),
    RangeError,
    "each must be from 0 to 1: lost has 7",
  );
});
