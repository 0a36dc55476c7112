import { assertEquals, assertThrows } from "@std/assert";
import { packedFormat } from "@fewer-bytes/quantization";

/** Three values in two bytes: the first as it is, the others as their sum. */
const format = packedFormat({
  name: "sums",
  blockSize: 3,
  blockBytes: 2,
  pack: ([a, b, c]) => [a!, b! + c!],
  unpack: ([a, sum]) => [a!, sum! / 2, sum! / 2],
});

Deno.test("packedFormat() packs and unpacks block by block, and counts the bits of a value", () => {
  const row = Float32Array.of(1, 2, 4, 5, 7, 9);
  assertEquals([...format.encode(row)], [1, 6, 5, 16]);
  assertEquals([...format.decode(Uint8Array.of(1, 6, 5, 16))], [1, 3, 3, 5, 8, 8]);
  assertEquals([...format.roundTrip(row)], [1, 3, 3, 5, 8, 8]);
  assertEquals(format.bitsPerValue, 16 / 3);
});

Deno.test("packedFormat() makes nothing of an empty row", () => {
  assertEquals(format.roundTrip(new Float32Array()).length, 0);
});

Deno.test("packedFormat() refuses parts of blocks and values that are not finite", () => {
  assertThrows(
    () => format.encode(new Float32Array(4)),
    RangeError,
    "Cannot encode sums as the length of a row must be a multiple of 3: current value is 4",
  );
  assertThrows(() => format.decode(new Uint8Array(3)), RangeError, "multiple of 2 bytes");
  for (const bad of [NaN, Infinity, -Infinity]) {
    assertThrows(() => format.encode(Float32Array.of(0, bad, 0)), RangeError, `value 1 is ${bad}`);
  }
});
