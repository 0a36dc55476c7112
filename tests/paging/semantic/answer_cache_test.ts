import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AnswerCache } from "@fewer-bytes/paging";

const all = { threshold: -1, lifetime: Infinity, quota: Infinity };
const angle = (degrees: number) => [
  Math.cos(degrees * Math.PI / 180),
  Math.sin(degrees * Math.PI / 180),
];

Deno.test("AnswerCache finds the most similar question, whatever the lengths of the vectors", () => {
  const degrees = fc.array(fc.integer({ min: 0, max: 179 }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(degrees, fc.integer({ min: 0, max: 179 }), (stored, asked) => {
    const cache = new AnswerCache<number>(all);
    stored.forEach((at, time) => cache.store(angle(at).map((x) => x * (1 + time)), at, time));
    const found = cache.find(angle(asked), 100)!;
    const nearest = Math.min(...stored.map((at) => Math.abs(at - asked)));
    assertEquals(Math.abs(found.answer - asked), nearest);
    assertAlmostEquals(found.similarity, Math.cos(nearest * Math.PI / 180), 1e-12);
  }));
});

Deno.test("AnswerCache takes nothing below the threshold and nothing that is too old, and drops what is", () => {
  const cache = new AnswerCache<string>({
    threshold: Math.cos(Math.PI / 18) - 1e-9,
    lifetime: 5,
    quota: 9,
  });
  cache.store(angle(0), "a", 0);
  cache.store(angle(90), "b", 3);
  assertEquals(cache.find(angle(10), 1)?.answer, "a");
  assertEquals(cache.find(angle(11), 1), undefined);
  assertEquals(cache.find(angle(0), 5), undefined);
  assertEquals(cache.size, 1);
  assertEquals(cache.find(angle(90), 7.9)?.stored, 3);
});

Deno.test("AnswerCache keeps its quota, and lets the answer go that was not used for longest", () => {
  const cache = new AnswerCache<string>({ ...all, threshold: 0.99, quota: 2 });
  cache.store(angle(0), "a", 0);
  cache.store(angle(90), "b", 1);
  assert(cache.find(angle(0), 2));
  cache.store(angle(45), "c", 3);
  assertEquals(cache.size, 2);
  assertEquals([0, 90, 45].map((at) => cache.find(angle(at), 4)?.answer), ["a", undefined, "c"]);
});

Deno.test("AnswerCache refuses policies and vectors that are none", () => {
  assertThrows(() => new AnswerCache({ ...all, threshold: 1.1 }), RangeError, "from -1 to 1");
  assertThrows(() => new AnswerCache({ ...all, threshold: NaN }), RangeError, "from -1 to 1");
  assertThrows(() => new AnswerCache({ ...all, lifetime: 0 }), RangeError, "the lifetime");
  assertThrows(() => new AnswerCache({ ...all, quota: 1.5 }), RangeError, "the quota");
  const cache = new AnswerCache(all);
  assertThrows(() => cache.find([0, 0], 0), RangeError, "must have a length");
  assertThrows(() => cache.store([NaN], 1, 0), RangeError, "current length is NaN");
  assertEquals(cache.find([1], 0), undefined);
});
