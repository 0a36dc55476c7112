import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { exponentOf, smallFloats, valuesOf } from "@fewer-bytes/quantization";

Deno.test("exponentOf() is the exponent field of a double, for every power of two and its neighbors", () => {
  const view = new DataView(new ArrayBuffer(8));
  const field = (value: number) => {
    view.setFloat64(0, value);
    return (view.getUint16(0) >> 4 & 2047) - 1023;
  };
  for (let k = -1021; k < 1024; k++) {
    for (const value of [2 ** k, 2 ** k * (1 + 2 ** -52), 2 ** k * (1 - 2 ** -53)]) {
      assertEquals(exponentOf(value), field(value), `${value}`);
    }
  }
  fc.assert(
    fc.property(fc.double({ min: 1e-300, noNaN: true, noDefaultInfinity: true }), (value) => {
      assertEquals(exponentOf(-value), field(value));
    }),
  );
});

Deno.test("exponentOf() knows subnormal numbers too", () => {
  for (let k = -1074; k < -1021; k++) assertEquals(exponentOf(2 ** k), k);
  assertEquals(exponentOf(3 * 2 ** -1074), -1073);
});

Deno.test("valuesOf() has as many numbers as codes, less one zero and what is not finite", () => {
  const counts = Object.entries(smallFloats).map((
    [name, format],
  ) => [name, valuesOf(format).length]);
  assertEquals(Object.fromEntries(counts), {
    fp4E2M1: 16 - 1,
    fp6E2M3: 64 - 1,
    fp6E3M2: 64 - 1,
    fp8E4M3: 256 - 1 - 2,
    fp8E5M2: 256 - 1 - 8,
    fp16: 65536 - 1 - 2048,
    bf16: 65536 - 1 - 256,
  });
});

Deno.test("decode() refuses what is no code of the format", () => {
  for (const code of [-1, 16, 0.5, NaN]) {
    assertThrows(
      () => smallFloats.fp4E2M1.decode(code),
      RangeError,
      `Cannot decode FP4 E2M1 as a code must be a whole number from 0 to 15: current value is ${code}`,
    );
  }
});
