import { assertAlmostEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type BaseUnit, parseQuantity } from "@fewer-bytes/units";

Deno.test("parseQuantity() keeps decimal, binary and bit prefixes apart", () => {
  // Definitions: IEC 80000-13 for the binary prefixes, SI for the decimal ones, 8 bits a byte.
  const cases: [string, BaseUnit, number][] = [
    ["1 GB", "B", 1e9],
    ["1 GiB", "B", 2 ** 30],
    ["1 Gb", "B", 1.25e8],
    ["1 Gib", "B", 2 ** 27],
    ["50 MB", "B", 5e7],
    ["900 GB/s", "B/s", 9e11],
    ["6.4 Gb/s", "B/s", 8e8],
    ["989.4 TFLOP/s", "FLOP/s", 989.4e12],
    ["1978.9 TOP/s", "FLOP/s", 1978.9e12],
    ["1.5 GHz", "Hz", 1.5e9],
    ["20 ms", "s", 0.02],
    ["5 pJ", "J", 5e-12],
    ["700 W", "W", 700],
    ["4096 tokens", "token", 4096],
    ["50 tokens/s", "token/s", 50],
    ["562 FLOP/B", "FLOP/B", 562],
  ];
  for (const [text, unit, expected] of cases) {
    assertAlmostEquals(parseQuantity(text, unit), expected, expected * 1e-12, text);
  }
});

Deno.test("parseQuantity() refuses a time where data is wanted, and names the text", () => {
  assertThrows(() => parseQuantity("3 s", "B"), RangeError, 'current value is "3 s"');
  assertThrows(() => parseQuantity("3 GB", "B/s"), RangeError, "a bandwidth such as");
  assertThrows(() => parseQuantity("3 GB/s", "FLOP/s"), RangeError, "another dimension");
});

Deno.test("parseQuantity() refuses text that is no quantity", () => {
  for (const text of ["", "GB", "eighty GB", "80", "80 GX", "80 GB 3", "NaN GB"]) {
    assertThrows(() => parseQuantity(text, "B"), Error, JSON.stringify(text));
  }
  assertThrows(() => parseQuantity(80 as unknown as string, "B"), TypeError);
  assertThrows(() => parseQuantity("1e999 GB", "B"), RangeError, "not finite");
});

Deno.test("parseQuantity() reads back any finite number of bytes", () => {
  fc.assert(fc.property(fc.double({ min: 1e-3, max: 1e15, noNaN: true }), (value) => {
    assertAlmostEquals(parseQuantity(`${value} B`, "B"), value, value * 1e-12);
  }));
});
