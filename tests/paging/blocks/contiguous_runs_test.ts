import { assert, assertEquals } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { BlockAllocator, BlockTable, contiguousRuns } from "@fewer-bytes/paging";

Deno.test("contiguousRuns() counts pieces in the order of the sequence", () => {
  assertEquals(contiguousRuns([]), 0);
  assertEquals(contiguousRuns([7]), 1);
  assertEquals(contiguousRuns([1, 2, 3]), 1);
  assertEquals(contiguousRuns([3, 2, 1]), 3);
});

Deno.test("a fresh memory gives contiguous blocks; where sequences grow side by side and end, tables scatter", () => {
  const random = seeded(1);
  const allocator = new BlockAllocator(1000, 16);
  const grow = (table: BlockTable) => {
    for (let token = 0; token < 16; token++) table.append();
  };
  const first = new BlockTable(allocator);
  for (let block = 0; block < 20; block++) grow(first);
  assertEquals(contiguousRuns(first.blocks), 1);
  const tables = Array.from({ length: 30 }, () => new BlockTable(allocator));
  for (let step = 0; step < 3000; step++) {
    const table = tables[random.integer(30)]!;
    if (table.blocks.length >= 20) table.release();
    grow(table);
  }
  const long = tables.filter(({ blocks }) => blocks.length >= 10);
  const runs = long.reduce((sum, { blocks }) => sum + contiguousRuns(blocks), 0);
  const blocks = long.reduce((sum, { blocks }) => sum + blocks.length, 0);
  assert(blocks / runs < 1.5, `${blocks / runs} blocks in a run`);
});
