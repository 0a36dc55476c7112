import { assertEquals } from "@std/assert";
import { auditBlocks, BlockAllocator } from "@fewer-bytes/paging";

Deno.test("auditBlocks() finds each way in which owners and references can disagree", () => {
  const allocator = new BlockAllocator(4, 16);
  const [a, b] = [allocator.allocate(), allocator.allocate()];
  allocator.share(a);
  assertEquals(auditBlocks(allocator, [[a, b], [a]]), []);
  assertEquals(auditBlocks(allocator, [[a, b]]), ["block 0 leaked: 2 references, 1 owner"]);
  assertEquals(auditBlocks(allocator, [[a, b], [a], [b]]), [
    "block 1 owned by too many: 1 reference, 2 owners",
  ]);
  assertEquals(auditBlocks(allocator, [[a, b], [a], [3]]), [
    "block 3 owned by too many: 0 references, 1 owner",
  ]);
  assertEquals(auditBlocks(allocator, [[a, a, b]]), ["block 0 is in one table twice"]);
});
