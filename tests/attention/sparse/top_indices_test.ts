import { assert, assertEquals, assertThrows } from "@std/assert";
import { indicesOfMass, topIndices } from "@fewer-bytes/attention";
import fc from "fast-check";

// Few different numbers, so that ties are common.
const scores = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 20 });

Deno.test("topIndices() is a stable sort, cut off: among equals the earlier ones win", () => {
  fc.assert(fc.property(scores, fc.nat(25), (values, count) => {
    const sorted = values.map((value, index) => ({ value, index }))
      .sort((a, b) => b.value - a.value || a.index - b.index).slice(0, count).map(({ index }) =>
        index
      );
    assertEquals([...topIndices(values, count)], sorted.sort((a, b) => a - b));
  }));
});

Deno.test("topIndices() takes infinities for what they are, and refuses NaN", () => {
  assertEquals([...topIndices([-Infinity, 1, Infinity], 2)], [1, 2]);
  assertEquals([...topIndices([], 3)], []);
  assertThrows(() => topIndices([1, NaN], 1), RangeError, "one is NaN");
  assertThrows(() => topIndices([1], -1), RangeError, "their number");
});

const masses = fc.array(fc.nat(5), { minLength: 1, maxLength: 12 });

Deno.test("indicesOfMass() finds the fewest places that hold the share", () => {
  fc.assert(fc.property(masses, fc.nat(100), (values, percent) => {
    const chosen = indicesOfMass(values, percent / 100);
    const needed = percent / 100 * values.reduce((sum, value) => sum + value, 0);
    const held = [...chosen].reduce((sum, place) => sum + values[place]!, 0);
    assert(held >= needed - 1e-9);
    const most = values.toSorted((a, b) => b - a).slice(0, chosen.length - 1);
    assert(chosen.length === 0 || most.reduce((sum, value) => sum + value, 0) < needed);
  }));
});

Deno.test("indicesOfMass() counts what is always in, and takes it even for no share", () => {
  assertEquals([...indicesOfMass([4, 3, 2, 1], 0.5, [0])], [0, 1]);
  assertEquals([...indicesOfMass([4, 3, 2, 1], 0, [3])], [3]);
  assertEquals([...indicesOfMass([1, 1, 1, 1], 0.5)], [0, 1]);
});

Deno.test("masses and shares that are none are refused", () => {
  assertThrows(() => indicesOfMass([1, -1], 0.5), RangeError, "current value is -1");
  assertThrows(() => indicesOfMass([NaN], 0.5), RangeError, "every mass");
  assertThrows(() => indicesOfMass([1], 1.5), RangeError, "from 0 to 1: current value is 1.5");
});
