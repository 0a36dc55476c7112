import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { type CacheEntry, DenseCache, type DenseCacheOptions } from "@fewer-bytes/lm";
import fc from "fast-check";

/** Entries of two numbers that tell their position. */
function entry(position: number): CacheEntry {
  const keys = Float32Array.of(position, 0.5);
  return { position, keys, values: Float32Array.of(position + 0.5, 0.25), hidden: keys };
}

function filled(tokens: number, options?: DenseCacheOptions): DenseCache {
  const cache = new DenseCache(1, 2, options);
  for (let position = 0; position < tokens; position++) cache.append(0, entry(position));
  cache.advance(tokens);
  return cache;
}

/** The first number of each token that a read gives. */
const firsts = (numbers: Float32Array, count: number) =>
  Array.from({ length: count }, (_, token) => numbers[2 * token]!);

Deno.test("DenseCache gives back every token, in order, however many there are", () => {
  const cache = filled(200);
  const { count, keys, values } = cache.read(0);
  assertEquals(firsts(keys, count), Array.from({ length: 200 }, (_, i) => i));
  assertEquals(firsts(values, count), firsts(keys, count).map((position) => position + 0.5));
  assertEquals([cache.length, cache.bytes], [200, 200 * 2 * 2 * 4]);
});

Deno.test("DenseCache keeps the newest of a window, in any order, each value beside its key", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 1, max: 150 }),
    (tokens, window) => {
      const cache = filled(tokens, { windows: [window] });
      const { count, keys, values } = cache.read(0);
      const newest = Array.from({ length: tokens }, (_, i) => i).slice(-window);
      assertEquals(firsts(keys, count).toSorted((a, b) => a - b), newest);
      assertEquals(firsts(values, count).map((value) => value - 0.5), firsts(keys, count));
      assertEquals([cache.length, cache.bytes], [tokens, newest.length * 2 * 2 * 4]);
    },
  ));
});

Deno.test("DenseCache keeps one array where keys hold the values", () => {
  const cache = filled(7, { shared: true });
  const { keys, values, count } = cache.read(0);
  assertStrictEquals(keys, values);
  assertEquals(firsts(keys, count), [0, 1, 2, 3, 4, 5, 6]);
  assertEquals(cache.bytes, 7 * 2 * 4);
});

Deno.test("DenseCache forgets the tokens behind a length, and goes on from there as if they had never been", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 200 }),
    fc.integer({ min: 0, max: 200 }),
    fc.integer({ min: 0, max: 50 }),
    fc.constantFrom<DenseCacheOptions>({}, { shared: true }, { windows: [400] }),
    (kept, refused, more, options) => {
      const cache = filled(kept + refused, options);
      cache.truncate(kept);
      assertEquals([cache.length, cache.bytes], [kept, filled(kept, options).bytes]);
      for (let position = kept; position < kept + more; position++) {
        cache.append(0, entry(position));
      }
      cache.advance(more);
      const { count, keys } = cache.read(0);
      assertEquals(firsts(keys, count), Array.from({ length: kept + more }, (_, i) => i));
    },
  ));
});

Deno.test("DenseCache refuses to forget what it does not have, or what a window needs that has moved on", () => {
  assertThrows(() => filled(3).truncate(4), RangeError, "must be <= 3: current value is 4");
  assertThrows(() => filled(3).truncate(-1), RangeError, "the length");
  const windowed = filled(5, { windows: [4] });
  assertThrows(() => windowed.truncate(4), RangeError, "layer 0 keeps 4 of 5");
  windowed.truncate(5); // nothing to forget
  assertEquals(windowed.length, 5);
});
