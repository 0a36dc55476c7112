import { assert, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { formatCatalog, gaussianBound, plainFormat, smallFloats } from "@fewer-bytes/quantization";

const random = seeded(19);
const row = Float32Array.from({ length: 8192 }, () => random.normal());
const error = (back: Float32Array) =>
  back.reduce((sum, x, i) => sum + (x - row[i]!) ** 2, 0) / row.length;

Deno.test("formatCatalog names each format once, fewest bits first", () => {
  const bits = formatCatalog.map(({ bitsPerValue }) => bitsPerValue);
  assertEquals(bits, bits.toSorted((a, b) => a - b));
  assertEquals(new Set(formatCatalog.map(({ name }) => name)).size, formatCatalog.length);
  assert(formatCatalog.length >= 20);
});

Deno.test("formatCatalog's packed formats take as many bytes as their bits say", () => {
  let packed = 0;
  for (const format of formatCatalog) {
    if (!("encode" in format)) continue;
    const encode = format.encode as (row: Float32Array) => Uint8Array;
    assertEquals(encode(row).length * 8, row.length * format.bitsPerValue, format.name);
    packed++;
  }
  assert(packed >= 10);
});

for (const format of formatCatalog) {
  Deno.test(`${format.name} on Gaussian values stays above the bound of its bits, and improves on saying nothing`, () => {
    const before = row.slice();
    const left = error(format.roundTrip(row));
    assertEquals(row, before); // the row is left as it was
    assert(left > gaussianBound(format.bitsPerValue), `${left}`);
    assert(left < 0.4, `${left}`);
  });

  Deno.test(`${format.name} gives an empty row back, and refuses a NaN`, () => {
    assertEquals(format.roundTrip(new Float32Array()).length, 0);
    assertThrows(() => format.roundTrip(new Float32Array(256).fill(NaN)), RangeError, "finite");
  });
}

Deno.test("plainFormat() rounds each value by itself", () => {
  const format = plainFormat(smallFloats.fp4E2M1);
  assertEquals([...format.roundTrip(Float32Array.of(0.3, 2.6, -100))], [0.5, 3, -6]);
  assertEquals(format.bitsPerValue, 4);
});
