import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { dequantize, tensorFormats } from "@fewer-bytes/lm";
import { type SmallFloat, smallFloats, valuesOf } from "@fewer-bytes/quantization";
// Made with ml_dtypes, the implementation behind JAX and TensorFlow: see golden_floats.py beside it.
import golden from "./fixtures/golden_floats.json" with { type: "json" };

const formats = Object.entries(smallFloats) as [keyof typeof smallFloats, SmallFloat][];
const floatsOf = (hex: string) => new Float32Array(Uint8Array.fromHex(hex).buffer);
const codesOf = (hex: string, bits: number) => {
  const { buffer } = Uint8Array.fromHex(hex);
  return bits > 8 ? new Uint16Array(buffer) : new Uint8Array(buffer);
};
const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

for (const [name, format] of formats) {
  const { codes, decoded, inputs, encoded } = golden[name];

  Deno.test(`${format.name}: decode() gives the original's value for every golden code`, () => {
    const values = floatsOf(decoded);
    codesOf(codes, format.bits).forEach((code, i) => assertEquals(format.decode(code), values[i]));
  });

  Deno.test(`${format.name}: encode() rounds as the original does, ties and overflow included`, () => {
    const values = floatsOf(inputs);
    codesOf(encoded, format.bits).forEach((code, i) => {
      const value = values[i]!;
      if (Number.isNaN(value)) {
        if (name.startsWith("fp4") || name.startsWith("fp6")) return; // refused here, −0 there
        assertEquals(format.encode(value), code & 2 ** (format.bits - 1) - 1);
      } else assertEquals(format.encode(value, "overflow"), code, `${value}`);
    });
  });

  Deno.test(`${format.name}: encode() saturates at the maximum unless asked to overflow`, () => {
    for (const value of [format.maximum * 1.5, 1e300, Infinity]) {
      assertEquals(format.decode(format.encode(value)), format.maximum);
      assertEquals(format.decode(format.encode(-value)), -format.maximum);
    }
  });

  Deno.test(`${format.name}: decode() and encode() are inverse on every code that is not NaN`, () => {
    for (let code = 0; code < 2 ** format.bits; code++) {
      const value = format.decode(code);
      if (!Number.isNaN(value)) assertEquals(format.encode(value, "overflow"), code);
    }
  });

  Deno.test(`${format.name}: encode() is monotone, odd, and finds a nearest number`, () => {
    const values = valuesOf(format);
    const range = fc.double({ min: -format.maximum, max: format.maximum, noNaN: true });
    fc.assert(
      fc.property(range, range, (a, b) => {
        const [low, high] = [format.decode(format.encode(a)), format.decode(format.encode(b))];
        if (a <= b) assert(low <= high);
        assertEquals(format.decode(format.encode(-a)), -low);
        // A brute force: the two neighbors from the sorted list of all numbers.
        const above = values.findIndex((value) => value >= a);
        const best = Math.min(values[above]! - a, a - (values[above - 1] ?? -Infinity));
        assertEquals(Math.abs(low - a), best);
      }),
      { numRuns: format.bits > 8 ? 40 : 200 },
    );
  });
}

Deno.test("FP16 is the platform's Float16Array, code for code and rounding for rounding", () => {
  const codes = Uint16Array.from({ length: 65536 }, (_, code) => code);
  new Float16Array(codes.buffer).forEach((value, code) => {
    assertEquals(smallFloats.fp16.decode(code), value);
  });
  const one = new Uint16Array(1);
  const half = new Float16Array(one.buffer);
  fc.assert(
    fc.property(finite, fc.integer({ min: -30, max: 17 }), (mantissa, exponent) => {
      half[0] = mantissa % 1 * 2 ** exponent;
      assertEquals(smallFloats.fp16.encode(mantissa % 1 * 2 ** exponent, "overflow"), one[0]!);
    }),
    { numRuns: 500 },
  );
});

Deno.test("FP16 and BF16 decode to what the reader of weight files makes of the same bytes", () => {
  const bytes = new Uint8Array(Uint16Array.from({ length: 65536 }, (_, code) => code).buffer);
  for (const [number, format] of [[1, smallFloats.fp16], [30, smallFloats.bf16]] as const) {
    dequantize(tensorFormats.get(number)!, bytes).forEach((value, code) => {
      assertEquals(format.decode(code), value);
    });
  }
});

Deno.test("FP4 and FP6 refuse NaN, which they cannot say", () => {
  for (const format of [smallFloats.fp4E2M1, smallFloats.fp6E2M3, smallFloats.fp6E3M2]) {
    assertThrows(() => format.encode(NaN), RangeError, `Cannot encode ${format.name}`);
  }
});

Deno.test("the largest and the smallest numbers are those of the specifications", () => {
  const ends = formats.map(([, format]) => [format.maximum, valuesOf(format).find((x) => x > 0)]);
  assertEquals(ends, [
    [6, 0.5],
    [7.5, 0.125],
    [28, 0.0625],
    [448, 2 ** -9],
    [57344, 2 ** -16],
    [65504, 2 ** -24],
    [2 ** 127 * (2 - 2 ** -7), 2 ** -133],
  ]);
});
