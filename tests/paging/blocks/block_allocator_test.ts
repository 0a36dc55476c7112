import { assertEquals, assertThrows } from "@std/assert";
import { BlockAllocator } from "@fewer-bytes/paging";

Deno.test("BlockAllocator gives every block once, the first ones first, and then none", () => {
  const allocator = new BlockAllocator(5, 16);
  assertEquals(Array.from({ length: 6 }, () => allocator.allocate()), [0, 1, 2, 3, 4, -1]);
  assertEquals(allocator.free, 0);
  assertEquals(allocator.release(3), true);
  assertEquals(allocator.allocate(), 3);
});

Deno.test("BlockAllocator frees a block when the last of its owners has left", () => {
  const allocator = new BlockAllocator(2, 16);
  const block = allocator.allocate();
  allocator.share(block);
  allocator.share(block);
  assertEquals(allocator.references(block), 3);
  assertEquals([1, 2, 3].map(() => allocator.release(block)), [false, false, true]);
  assertEquals([allocator.references(block), allocator.free], [0, 2]);
});

Deno.test("BlockAllocator refuses to share or release what nobody owns, or what does not exist", () => {
  const allocator = new BlockAllocator(2, 16);
  for (const block of [0, -1, 2, NaN, 0.5]) {
    assertThrows(() => allocator.release(block), RangeError, "it must have an owner: it has none");
    assertThrows(() => allocator.share(block), RangeError, `Cannot share block ${block}`);
    assertEquals(allocator.references(block), 0);
  }
  assertThrows(() => new BlockAllocator(-1, 16), RangeError, "blocks");
  assertThrows(() => new BlockAllocator(1, 0), RangeError, "blockSize");
});
