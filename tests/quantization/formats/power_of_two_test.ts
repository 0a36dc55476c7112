import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { powerOfTwo } from "@fewer-bytes/quantization";
// Made with ml_dtypes: see golden_floats.py beside it.
import golden from "./fixtures/golden_floats.json" with { type: "json" };

const { codes, decoded, inputs, encoded } = golden.powerOfTwo;
const floatsOf = (hex: string) => new Float32Array(Uint8Array.fromHex(hex).buffer);

Deno.test("powerOfTwo.decode() gives the original's value for all 256 codes", () => {
  const values = floatsOf(decoded);
  assertEquals(codes.length, 512);
  Uint8Array.fromHex(codes).forEach((code, i) => assertEquals(powerOfTwo.decode(code), values[i]));
});

Deno.test("powerOfTwo.encode() rounds as the original does, and saturates where that overflows", () => {
  let compared = 0;
  Uint8Array.fromHex(encoded).forEach((code, i) => {
    const value = floatsOf(inputs)[i]!;
    // Between 2⁻¹²⁷ and 2⁻¹²⁶, the subnormal 32-bit floats, the original rounds everything up.
    if (value > 2 ** -127 && value < 2 ** -126) return;
    const saturated = value > 2 ** 127 ? 254 : code;
    assertEquals(powerOfTwo.encode(value), saturated, `${value}`);
    compared++;
  });
  assert(compared > 300);
});

Deno.test("powerOfTwo.encode() finds the nearer power of two, and the upper one halfway", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -126, max: 126 }),
      fc.double({ min: 1, max: 2, noNaN: true }),
      (k, x) => {
        assertEquals(powerOfTwo.decode(powerOfTwo.encode(x * 2 ** k)), 2 ** (x < 1.5 ? k : k + 1));
      },
    ),
  );
});

Deno.test("powerOfTwo.encode() says NaN for zero, negative numbers and NaN, and the ends beyond the ends", () => {
  for (const value of [0, -0, -1, NaN]) assertEquals(powerOfTwo.encode(value), 255);
  assertEquals([1e-300, 5e-324, 1e300, Infinity].map(powerOfTwo.encode), [0, 0, 254, 254]);
});
