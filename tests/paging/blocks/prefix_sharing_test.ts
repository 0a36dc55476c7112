import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  BlockAllocator,
  BlockTable,
  prefixSharingBlocks,
  prefixSharingFormula,
} from "@fewer-bytes/paging";

Deno.test("prefixSharingBlocks() is what forked tables take", () => {
  fc.assert(fc.property(
    fc.nat(60),
    fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
    fc.integer({ min: 1, max: 20 }),
    (prefix, suffixes, blockSize) => {
      const allocator = new BlockAllocator(1000, blockSize);
      const prompt = new BlockTable(allocator);
      for (let token = 0; token < prefix; token++) prompt.append();
      const forks = suffixes.map(() => prompt.fork());
      prompt.release();
      forks.forEach((fork, index) => {
        for (let token = 0; token < suffixes[index]!; token++) fork.append();
      });
      const { shared, separate } = prefixSharingBlocks(prefix, suffixes, blockSize);
      assertEquals(shared, 1000 - allocator.free);
      assertEquals(separate, forks.reduce((sum, { blocks }) => sum + blocks.length, 0));
    },
  ));
});

Deno.test("with blocks of one token, sharing stores the prefix once, as the formula says", () => {
  const { shared, separate } = prefixSharingBlocks(500, [20, 30, 40], 1);
  assertAlmostEquals(
    shared,
    prefixSharingFormula.evaluate({ prefix: 500, requests: 3, suffix: 30 }),
  );
  assertEquals(separate, 3 * 500 + 90);
});

Deno.test("prefixSharingBlocks() takes no block for nobody, and refuses numbers that are not whole", () => {
  assertEquals(prefixSharingBlocks(10, []), { shared: 0, separate: 0 });
  assertThrows(() => prefixSharingBlocks(-1, [1]), RangeError, "the prefix");
  assertThrows(() => prefixSharingBlocks(1, [NaN]), RangeError, "a suffix");
  assertThrows(() => prefixSharingBlocks(1, [1], 0), RangeError, "blockSize");
});
