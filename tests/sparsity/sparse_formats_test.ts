import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  bitsPerValue,
  crossoverDensity,
  sparseBytes,
  type SparseFormat,
} from "@fewer-bytes/sparsity";

const shape = { rows: 16, columns: 64, valueBits: 16 };

/** Bits of a real matrix with so many values, counted as the formats store them. */
function counted(format: SparseFormat, set: number): number {
  const matrix = Array.from(
    { length: 16 },
    (_, row) => Array.from({ length: 64 }, (_, column) => row * 64 + column < set),
  );
  let bits = 0;
  if (format === "csr") bits += 32; // the pointer to the first row
  for (const row of matrix) {
    if (format === "csr") bits += 32; // where the next one starts
    for (const isSet of row) {
      if (format === "dense") bits += 16;
      if (format === "bitmap") bits += isSet ? 17 : 1;
      if (format === "csr" && isSet) bits += 16 + 6; // 64 columns
    }
  }
  return bits;
}

Deno.test("sparseBytes() is what a matrix takes, counted value by value", () => {
  for (const format of ["dense", "csr", "bitmap"] as const) {
    for (const set of [0, 1, 100, 512, 1024]) {
      assertEquals(
        8 * sparseBytes(format, { ...shape, density: set / 1024 }),
        counted(format, set),
      );
    }
  }
});

Deno.test("crossoverDensity() is where the smaller format changes, found by trying every density", () => {
  for (
    const [sparse, other] of [["bitmap", "dense"], ["csr", "dense"], ["csr", "bitmap"]] as const
  ) {
    const last = Array.from({ length: 1025 }, (_, set) => set)
      .findLast((set) => counted(sparse, set) <= counted(other, set))!;
    const crossing = crossoverDensity(sparse, other, shape)!;
    assert(last / 1024 <= crossing && crossing < (last + 1) / 1024, `${sparse} ${other}`);
  }
});

Deno.test("two formats are equally large at their crossover, whichever is named first", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 64 }),
      fc.integer({ min: 2, max: 5000 }),
      fc.constantFrom(...([["bitmap", "dense"], ["csr", "dense"], ["csr", "bitmap"]] as const)),
      (valueBits, columns, [a, b]) => {
        const shape = { rows: 100, columns, valueBits };
        const density = crossoverDensity(a, b, shape);
        assertEquals(crossoverDensity(b, a, shape), density);
        if (density === undefined) return;
        const [first, second] = [a, b].map((format) => bitsPerValue(format, { ...shape, density }));
        assertAlmostEquals(first!, second!, 1e-9);
      },
    ),
  );
});

Deno.test("CSR, with 16-bit indices, is as large as dense at half density: it saves nothing for pruned models", () => {
  const half = { rows: 4096, columns: 4096, valueBits: 16, indexBits: 16, density: 0.5 };
  assertAlmostEquals(bitsPerValue("csr", half), 16, 0.01);
  assertAlmostEquals(crossoverDensity("csr", "dense", half)!, 0.5, 0.001);
});

Deno.test("crossoverDensity() is undefined where one format always wins", () => {
  const narrow = { rows: 4, columns: 4, valueBits: 1, pointerBits: 32 };
  assertEquals(crossoverDensity("csr", "dense", narrow), undefined);
});

Deno.test("bitsPerValue() refuses a density that is no share, and sizes that are not above 0", () => {
  assertThrows(() => bitsPerValue("csr", { ...shape, density: 1.1 }), RangeError, "density");
  assertThrows(() => bitsPerValue("csr", { ...shape, density: NaN }), RangeError, "density");
  assertThrows(() => bitsPerValue("csr", { ...shape, rows: 0, density: 0.5 }), RangeError, "rows");
});
