import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { packCodes, unpackCodes } from "@fewer-bytes/quantization";

const signedCodes = fc.integer({ min: 1, max: 16 }).chain((bits) =>
  fc.record({
    bits: fc.constant(bits),
    codes: fc.array(fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })),
  })
);

Deno.test("unpackCodes() gives back what packCodes() took, signed or not, at every width", () => {
  fc.assert(fc.property(signedCodes, ({ bits, codes }) => {
    const layout = { bits, count: codes.length };
    assertEquals([...unpackCodes(packCodes(codes, bits), { ...layout, signed: true })], codes);
    const unsigned = codes.map((code) => code + 2 ** (bits - 1));
    assertEquals(
      [...unpackCodes(packCodes(unsigned, bits), { ...layout, signed: false })],
      unsigned,
    );
  }));
});

Deno.test("packCodes() gives back what unpackCodes() took: every pattern of bytes is some codes", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 16 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.boolean(),
      (bits, bytes, signed) => {
        const packed = bytes.subarray(0, bits); // exactly eight codes
        assertEquals(
          packCodes(unpackCodes(packed, { bits, count: 8, signed }), bits),
          Uint8Array.from(packed),
        );
      },
    ),
  );
});

Deno.test("packCodes() writes the bits of the codes one after another, the lowest first", () => {
  fc.assert(fc.property(signedCodes, ({ bits, codes }) => {
    const stream = codes.map((code) =>
      (code & 2 ** bits - 1).toString(2).padStart(bits, "0").split("").reverse().join("")
    ).join("");
    const written = [...packCodes(codes, bits)]
      .map((byte) => byte.toString(2).padStart(8, "0").split("").reverse().join("")).join("");
    assertEquals(written, stream.padEnd(Math.ceil(stream.length / 8) * 8, "0"));
  }));
});

Deno.test("packCodes() puts two codes of four bits into a byte, the first one low", () => {
  assertEquals([...packCodes([1, 10], 4)], [0xa1]);
  assertEquals([...packCodes([-1, 0, 1], 4)], [0x0f, 0x01]);
});

Deno.test("packing refuses codes, widths and lengths that do not fit", () => {
  for (const code of [8.5, 16, -9, NaN]) {
    assertThrows(() => packCodes([code], 4), RangeError, "whole number of 4 bits");
  }
  for (const bits of [0, 17, 2.5]) {
    assertThrows(() => packCodes([0], bits), RangeError, "bits must be");
  }
  const bytes = new Uint8Array(3);
  for (const count of [5, 9]) {
    assertThrows(
      () => unpackCodes(bytes, { bits: 3, count, signed: false }),
      RangeError,
      "current length is 3",
    );
  }
});
