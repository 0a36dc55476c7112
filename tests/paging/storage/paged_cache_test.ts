import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  denseCache,
  forward,
  generate,
  type KeyValueCache,
  type LanguageModel,
  loadModel,
  type Work,
  writeStory,
} from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { auditBlocks, PagedCache, PagedStorage } from "@fewer-bytes/paging";
import { tinyModel } from "../../lm/runtime/tiny.ts";
import { largestDifference } from "../../cache/fewer_tokens/drive.ts";

const prompt = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];

Deno.test("the model gives the same tokens from pages as from the dense cache, in blocks of any size", async () => {
  for (const name of ["draft", "target"] as const) {
    const model = await loadModel(name);
    const story = writeStory(5, 80).tokens.subarray(0, 70);
    const options = { temperature: 1 };
    const expected = [...generate(model, story, 30, seeded(2), options)];
    for (const blockSize of name === "draft" ? [1, 7, 128] : [16]) {
      const cache = new PagedCache(new PagedStorage(model, Math.ceil(128 / blockSize), blockSize));
      assertEquals([...generate(model, story, 30, seeded(2), { ...options, cache })], expected);
      assertEquals(cache.length, 99);
    }
  }
});

Deno.test("PagedCache gives the dense cache's logits to the last bit, however its blocks are scattered", () => {
  const model = tinyModel();
  const dense = denseCache(model);
  const storage = new PagedStorage(model, 40, 2);
  const others = Array.from({ length: 3 }, () => new PagedCache(storage));
  const cache = new PagedCache(storage);
  for (const token of prompt) {
    const [expected] = forward(model, [{ tokens: [token], cache: dense }]);
    const [logits] = forward(model, [{ tokens: [token], cache }]);
    assertEquals(logits, expected);
    others.forEach((other, index) =>
      forward(model, [{ tokens: [(token + index) % 23], cache: other }])
    );
    others[token % 3]!.release();
  }
  const sorted = cache.table.blocks.toSorted((a, b) => a - b);
  assert(cache.table.blocks.some((block, index) => block !== sorted[index]), "they are scattered");
});

Deno.test("sequences of one pass share a storage, and each sees its own tokens only", () => {
  const model = tinyModel();
  const storage = new PagedStorage(model, 20, 3);
  const all = [prompt, prompt.slice(4), [7]];
  const paged = forward(model, all.map((tokens) => ({ tokens, cache: new PagedCache(storage) })));
  const dense = forward(model, all.map((tokens) => ({ tokens, cache: denseCache(model) })));
  assertEquals(paged, dense);
});

Deno.test("forks go on from the same prompt, each as if it had been alone, and the prompt's blocks are stored once", () => {
  const model = tinyModel();
  const storage = new PagedStorage(model, 20, 4);
  const first = new PagedCache(storage);
  forward(model, [{ tokens: prompt, cache: first }]);
  const forks = [first, first.fork(), first.fork()];
  assertEquals(storage.bytes, 3 * storage.blockBytes);
  for (const next of [[1, 2, 3], [4, 5, 6], [7, 7, 7]]) {
    forward(model, forks.map((cache, index) => ({ tokens: [next[index]!], cache })));
  }
  assertEquals(storage.copied, 2 * 2 * storage.blockBytes);
  forks.forEach((cache, index) => {
    const alone = denseCache(model);
    const tokens = [...prompt, ...[[1, 4, 7], [2, 5, 7], [3, 6, 7]][index]!];
    forward(model, [{ tokens, cache: alone }]);
    const ask = (cache: KeyValueCache) => forward(model, [{ tokens: [0], cache }])[0]!;
    assert(largestDifference(ask(cache), ask(alone)) < 1e-5);
  });
  assertEquals(auditBlocks(storage.allocator, forks.map(({ table }) => table.blocks)), []);
  for (const cache of forks) cache.release();
  assertEquals(storage.bytes, 0);
});

Deno.test("after a copy on write a fork reads its copy: what becomes of the shared block is no matter", () => {
  const model = tinyModel();
  const storage = new PagedStorage(model, 6, 4);
  const first = new PagedCache(storage);
  forward(model, [{ tokens: [1, 2, 3], cache: first }]);
  const fork = first.fork();
  forward(model, [{ tokens: [4], cache: fork }]);
  first.release();
  for (const arrays of [storage.keys, storage.values]) {
    for (const array of arrays) array.fill(NaN, 0, 4 * storage.width); // the block that was shared
  }
  const dense = denseCache(model);
  forward(model, [{ tokens: [1, 2, 3, 4], cache: dense }]);
  const [logits] = forward(model, [{ tokens: [5], cache: fork }]);
  assert(largestDifference(logits!, forward(model, [{ tokens: [5], cache: dense }])[0]!) < 1e-5);
});

Deno.test("PagedCache lets layers with a window see the window, as the dense cache does", () => {
  const full = tinyModel();
  const model: LanguageModel = {
    ...full,
    layers: full.layers.map((layer, index) => index === 1 ? { ...layer, window: 4 } : layer),
  };
  const dense = denseCache(model);
  const cache = new PagedCache(new PagedStorage(model, 8, 2));
  for (const token of prompt) {
    const [expected] = forward(model, [{ tokens: [token], cache: dense }]);
    const [logits] = forward(model, [{ tokens: [token], cache }]);
    // The dense cache has its window in another order, so sums round otherwise.
    assert(largestDifference(logits!, expected!) < 1e-5);
  }
});

Deno.test("reading pages moves what reading a dense cache does, and the table", () => {
  const model = tinyModel();
  const moved = (cache: PagedCache | ReturnType<typeof denseCache>) => {
    let bytes = 0;
    const trace = (name: string, { cache }: Work) => {
      if (name === "attention") bytes += cache;
    };
    forward(model, [{ tokens: [1, 2, 3, 4, 5], cache }], { trace });
    return bytes;
  };
  const paged = moved(new PagedCache(new PagedStorage(model, 9, 2)));
  // Five queries see one to five tokens in one, one, two, two and three blocks; in three layers.
  assertEquals(paged, moved(denseCache(model)) + 4 * 3 * (1 + 1 + 2 + 2 + 3));
});

Deno.test("PagedCache says when memory is full, and goes on when another sequence has left", () => {
  const model = tinyModel();
  const storage = new PagedStorage(model, 2, 2);
  const [a, b] = [new PagedCache(storage), new PagedCache(storage)];
  forward(model, [{ tokens: [1], cache: a }, { tokens: [2, 3], cache: b }]);
  assertEquals(storage.makeRoom(b.table.blocksNeeded(1)), false);
  assertThrows(
    () => forward(model, [{ tokens: [4], cache: b }]),
    RangeError,
    "a block must be free: all 2 are taken",
  );
  a.release();
  assertEquals([a.length, a.bytes], [0, 0]);
  const c = new PagedCache(storage);
  forward(model, [{ tokens: [4, 5], cache: c }]);
  assertEquals(c.bytes, storage.blockBytes);
});
