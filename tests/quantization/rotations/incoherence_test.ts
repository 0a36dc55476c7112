import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { incoherence } from "@fewer-bytes/quantization";

Deno.test("incoherence() lies between 1 and √n, and does not change with the scale", () => {
  const value = fc.float({ min: -100, max: 100, noNaN: true }).filter((v) => Math.abs(v) > 1e-3);
  fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
    const measured = incoherence(Float64Array.from(values));
    const tripled = incoherence(Float64Array.from(values, (each) => -3 * each));
    assertAlmostEquals(measured, tripled, 1e-9);
    return measured >= 1 - 1e-12 && measured <= Math.sqrt(values.length) + 1e-12;
  }));
});

Deno.test("incoherence() of 4,096 Gaussian numbers is around √(2 ln n) = 4.1", () => {
  const random = seeded(1);
  const values = Float32Array.from({ length: 4096 }, () => random.normal());
  assertAlmostEquals(incoherence(values), Math.sqrt(2 * Math.log(4096)), 0.8);
});

Deno.test("incoherence() is 0 for zeros, and refuses nothing, NaN and infinities", () => {
  assertEquals(incoherence(new Float32Array(4)), 0);
  for (const bad of [[], [NaN], [1, Infinity]]) {
    assertThrows(() => incoherence(Float32Array.from(bad)), RangeError, "finite values");
  }
});
