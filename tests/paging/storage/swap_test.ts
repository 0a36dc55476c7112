import { assert, assertEquals, assertThrows } from "@std/assert";
import { denseCache, forward } from "@fewer-bytes/lm";
import { PagedCache, PagedStorage, swapIn, swapOut } from "@fewer-bytes/paging";
import { tinyModel } from "../../lm/runtime/tiny.ts";
import { largestDifference } from "../../cache/fewer_tokens/drive.ts";

Deno.test("a sequence that was swapped out goes on in other blocks as if nothing had happened", () => {
  const model = tinyModel();
  const storage = new PagedStorage(model, 6, 2);
  const prompt = [3, 1, 4, 1, 5];
  const [expected] = forward(model, [{ tokens: [...prompt, 9], cache: denseCache(model) }]);
  const cache = new PagedCache(storage);
  forward(model, [{ tokens: prompt, cache }]);
  const away = swapOut(cache);
  assertEquals([away.tokens, away.bytes, storage.bytes], [5, 3 * storage.blockBytes, 0]);
  forward(model, [{ tokens: [8, 8, 8], cache: new PagedCache(storage) }]); // where it was
  const back = swapIn(storage, away);
  const [logits] = forward(model, [{ tokens: [9], cache: back }]);
  assert(largestDifference(logits!, expected!) < 1e-5);
});

Deno.test("swapping out leaves shared blocks to the others", () => {
  const model = tinyModel();
  const storage = new PagedStorage(model, 6, 2);
  const first = new PagedCache(storage);
  forward(model, [{ tokens: [1, 2, 3], cache: first }]);
  const second = first.fork();
  swapOut(second);
  assertEquals(storage.bytes, 2 * storage.blockBytes);
  const [logits] = forward(model, [{ tokens: [4], cache: first }]);
  const dense = denseCache(model);
  forward(model, [{ tokens: [1, 2, 3], cache: dense }]);
  assertEquals(logits, forward(model, [{ tokens: [4], cache: dense }])[0]);
});

Deno.test("swapIn() refuses, and changes nothing, when too few blocks are free", () => {
  const model = tinyModel();
  const storage = new PagedStorage(model, 3, 2);
  const cache = new PagedCache(storage);
  forward(model, [{ tokens: [1, 2, 3], cache }]);
  const away = swapOut(cache);
  forward(model, [{ tokens: [1, 2, 3], cache }]);
  assertThrows(
    () => swapIn(storage, away),
    RangeError,
    "2 blocks must be free: current number is 1",
  );
  assertEquals(storage.allocator.free, 1);
});
