import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatBytes, formatQuantity, parseQuantity } from "@fewer-bytes/units";

Deno.test("formatBytes() says exact powers of two in KiB, MiB, GiB and the rest in decimal units", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [1000, "1 kB"],
    [1024, "1 KiB"],
    [147_456, "144 KiB"],
    [70_272, "70.3 kB"],
    [671_088_640, "640 MiB"],
    [80e9, "80 GB"],
    [16_381_470_720, "16.4 GB"],
    [NaN, "NaN B"],
  ];
  for (const [bytes, expected] of cases) assertEquals(formatBytes(bytes), expected);
});

Deno.test("formatQuantity() picks the prefix after rounding, so that 999.9 is never written as 1000", () => {
  assertEquals(formatQuantity(999.9e9, "B/s"), "1 TB/s");
  assertEquals(formatQuantity(999.4e9, "B/s"), "999 GB/s");
  assertEquals(formatQuantity(3.6e-6, "s"), "3.6 µs");
  assertEquals(formatQuantity(1234.5, "FLOP/B"), "1,230 FLOP/B");
  assertEquals(formatQuantity(-0.002, "s"), "-2 ms");
  assertEquals(formatQuantity(Infinity, "s"), "Infinity s");
});

Deno.test("formatQuantity() and parseQuantity() agree to the printed digits", () => {
  fc.assert(fc.property(fc.double({ min: 1e-9, max: 1e20, noNaN: true }), (value) => {
    const written = formatQuantity(value, "FLOP", 6).replaceAll(",", "");
    assertAlmostEquals(parseQuantity(written.replace("µ", "u"), "FLOP"), value, value * 1e-5);
  }));
});
