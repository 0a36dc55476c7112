import { assert, assertEquals, assertThrows } from "@std/assert";
import { denseCache, forward, generate, loadModel, writeStory } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { auditBlocks, PagedStorage, RadixCache, type RunningRequest } from "@fewer-bytes/paging";
import { tinyModel } from "../../lm/runtime/tiny.ts";

Deno.test("the model gives the same tokens with a shared prefix that it did not compute as with a dense cache", async () => {
  const model = await loadModel("draft");
  const text = [...writeStory(9, 120).tokens.subarray(0, 100)];
  const questions = [[5, 6], [5, 7, 8], [], [9]].map((end) => [...text, ...end]);
  for (const blockSize of [1, 16]) {
    const prefixes = new RadixCache(new PagedStorage(model, 512 / blockSize, blockSize));
    for (const [index, prompt] of questions.entries()) {
      const expected = [...generate(model, prompt, 12, seeded(3), { temperature: 1 })];
      const request = prefixes.start(prompt);
      // The last token of a prompt is computed always; with pages of 16, up to fifteen more.
      const shared = [0, 101, 99, 100][index]!;
      assertEquals(request.hit, shared - shared % blockSize);
      const { cache, hit } = request;
      const rest = prompt.slice(hit);
      assertEquals([...generate(model, rest, 12, seeded(3), { temperature: 1, cache })], expected);
      prefixes.finish(request, [...prompt, ...expected.slice(0, -1)]);
    }
    const tree = [...prefixes.tree.nodes()].flatMap(({ blocks }) => [...blocks]);
    assertEquals(auditBlocks(prefixes.storage.allocator, [tree]), []);
  }
});

Deno.test("a prefix that another sequence left gives the logits of one that was computed anew, to the last bit", () => {
  const model = tinyModel();
  const prefixes = new RadixCache(new PagedStorage(model, 40, 1));
  const first = prefixes.start([1, 2, 3, 4]);
  forward(model, [{ tokens: [1, 2, 3, 4], cache: first.cache }]);
  prefixes.finish(first, [1, 2, 3, 4]);
  const second = prefixes.start([1, 2, 3, 9]);
  assertEquals(second.hit, 3);
  const [logits] = forward(model, [{ tokens: [9], cache: second.cache }]);
  const dense = denseCache(model);
  forward(model, [{ tokens: [1, 2, 3], cache: dense }]);
  assertEquals(logits, forward(model, [{ tokens: [9], cache: dense }])[0]);
});

/** A number that stands for a whole prefix, exactly in 32-bit floats. */
function stamp(tokens: readonly number[]): number {
  return tokens.reduce((hash, token) => (hash * 31 + token + 1) % 8_388_593, 7);
}

