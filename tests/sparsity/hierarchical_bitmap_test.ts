import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { packHierarchical, unpackHierarchical } from "@fewer-bytes/sparsity";

const someRatios = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
const someValues = someRatios.chain((ratios) => {
  const length = 3 * ratios.reduce((product, ratio) => product * ratio, 1);
  return fc.tuple(
    fc.constant(ratios),
    fc.array(fc.constantFrom(0, 0, 0, 0, 7), { minLength: length, maxLength: length }),
  );
});

Deno.test("unpackHierarchical() gives back what packHierarchical() packed", () => {
  fc.assert(fc.property(someValues, ([ratios, values]) => {
    const packed = packHierarchical(Float32Array.from(values), ratios);
    assertEquals(Array.from(unpackHierarchical(packed)), values);
  }));
});

Deno.test("packHierarchical() stores below a bit only when it is set, and the whole of the top", () => {
  fc.assert(fc.property(someValues, ([ratios, values]) => {
    const { levels, values: stored } = packHierarchical(Float32Array.from(values), ratios);
    const ones = levels.map((level) => level.filter((bit) => bit).length);
    assertEquals(levels.at(-1)!.length, 3);
    levels.slice(0, -1).forEach((level, i) =>
      assertEquals(level.length, ones[i + 1]! * ratios[i + 1]!)
    );
    assertEquals(stored.length, ones[0]! * ratios[0]!);
  }));
});

Deno.test("packHierarchical() of nothing but zeros is the top level alone", () => {
  const { levels, values } = packHierarchical(new Float32Array(64), [2, 4, 8]);
  assertEquals([levels.map(({ length }) => length), values.length], [[0, 0, 1], 0]);
});

Deno.test("packHierarchical() refuses ratios that do not divide, and none at all", () => {
  assertThrows(() => packHierarchical(new Float32Array(6), [4]), RangeError, "multiple of 4");
  assertThrows(() => packHierarchical(new Float32Array(6), []), RangeError, "number of levels");
  assertThrows(() => packHierarchical(new Float32Array(6), [1.5]), RangeError, "a ratio");
});
