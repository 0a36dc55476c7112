import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  asymmetricCodeFormula,
  asymmetricScaleFormula,
  asymmetricValueFormula,
  dequantize,
  quantize,
  symmetricCodeFormula,
  symmetricScaleFormula,
  symmetricValueFormula,
  zeroPointFormula,
} from "@fewer-bytes/quantization";

// Random values meet no tie, where the formulas' rounding differs.
const groups = fc.integer({ min: 0, max: 1e6 }).map((seed) => {
  const random = seeded(seed);
  const shift = random.normal();
  return new Matrix(1, 16, Float32Array.from({ length: 16 }, () => shift + random.normal()));
});
const bitsOf = fc.integer({ min: 2, max: 12 });

Deno.test("the printed formulas of the symmetric grid compute what quantize() and dequantize() do", () => {
  fc.assert(fc.property(groups, bitsOf, fc.boolean(), (group, bits, clipped) => {
    const clip = clipped ? 0.5 : 1;
    const quantized = quantize(group, { bits, clip });
    const peak = clip * Math.max(...group.data.map(Math.abs));
    const scale = quantized.scales[0]!;
    assertAlmostEquals(symmetricScaleFormula.evaluate({ peak, bits }) / scale, 1, 1e-6);
    const limit = 2 ** (bits - 1) - 1;
    const restored = dequantize(quantized);
    group.data.forEach((value, i) => {
      const code = symmetricCodeFormula.evaluate({ value, scale, limit });
      assertEquals(code + 0, quantized.codes[i]);
      assertAlmostEquals(symmetricValueFormula.evaluate({ scale, code }), restored.get(0, i), 1e-5);
    });
  }));
});

Deno.test("the printed formulas of the asymmetric grid compute what quantize() and dequantize() do", () => {
  fc.assert(fc.property(groups, bitsOf, (group, bits) => {
    const quantized = quantize(group, { bits, symmetric: false });
    const low = Math.min(0, ...group.data);
    const high = Math.max(0, ...group.data);
    const scale = quantized.scales[0]!;
    assertAlmostEquals(asymmetricScaleFormula.evaluate({ low, high, bits }) / scale, 1, 1e-6);
    const zero = zeroPointFormula.evaluate({ low, scale });
    assertEquals(zero + 0, quantized.zeroPoints![0]);
    const limit = 2 ** bits - 1;
    const restored = dequantize(quantized);
    group.data.forEach((value, i) => {
      const code = asymmetricCodeFormula.evaluate({ value, scale, zero, limit });
      assertEquals(code + 0, quantized.codes[i]);
      assertAlmostEquals(
        asymmetricValueFormula.evaluate({ scale, code, zero }),
        restored.get(0, i),
        1e-5,
      );
    });
  }));
});

Deno.test("the other symmetric scale, max|w| / 2^(bits − 1), needs a code that four bits do not have", () => {
  const scale = 8 / 2 ** (4 - 1);
  const value = 8;
  assertEquals(symmetricCodeFormula.evaluate({ value, scale, limit: Infinity }), 8);
  assertEquals(symmetricCodeFormula.evaluate({ value, scale, limit: 7 }), 7);
});
