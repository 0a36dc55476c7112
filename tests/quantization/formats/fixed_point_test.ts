import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fixedPoint } from "@fewer-bytes/quantization";

Deno.test("fixedPoint() reads codes as two's complement over 2^(bits − 2)", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, code) => code);
  new Int8Array(bytes.buffer).forEach((value, code) => {
    assertEquals(fixedPoint(8).decode(code), value / 64);
  });
});

Deno.test("fixedPoint() encodes what it decodes, but for the code left unused", () => {
  for (let bits = 2; bits <= 16; bits++) {
    const format = fixedPoint(bits);
    const unused = 2 ** (bits - 1);
    for (let code = 0; code < 2 ** bits; code++) {
      assertEquals(format.encode(format.decode(code)), code === unused ? unused + 1 : code);
    }
  }
});

Deno.test("fixedPoint() errs by at most half a step below its maximum, and saturates beyond", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 16 }),
      fc.double({ min: -4, max: 4, noNaN: true }),
      (bits, value) => {
        const format = fixedPoint(bits);
        const back = format.decode(format.encode(value));
        if (Math.abs(value) <= format.maximum) assert(Math.abs(back - value) <= 2 ** (1 - bits));
        else assertEquals(back, Math.sign(value) * format.maximum);
      },
    ),
  );
});

Deno.test("fixedPoint() sends halfway values to the even code", () => {
  const { encode, decode } = fixedPoint(8);
  const steps = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((n) => decode(encode(n / 64)) * 64);
  assertEquals(steps, [-2, -2, 0, 0, 2, 2]);
});

Deno.test("fixedPoint() refuses bits out of range, and NaN", () => {
  for (const bits of [1, 17, 2.5, NaN]) assertThrows(() => fixedPoint(bits), RangeError, "bits");
  assertThrows(() => fixedPoint(8).encode(NaN), RangeError, "Cannot encode INT8");
});
