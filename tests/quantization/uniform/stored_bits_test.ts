import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bytesPerValue } from "@fewer-bytes/catalog";
import { Matrix } from "@fewer-bytes/numeric";
import { groupedFormat, packCodes, quantize, storedBits } from "@fewer-bytes/quantization";

const weights = new Matrix(4, 64, Float32Array.from({ length: 256 }, (_, i) => Math.sin(i)));

Deno.test("storedBits() is the size of what is stored, divided by the weights", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 16 }),
      fc.constantFrom(8, 16, 64),
      fc.boolean(),
      (bits, groupSize, symmetric) => {
        const quantized = quantize(weights, { bits, groupSize, symmetric });
        const packed = 8 * packCodes(quantized.codes, bits).length;
        const zeroPoints = quantized.zeroPoints
          ? 8 * packCodes(quantized.zeroPoints, bits).length
          : 0;
        const stored = packed + 16 * quantized.scales.length + zeroPoints;
        // The zero points end within a byte.
        assertAlmostEquals(storedBits(quantized), stored / 256, 8 / 256);
      },
    ),
  );
});

Deno.test("groupedFormat() has as many bytes a value in the catalog as storedBits() has bits", () => {
  for (const bits of [2, 3, 4, 8]) {
    for (const symmetric of [true, false]) {
      const quantized = quantize(weights, { bits, groupSize: 16, symmetric });
      for (const options of [{}, { scaleBits: 8 }, { scaleBits: 32, zeroPointBits: 16 }]) {
        assertEquals(
          8 * bytesPerValue(groupedFormat(quantized, options)),
          storedBits(quantized, options),
        );
      }
    }
  }
});

Deno.test("storedBits() charges a whole tensor next to nothing for its scale, and a group of 8 two bits", () => {
  assertEquals(storedBits(quantize(weights, { bits: 4, groupSize: "tensor" })), 4 + 16 / 256);
  assertEquals(storedBits(quantize(weights, { bits: 4, groupSize: 8 })), 6);
});

Deno.test("groupedFormat() refuses a width that the catalog does not have; storedBits() a part of a bit", () => {
  assertThrows(
    () => groupedFormat(quantize(weights, { bits: 5 })),
    RangeError,
    "current value is 5",
  );
  assertThrows(
    () => storedBits(quantize(weights, { bits: 4 }), { scaleBits: 1.5 }),
    RangeError,
    "scaleBits",
  );
});
