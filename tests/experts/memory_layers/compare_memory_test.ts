import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findMemory } from "@fewer-bytes/catalog";
import { compareMemory, equalMixture, memoryParameters, valueSeconds } from "@fewer-bytes/experts";

const layer = {
  hiddenSize: 2048,
  halfKeys: 1024,
  keyDimension: 512,
  heads: 2,
  found: 16,
  valueDimension: 2048,
};

Deno.test("equalMixture() has the memory's arithmetic and its parameters", () => {
  const { total, active } = memoryParameters(layer);
  const { experts, expert } = equalMixture(layer, 8);
  assertAlmostEquals(8 * expert, active, 1e-6);
  assertAlmostEquals(experts * expert / total, 1, 0.001);
  const tiny = { ...layer, halfKeys: 4, found: 16, heads: 40, keyDimension: 2 };
  assertThrows(() => equalMixture(tiny, 8), RangeError, "at least 8 experts");
});

Deno.test("all three read alike for a token; then the dense layer least, and the mixture most until all is read", () => {
  const points = compareMemory(layer, 8, [1, 16, 256, 4096, 1e6]);
  const { total, active } = memoryParameters(layer);
  const [one] = points;
  assertAlmostEquals(one!.memory / one!.dense, 1, 0.001);
  assertAlmostEquals(one!.mixture / one!.dense, 1, 0.001);
  for (const { memory, dense, mixture } of points.slice(1, 4)) {
    assert(dense <= memory && memory < mixture);
  }
  assertEquals(new Set(points.map(({ dense }) => dense)), new Set([2 * active]));
  const last = points.at(-1)!;
  assertAlmostEquals(last.memory / (2 * total), 1, 0.001);
  assertAlmostEquals(last.mixture / (2 * total), 1, 0.001);
});

Deno.test("compareMemory() says what part of the bytes is values, and takes other formats", () => {
  const [one] = compareMemory(layer, 8, [1]);
  assertAlmostEquals(one!.values / (2 * 2 * 16 * 2048), 1, 1e-4);
  const [eight] = compareMemory(layer, 8, [1], "fp8");
  assertAlmostEquals(eight!.memory, one!.memory / 2, 1e-6);
});

Deno.test("valueSeconds() is the bandwidth for wide values, and a granule for each narrow one", () => {
  const hbm = { ...findMemory("hbm3e"), latency: 0 }, drive = findMemory("samsung-pm1743");
  assertAlmostEquals(valueSeconds(hbm, 1e6, 4096), 1e6 / hbm.bandwidth, 1e-12);
  assertAlmostEquals(valueSeconds(hbm, 1e6, 8), 4e6 / hbm.bandwidth, 1e-12); // 8 of 32 bytes are wanted
  // 2.5 million requests a second, whatever part of the page is wanted.
  assertAlmostEquals(valueSeconds(drive, 1000 * 512, 512), 80e-6 + 1000 / 2.5e6, 1e-9);
  assertThrows(() => valueSeconds(hbm, 0, 64), RangeError, "the bytes");
});
