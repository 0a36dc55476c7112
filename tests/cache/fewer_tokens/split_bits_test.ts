import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { splitBits } from "@fewer-bytes/cache";

Deno.test("splitBits() is off by half a step at most: by all bits, and by the high ones", () => {
  const numbers = fc.float32Array({
    minLength: 1,
    maxLength: 20,
    noNaN: true,
    min: -100,
    max: 100,
  });
  const bits = fc.record({
    high: fc.integer({ min: 2, max: 8 }),
    low: fc.integer({ min: 1, max: 8 }),
  });
  fc.assert(fc.property(numbers, bits, (list, { high, low }) => {
    const largest = Math.max(...Array.from(list, Math.abs));
    // Zeros alone have no step to be off by; the next test is about them.
    fc.pre(largest > 0);
    const step = largest / (2 ** (high + low - 1) - 1);
    const split = splitBits(list, { high, low });
    list.forEach((number, i) => {
      assert(Math.abs(split.all[i]! - number) <= step * 0.501 + 1e-30);
      assert(Math.abs(split.high[i]! - split.all[i]!) <= step * (2 ** low - 1) * 0.501 + 1e-30);
    });
    // The high bits alone take no more values than they can tell apart.
    assert(new Set(split.high).size <= 2 ** high);
  }));
});

Deno.test("splitBits() gives zeros for zeros by all bits, and refuses what is no number", () => {
  assertEquals([...splitBits(new Float32Array(3), { high: 4, low: 4 }).all], [0, 0, 0]);
  assertThrows(
    () => splitBits(Float32Array.of(NaN), { high: 4, low: 4 }),
    RangeError,
    "every number must be finite: current value is NaN",
  );
  assertThrows(
    () => splitBits(new Float32Array(1), { high: 1, low: 4 }),
    RangeError,
    "high must be a finite number >= 2",
  );
  assertThrows(
    () => splitBits(new Float32Array(1), { high: 4, low: 9 }),
    RangeError,
    "low must be <= 8: current value is 9",
  );
});
