import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { codebookFormat, nearestCode } from "@fewer-bytes/quantization";

/** Between −1 and 1, in steps of 2⁻²⁰: powers of two can scale it, and nothing is lost. */
const number = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((steps) => steps / 2 ** 20);

const value = fc.double({ min: -2, max: 2, noNaN: true });
const book = fc.uniqueArray(value, { minLength: 1, maxLength: 40 })
  .map((levels) => levels.toSorted((a, b) => a - b));

Deno.test("nearestCode() finds what a search through all entries finds", () => {
  fc.assert(fc.property(book, value, (levels, x) => {
    const distances = levels.map((level) => Math.abs(level - x));
    assertEquals(distances[nearestCode(levels, x)], Math.min(...distances));
  }));
});

Deno.test("nearestCode() is monotone, and takes the lower entry halfway", () => {
  fc.assert(fc.property(book, value, value, (levels, a, b) => {
    if (a <= b) assert(nearestCode(levels, a) <= nearestCode(levels, b));
  }));
  assertEquals(nearestCode([0, 1, 2], 1.5), 1);
});

Deno.test("codebookFormat() errs by at most half the widest gap of the codebook, times the block's largest magnitude", () => {
  const levels = [-1, -0.4, 0, 0.25, 0.5, 0.7, 0.9, 1];
  const format = codebookFormat("uneven", levels, 8);
  const row = fc.array(number, {
    minLength: 8,
    maxLength: 8,
  });
  fc.assert(fc.property(row, (numbers) => {
    const values = Float32Array.from(numbers);
    const largest = Math.max(...values.map(Math.abs));
    const back = format.roundTrip(values);
    back.forEach((x, i) => assert(Math.abs(x - values[i]!) <= largest * 0.3 * (1 + 1e-6)));
    assertEquals([...format.roundTrip(back)], [...back]); // ±1 are entries, so twice is once
    assertEquals([...format.roundTrip(values.map((x) => x * 8))], Array.from(back, (x) => x * 8));
  }));
});

Deno.test("codebookFormat() comes through zeros, and refuses parts of blocks and NaN", () => {
  const format = codebookFormat("two", [-1, 1], 4);
  assertEquals([...format.roundTrip(new Float32Array(8))], new Array(8).fill(0));
  assertEquals(format.bitsPerValue, 9);
  assertThrows(() => format.roundTrip(new Float32Array(6)), RangeError, "multiple of 4");
  assertThrows(() => format.roundTrip(new Float32Array(4).fill(NaN)), RangeError, "finite");
});
