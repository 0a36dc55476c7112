import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { BlockAllocator, BlockCounter, BlockTable } from "@fewer-bytes/paging";

Deno.test("BlockCounter counts what an allocator with tables gives out, for sequences that grow and end", () => {
  const steps = fc.array(
    fc.record({ sequence: fc.nat(4), tokens: fc.integer({ min: 0, max: 20 }) }),
    { maxLength: 60 },
  );
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), steps, (blockSize, steps) => {
    const counter = new BlockCounter(12, blockSize);
    const allocator = new BlockAllocator(12, blockSize);
    const tables = Array.from({ length: 5 }, () => new BlockTable(allocator));
    for (const { sequence, tokens } of steps) {
      const table = tables[sequence]!;
      const before = table.length;
      if (tokens === 0) {
        counter.release(before);
        table.release();
      } else if (counter.grow(before, before + tokens)) {
        for (let token = 0; token < tokens; token++) assert(table.append() >= 0);
      } else assert(table.blocksNeeded(tokens) > allocator.free);
      assertEquals(counter.free, allocator.free);
    }
  }));
});

Deno.test("BlockCounter changes nothing when it refuses, and notices what is released twice", () => {
  const counter = new BlockCounter(4, 16);
  assertEquals(counter.grow(0, 65), false);
  assertEquals(counter.free, 4);
  assert(counter.grow(0, 64));
  counter.release(64);
  assertThrows(() => counter.release(1), RangeError, "at most 4 can be free: current value is 5");
  assertThrows(() => counter.release(NaN), RangeError);
  assertEquals(counter.grow(0, NaN), false);
  assertThrows(() => new BlockCounter(0, 16), RangeError, "blocks must be a finite number >= 1");
  assertThrows(() => new BlockCounter(4, 1.5), RangeError, "blockSize must be a whole number");
});
