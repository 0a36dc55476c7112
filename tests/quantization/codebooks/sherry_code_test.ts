import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  packSherry,
  sherry,
  sherryBlock,
  sherryCode,
  unpackSherry,
} from "@fewer-bytes/quantization";

/** All 81 blocks of four ternary weights. */
const blocks = Array.from(
  { length: 81 },
  (_, n) => [1, 3, 9, 27].map((d) => Math.floor(n / d) % 3 - 1),
);
const legal = blocks.filter((block) => block.filter((weight) => weight === 0).length === 1);

Deno.test("sherryCode() gives the 32 blocks with one zero the 32 codes of five bits, one each", () => {
  assertEquals(legal.length, 32);
  const codes = legal.map(sherryCode);
  assertEquals(codes.toSorted((a, b) => a - b), Array.from({ length: 32 }, (_, code) => code));
  codes.forEach((code, i) => assertEquals(sherryBlock(code), legal[i]));
});

Deno.test("sherryCode() of the mirror image differs in the highest bit alone", () => {
  for (const block of legal) {
    assertEquals(sherryCode(block.map((weight) => weight && -weight)), sherryCode(block) ^ 16);
  }
});

Deno.test("sherryCode() refuses the other 49 blocks of ternary weights, and what is no block", () => {
  for (const block of blocks.filter((block) => !legal.includes(block))) {
    assertThrows(() => sherryCode(block), RangeError, `current value is ${block}`);
  }
  for (const block of [[], [1, 1, 1], [0, 1, 1, 1, 1], [0, 1, 2, 1], [0, 1, 1, NaN]]) {
    assertThrows(() => sherryCode(block), RangeError, "one 0 and three");
  }
  for (const code of [-1, 32, 0.5]) assertThrows(() => sherryBlock(code), RangeError, "0 to 31");
});

Deno.test("packSherry() takes 1.25 bits a weight, and unpackSherry() gives the weights back", () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 8, maxLength: 64 });
  fc.assert(fc.property(numbers, (codes) => {
    const weights = Int8Array.from(codes.flatMap(sherryBlock));
    const bytes = packSherry(weights);
    assertEquals(bytes.length, Math.ceil(weights.length * sherry.bitsPerValue / 8));
    assertEquals([...unpackSherry(bytes, weights.length)], [...weights]);
  }));
});
