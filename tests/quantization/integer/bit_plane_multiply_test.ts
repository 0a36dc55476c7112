import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import {
  type BitEncoding,
  encodedRange,
  multiplyBitPlanes,
  onesOf,
  toBitPlanes,
} from "@fewer-bytes/quantization";

function draw(seed: number, count: number, bits: number, encoding: BitEncoding): number[] {
  const random = seeded(seed);
  const [lowest, highest] = encodedRange(bits, encoding);
  const step = encoding === "bipolar" ? 2 : 1;
  return Array.from(
    { length: count },
    () => lowest + step * random.integer((highest - lowest) / step + 1),
  );
}

function productByHand(a: number[], b: number[], columns: number): number[] {
  const rowsOf = (values: number[]) =>
    Array.from(
      { length: values.length / columns },
      (_, i) => values.slice(i * columns, (i + 1) * columns),
    );
  return rowsOf(a).flatMap((x) =>
    rowsOf(b).map((y) => x.reduce((sum, value, i) => sum + value * y[i]!, 0))
  );
}

Deno.test("multiplyBitPlanes() is the product of whole numbers, exactly, for all widths and encodings", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<[BitEncoding, BitEncoding]>(
        ["unsigned", "unsigned"],
        ["unsigned", "twosComplement"],
        ["twosComplement", "unsigned"],
        ["twosComplement", "twosComplement"],
        ["bipolar", "bipolar"],
      ),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 0, max: 1e6 }),
      ([left, right], leftBits, rightBits, columns, seed) => {
        const a = draw(seed, 2 * columns, leftBits, left);
        const b = draw(seed + 1, 3 * columns, rightBits, right);
        const product = multiplyBitPlanes(
          toBitPlanes(a, columns, leftBits, left),
          toBitPlanes(b, columns, rightBits, right),
        );
        assertEquals([...product], productByHand(a, b, columns));
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("multiplyBitPlanes() is exact at the ends of the range", () => {
  const extremes = [-128, 127, -128, 127, -128];
  const planes = toBitPlanes(extremes, 5, 8, "twosComplement");
  assertEquals(multiplyBitPlanes(planes, planes)[0], 3 * 128 ** 2 + 2 * 127 ** 2);
  const ends = new Array(40).fill(-255);
  const bipolar = toBitPlanes(ends, 40, 8, "bipolar");
  assertEquals(multiplyBitPlanes(bipolar, bipolar)[0], 40 * 255 ** 2);
});

Deno.test("onesOf() counts the ones of a word", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (word) => {
    const ones = word.toString(2).replaceAll("0", "").length;
    assertEquals(onesOf(word), ones);
    assertEquals(onesOf(word | 0), ones); // signed, as the bitwise operators give it
  }));
});

Deno.test("multiplyBitPlanes() refuses other columns, a lone bipolar side, and sums beyond 32 bits", () => {
  const four = toBitPlanes([1, 1, 1, 1], 4, 2, "unsigned");
  assertThrows(
    () => multiplyBitPlanes(four, toBitPlanes([1], 1, 2, "unsigned")),
    TypeError,
    "4 and 1",
  );
  assertThrows(
    () => multiplyBitPlanes(four, toBitPlanes([1, 1, 1, 1], 4, 2, "bipolar")),
    TypeError,
    "bipolar",
  );
  const wide = toBitPlanes([1, 1], 2, 16, "unsigned");
  assertThrows(() => multiplyBitPlanes(wide, wide), RangeError, "32 bits");
});