function machine(seed: number, blocks: number, blockSize: number, operations: number) {
  const model = tinyModel();
  const random = seeded(seed);
  const storage = new PagedStorage(model, blocks, blockSize);
  const { allocator } = storage;
  const prefixes = new RadixCache(storage);
  let running: { request: RunningRequest; tokens: number[] }[] = [];
  let promptTokens = 0, hitTokens = 0, dropped = 0, requests = 0;
  const leave = (chosen: typeof running[number], how: "finish" | "drop") => {
    if (how === "finish") prefixes.finish(chosen.request, chosen.tokens);
    else prefixes.drop(chosen.request);
    running = running.filter((other) => other !== chosen);
  };
  const append = (chosen: typeof running[number], token: number) => {
    const { cache } = chosen.request;
    if (!storage.makeRoom(cache.table.blocksNeeded(1))) {
      dropped++;
      leave(chosen, "drop");
      return false;
    }
    chosen.tokens.push(token);
    const row = new Float32Array(storage.width).fill(stamp(chosen.tokens));
    model.layers.forEach((_, layer) =>
      cache.append(layer, { position: cache.length, keys: row, values: row, hidden: row })
    );
    cache.advance(1);
    return true;
  };
  const check = () => {
    const tree = [...prefixes.tree.nodes()].flatMap(({ blocks }) => [...blocks]);
    const tables = running.map(({ request }) => request.cache.table.blocks);
    assertEquals(auditBlocks(allocator, [tree, ...tables]), []);
    for (const { request: { cache }, tokens } of running) {
      assertEquals(cache.length, tokens.length);
      tokens.forEach((_, token) => {
        const at = cache.table.place(token) * storage.width;
        const expected = stamp(tokens.slice(0, token + 1));
        for (const arrays of [storage.keys, storage.values]) {
          for (const array of arrays) assertEquals(array[at], expected);
        }
      });
    }
  };
  for (let operation = 0; operation < operations; operation++) {
    const chosen = running[random.integer(running.length + 1)];
    const draw = random.uniform();
    if (!chosen) {
      const prompt = Array.from({ length: 1 + random.integer(14) }, () => random.integer(2));
      const request = prefixes.start(prompt);
      requests++;
      promptTokens += prompt.length;
      hitTokens += request.hit;
      assert(request.hit < prompt.length && request.hit % blockSize === 0);
      const started = { request, tokens: prompt.slice(0, request.hit) };
      running.push(started);
      for (const token of prompt.slice(request.hit)) if (!append(started, token)) break;
    } else if (draw < 0.7) append(chosen, random.integer(2));
    else if (draw < 0.95) leave(chosen, "finish");
    else leave(chosen, "drop");
    if (operation % 2000 === 0) check();
  }
  check();
  assertEquals(prefixes.hits, { requests, promptTokens, hitTokens });
  for (const left of [...running]) leave(left, "finish");
  check();
  assertEquals(prefixes.tree.locked, 0);
  for (const block of prefixes.tree.evict(Infinity)) allocator.release(block);
  assertEquals(allocator.free, blocks);
  return { hitRate: hitTokens / promptTokens, dropped };
}

Deno.test("after 100,000 random operations tree and running requests own each block as often as is counted, and every hit holds its own prefix", () => {
  const { hitRate, dropped } = machine(1, 60, 1, 100_000);
  assert(hitRate > 0.2 && hitRate < 0.9, `${hitRate} of the prompts were found`);
  assert(dropped > 100, `${dropped} requests found no room`);
});

Deno.test("the same holds for pages of four tokens", () => {
  assert(machine(2, 20, 4, 20_000).hitRate > 0.05);
});

Deno.test("RadixCache gives up what nobody needs when a running request grows, and keeps the rest", () => {
  const model = tinyModel();
  const prefixes = new RadixCache(new PagedStorage(model, 8, 1));
  const run = (prompt: number[]) => {
    const request = prefixes.start(prompt);
    forward(model, [{ tokens: prompt.slice(request.hit), cache: request.cache }]);
    return request;
  };
  prefixes.finish(run([1, 2, 3]), [1, 2, 3]);
  prefixes.finish(run([7, 8, 9]), [7, 8, 9]);
  const request = run([1, 2, 3, 4, 5]); // takes 3 and needs 2: all eight are in use
  assertEquals([request.hit, prefixes.tree.size], [3, 6]);
  forward(model, [{ tokens: [6], cache: request.cache }]);
  assertEquals(prefixes.tree.size, 3);
  prefixes.finish(request, [1, 2, 3, 4, 5, 6]);
  assertEquals(prefixes.tree.size, 6);
});

Deno.test("RadixCache refuses empty prompts, tokens that were not computed, and requests that have ended", () => {
  const model = tinyModel();
  const prefixes = new RadixCache(new PagedStorage(model, 8, 2));
  assertThrows(() => prefixes.start([]), RangeError, "must have a token");
  const request = prefixes.start([1, 2]);
  forward(model, [{ tokens: [1, 2], cache: request.cache }]);
  assertThrows(() => prefixes.finish(request, [1, 2, 3]), RangeError, "its 3 tokens: it has 2");
  prefixes.finish(request, [1, 2]);
  assertThrows(() => prefixes.drop(request), RangeError, "Cannot drop a request as it must run");
});
