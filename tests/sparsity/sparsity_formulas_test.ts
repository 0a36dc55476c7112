import { assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { bytesPerValue, numberFormats } from "@fewer-bytes/catalog";
import {
  bitmapBitsFormula,
  bitsPerValue,
  csrBitsFormula,
  neededShare,
  neededShareFormula,
  twoFourShare,
  twoFourShareFormula,
} from "@fewer-bytes/sparsity";

Deno.test("twoFourShareFormula says what twoFourShare() computes, for every number format", () => {
  for (const format of numberFormats) {
    const bits = 8 * bytesPerValue(format);
    assertAlmostEquals(twoFourShareFormula.evaluate({ bits }), twoFourShare(format), 1e-15);
  }
});

Deno.test("bitmapBitsFormula and csrBitsFormula say what bitsPerValue() computes, up to row pointers", () => {
  fc.assert(fc.property(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 1, max: 64 }),
    fc.integer({ min: 1, max: 32 }),
    (density, bits, index) => {
      const shape = { rows: 50, columns: 1e9, density, valueBits: bits, indexBits: index };
      assertAlmostEquals(
        bitmapBitsFormula.evaluate({ density, bits }),
        bitsPerValue("bitmap", shape),
      );
      const csr = csrBitsFormula.evaluate({ density, bits, index });
      assertAlmostEquals(csr, bitsPerValue("csr", shape), 1e-6);
    },
  ));
});

Deno.test("neededShareFormula says what neededShare() computes", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 64 }),
      (density, tokens) =>
        assertAlmostEquals(
          neededShareFormula.evaluate({ density, tokens }),
          neededShare(density, tokens),
        ),
    ),
  );
});
