import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { kivi, KiviCache } from "@fewer-bytes/cache";
import { bytesPerValue } from "@fewer-bytes/catalog";
import { cacheBytes } from "@fewer-bytes/transformer";
import fc from "fast-check";
import golden from "./fixtures/kivi_golden.json" with { type: "json" };
import { gap, logitsOf, model, someTokens, width } from "./runs.ts";

// Made by fixtures/kivi_golden.py: NumPy, written from the paper's description.
Deno.test("KiviCache holds what an implementation in NumPy holds, constant channels included", () => {
  const cache = new KiviCache(model, golden.grouping);
  golden.keys.forEach((keys, position) =>
    cache.append(0, {
      position,
      keys: Float32Array.from(keys),
      values: Float32Array.from(golden.values[position]!),
      hidden: new Float32Array(0),
    })
  );
  const { count, keys, values } = cache.read(0);
  assertEquals(count, 13);
  assertEquals(gap(keys, golden.cachedKeys.flat()) < 1e-6, true);
  assertEquals(gap(values, golden.cachedValues.flat()) < 1e-6, true);
  // 2 bits, and 32 for each group of 4, against 32 bits of what waits: of 13 tokens, 8 keys and 5 values are rounded.
  assertEquals([golden.roundedKeys, golden.roundedValues], [8, 5]);
  assertEquals(8 * cache.bytes, width * (13 * 10 + 13 * 32));
});

Deno.test("kivi() gives the bytes that KiviCache takes, as a mean over a window", () => {
  const groups = fc.integer({ min: 0, max: 3 });
  fc.assert(fc.property(groups, fc.constantFrom(2, 3, 4), fc.boolean(), (groups, bits, sliding) => {
    const grouping = { groupSize: 4, window: 4 * groups, sliding };
    const cache = new KiviCache(model, { bits, ...grouping });
    const method = kivi(bits, grouping);
    const cycle = Math.max(4, grouping.window);
    const row = Float32Array.from({ length: width }, (_, i) => Math.sin(i));
    let [measured, expected] = [0, 0];
    // Two windows to fill all that can wait, then all lengths of one cycle.
    for (let position = 0; position < 4 * cycle; position++) {
      for (let layer = 0; layer < 3; layer++) {
        cache.append(layer, { position, keys: row, values: row, hidden: row });
      }
      if (position < 3 * cycle) continue;
      measured += cache.bytes;
      expected += cacheBytes(model.shape, position + 1, { storage: "fp32", method });
    }
    assertAlmostEquals(measured, expected, 1e-9 * expected);
  }));
});

Deno.test("kivi() stores 3 bits where it says 2: a scale and a minimum for each 32 values", () => {
  assertEquals(8 * bytesPerValue(kivi(2).storage!), 3);
  assertEquals(8 * bytesPerValue(kivi(4, { groupSize: 128 }).storage!), 4.25);
});

Deno.test("KiviCache leaves keys alone until their group is full, even without a window", () => {
  const cache = new KiviCache(model, { bits: 1, groupSize: 4, window: 0, values: "channel" });
  const three = logitsOf(cache, someTokens(3));
  const dense = new KiviCache(model, { groupSize: 4, window: 100 });
  assertEquals(three, logitsOf(dense, someTokens(3)));
  assertEquals(cache.bytes, dense.bytes);
});

Deno.test("KiviCache takes other bits for keys than for values", () => {
  const cache = new KiviCache(model, { bits: { keys: 4, values: 2 }, groupSize: 4, window: 0 });
  logitsOf(cache, someTokens(8));
  assertEquals(8 * cache.bytes, 8 * 3 * width * (4 + 8 + 2 + 8));
});

Deno.test("KiviCache and kivi() refuse bits, groups and windows that cannot be", () => {
  const make = (options: ConstructorParameters<typeof KiviCache>[1]) => () =>
    new KiviCache(model, options);
  assertThrows(make({ bits: 9, groupSize: 4 }), RangeError, "bits must be at most 8");
  assertThrows(make({ bits: 0, groupSize: 4 }), RangeError, "bits");
  assertThrows(make({ groupSize: 3, window: 0 }), RangeError, "blocks of 3 must fill a row");
  assertThrows(make({ groupSize: 4, window: 6 }), RangeError, "whole groups of 4");
  assertThrows(make({ groupSize: 4, window: -4 }), RangeError, "window");
  assertThrows(make({ groupSize: 4, window: NaN }), RangeError, "window");
  assertThrows(() => kivi(5), RangeError, "current value is 5");
  assertThrows(() => kivi(2, { window: 100 }), RangeError, "whole groups of 32");
});
