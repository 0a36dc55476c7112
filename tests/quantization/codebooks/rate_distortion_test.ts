import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { gaussianBound, gaussianDistortions, wastedBits } from "@fewer-bytes/quantization";

Deno.test("gaussianBound() and wastedBits() are inverse: at the bound nothing is wasted", () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 16, noNaN: true }), (bits) => {
    assertAlmostEquals(wastedBits(bits, gaussianBound(bits)), 0, 1e-12);
  }));
  assertAlmostEquals(10 * Math.log10(gaussianBound(3) / gaussianBound(4)), 6.0206, 1e-4); // decibels
});

Deno.test("Lloyd and Max waste 0.270, 0.455, 0.572 and 0.641 bits at 1 to 4 bits", () => {
  [0.27, 0.455, 0.572, 0.641].forEach((expected, i) => {
    assertAlmostEquals(wastedBits(i + 1, gaussianDistortions(i + 1).fixedRate), expected, 6e-4);
  });
});

Deno.test("Lloyd and Max at 1 to 4 bits leave 1.45, 1.88, 2.21 and 2.43 times the bound, and tend to √3·π/2", () => {
  const ratios = [1, 2, 3, 4, 8].map((bits) => {
    const { fixedRate, bound } = gaussianDistortions(bits);
    return fixedRate / bound;
  });
  [1.45, 1.88, 2.21, 2.43].forEach((ratio, i) => assertAlmostEquals(ratios[i]!, ratio, 5e-3));
  const limit = Math.sqrt(3) * Math.PI / 2;
  assert(ratios[4]! < limit && ratios[4]! > 0.98 * limit);
});

Deno.test("the bound is below entropy coding, and that below fixed-length codes", () => {
  for (let bits = 1; bits <= 8; bits++) {
    const { bound, entropyCoded, fixedRate } = gaussianDistortions(bits);
    assert(bound < entropyCoded && entropyCoded < fixedRate, `${bits} bits`);
  }
});

Deno.test("the rate functions refuse what is out of range", () => {
  assertThrows(() => gaussianBound(-1), RangeError, "bits");
  assertThrows(() => wastedBits(2, 0), RangeError, "distortion");
  for (const bits of [0, 9, 2.5]) assertThrows(() => gaussianDistortions(bits), RangeError, "bits");
  assertEquals(gaussianBound(0), 1);
});
