import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { packTrits, ternary, unpackTrits } from "@fewer-bytes/quantization";

Deno.test("packTrits() and unpackTrits() are inverse on all 243 bytes", () => {
  for (let byte = 0; byte < 243; byte++) {
    const trits = unpackTrits(Uint8Array.of(byte), 5);
    assert(trits.every((trit) => Math.abs(trit) <= 1));
    assertEquals([...packTrits(trits)], [byte]);
  }
});

Deno.test("unpackTrits() gives back any number of trits, and five take a byte", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -1, max: 1 })), (trits) => {
    const bytes = packTrits(trits);
    assertEquals(bytes.length, Math.ceil(trits.length / 5));
    assertEquals([...unpackTrits(bytes, trits.length)], trits);
  }));
  assertEquals(ternary.bitsPerValue, 1.6);
  assert(ternary.bitsPerValue > Math.log2(3) && ternary.bitsPerValue < 5 / 3);
});

Deno.test("packTrits() and unpackTrits() refuse what they could not have made", () => {
  assertThrows(() => packTrits([0, 2]), RangeError, "trit 1 is 2");
  assertThrows(() => unpackTrits(Uint8Array.of(243), 5), RangeError, "below 243");
  assertThrows(() => unpackTrits(Uint8Array.of(0), 6), RangeError, "2 bytes");
});
