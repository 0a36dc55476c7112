import { assert, assertEquals, assertThrows } from "@std/assert";
import { type EideticMemoryOptions, shareRecalled } from "@fewer-bytes/attention";
import { seeded } from "@fewer-bytes/numeric";

/** The mean over some seeds. */
const share = (distance: number, memory: EideticMemoryOptions, more = {}) => {
  const seeds = [1, 2, 3, 4, 5];
  const task = { facts: 8, distance, width: 32, ...more };
  return seeds.reduce((sum, seed) => sum + shareRecalled(task, memory, seeded(seed)), 0) / 5;
};

Deno.test("a window recalls what is in it, and guesses beyond", () => {
  assertEquals(share(24, { window: 32 }), 1);
  assert(share(64, { window: 32 }) < 0.4);
});

Deno.test("a fading memory recalls longer than a window of its size, and then forgets", () => {
  const fading = { window: 0, keep: 0.99 }; // 32 x 32 numbers: as many as 16 tokens with key and value
  assert(share(40, fading) > share(40, { window: 16 }));
  assert(share(1000, fading) < 0.4);
});

Deno.test("window, state and eidetic memory together recall at any distance what surprised, with 32 tokens held", () => {
  const all = { window: 16, eidetic: 16, keep: 0.99 };
  for (const distance of [20, 200, 2000]) assertEquals(share(distance, all), 1);
  assert(
    share(2000, { window: 32, keep: 0.99 }) < 0.4,
    "a window in place of the eidetic part does not",
  );
});

Deno.test("an eidetic memory fails where everything surprises, or where there are more facts than it holds", () => {
  const all = { window: 16, eidetic: 16, keep: 0.99 };
  assert(share(400, all, { repeated: 400 }) < 0.9);
  assert(share(400, all, { facts: 64 }) < 0.6);
});

Deno.test("shareRecalled() asks for whole numbers", () => {
  assertThrows(() => share(-1, { window: 1 }), RangeError, "the distance");
  assertThrows(() => share(1, { window: 1 }, { facts: 0 }), RangeError, "facts");
});
