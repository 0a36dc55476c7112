import { assert, assertEquals, assertThrows } from "@std/assert";
import { PagedStorage } from "@fewer-bytes/paging";
import { tinyModel } from "../../lm/runtime/tiny.ts";
import { tinyLatentModel } from "../../lm/runtime/tiny_latent.ts";

Deno.test("PagedStorage.copy() copies keys and values of one block in all layers, and counts both directions", () => {
  const storage = new PagedStorage(tinyModel(), 3, 2); // 3 layers, width 8
  const arrays = [...storage.keys, ...storage.values];
  assertEquals(arrays.length, 6);
  arrays.forEach((array, index) => array.set(array.map((_, i) => 100 * index + i)));
  const before = arrays.map((array) => array.slice());
  storage.copy(1, 2);
  arrays.forEach((array, index) => {
    assertEquals(array.subarray(32, 48), before[index]!.subarray(16, 32));
    assertEquals(array.subarray(0, 32), before[index]!.subarray(0, 32));
  });
  assertEquals(storage.blockBytes, 3 * 2 * 2 * 8 * 4);
  assertEquals(storage.copied, 2 * storage.blockBytes);
});

Deno.test("PagedStorage.makeRoom() asks for as many blocks as are lacking, and says whether it helped", () => {
  const storage = new PagedStorage(tinyModel(), 4);
  assert(storage.makeRoom(4));
  const blocks = [0, 1, 2].map(() => storage.allocator.allocate());
  assertEquals(storage.bytes, 3 * storage.blockBytes);
  assertEquals(storage.makeRoom(2), false);
  const asked: number[] = [];
  storage.reclaim = (count) => {
    asked.push(count);
    storage.allocator.release(blocks.pop()!);
  };
  assertEquals(storage.makeRoom(1), true);
  assertEquals(storage.makeRoom(2), true);
  assertEquals(storage.makeRoom(4), false);
  assertEquals(asked, [1, 2]);
});

Deno.test("PagedStorage refuses latents, which it would keep twice, and memory without blocks", () => {
  assertThrows(() => new PagedStorage(tinyLatentModel(), 4), TypeError, "reads a latent");
  assertThrows(() => new PagedStorage(tinyModel(), 0), RangeError, "blocks");
});
