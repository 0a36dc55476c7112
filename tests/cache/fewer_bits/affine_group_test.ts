import { assert, assertEquals, assertThrows } from "@std/assert";
import { roundAffineGroup } from "@fewer-bytes/cache";
import fc from "fast-check";

const numbers = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), {
  minLength: 1,
  maxLength: 20,
});
const bits = fc.integer({ min: 1, max: 8 });

Deno.test("roundAffineGroup() is at most half a step off, and what 16 bits lose of the minimum", () => {
  fc.assert(fc.property(numbers, bits, (values, bits) => {
    const before = Float32Array.from(values);
    const after = before.slice();
    const step = roundAffineGroup(after, 0, 1, before.length, bits);
    const peak = Math.max(...before.map(Math.abs));
    // The minimum moves by up to 2^-11 of itself, and so may the last mark, by as much of the whole range.
    const slack = 2 ** -11 * 4 * peak + 1e-4;
    before.forEach((value, i) => assert(Math.abs(value - after[i]!) <= step / 2 + slack));
  }));
});

Deno.test("roundAffineGroup() keeps its step and its minimum in 16 bits", () => {
  const group = Float32Array.of(0.1, 0.45, 1);
  const step = roundAffineGroup(group, 0, 1, 3, 2);
  assertEquals(step, Math.f16round(0.3));
  assertEquals([...group], [0, 1, 3].map((code) => Math.fround(Math.f16round(0.1) + step * code)));
});

Deno.test("roundAffineGroup() leaves no more different values than there are codes", () => {
  fc.assert(fc.property(numbers, bits, (values, bits) => {
    const after = Float32Array.from(values);
    roundAffineGroup(after, 0, 1, after.length, bits);
    assert(new Set(after).size <= 2 ** bits);
  }));
});

Deno.test("roundAffineGroup() gives a constant group back, in 16 bits, and no NaN", () => {
  for (const value of [0, -3.25, 1e-9, 60_000]) {
    const group = new Float32Array(5).fill(value);
    assertEquals(roundAffineGroup(group, 0, 1, 5, 2), 0);
    assertEquals([...group], new Array(5).fill(Math.f16round(value)));
  }
});

Deno.test("roundAffineGroup() touches the values of its stride and no other", () => {
  const data = Float32Array.of(0.1, 10, 0.6, 20, 1, 30);
  roundAffineGroup(data, 0, 2, 3, 1);
  assertEquals([data[1], data[3], data[5]], [10, 20, 30]);
  assertEquals(new Set([data[0], data[2], data[4]]).size, 2);
});

Deno.test("roundAffineGroup() refuses what is not finite, and a range beyond 16-bit floats", () => {
  for (const bad of [NaN, Infinity, -Infinity, 70_000]) {
    const data = Float32Array.of(1, bad);
    assertThrows(() => roundAffineGroup(data, 0, 1, 2, 4), RangeError, "must fit 16-bit floats");
  }
});
