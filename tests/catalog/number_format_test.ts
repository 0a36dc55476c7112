import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bytesPerValue, type NumberFormat, widerFormat } from "@fewer-bytes/catalog";

Deno.test("bytesPerValue() counts scales and zero points", () => {
  // Published bits per weight: llama.cpp's Q4_0 has 32 values and one fp16 scale, Q8_0 the same with 8 bits, MXFP4 an
  // 8-bit scale per 32; GPTQ with groups of 128 a 16-bit scale and a 4-bit zero.
  const bits = (format: NumberFormat, groupSize: number, scaleBits: number, zeroPointBits = 0) =>
    8 * bytesPerValue({ format, groupSize, scaleBits, zeroPointBits });
  assertEquals(bits("int4", 32, 16), 4.5);
  assertEquals(bits("int8", 32, 16), 8.5);
  assertEquals(bits("fp4", 32, 8), 4.25);
  assertAlmostEquals(bits("int4", 128, 16, 4), 4.15625);
  assertEquals(bytesPerValue("fp32"), 4);
});

Deno.test("bytesPerValue() refuses unknown formats and broken groups", () => {
  assertThrows(() => bytesPerValue("fp5" as NumberFormat), RangeError, '"fp5"');
  assertThrows(
    () => bytesPerValue({ format: "int4", groupSize: 0, scaleBits: 16 }),
    RangeError,
    "groupSize",
  );
  assertThrows(
    () => bytesPerValue({ format: "int4", groupSize: 32, scaleBits: NaN }),
    RangeError,
    "scaleBits",
  );
});

Deno.test("widerFormat() computes in the wider of two formats, in the second when they are equally wide", () => {
  assertEquals(widerFormat("int4", "bf16"), "bf16");
  assertEquals(widerFormat("bf16", "fp8"), "bf16");
  assertEquals(widerFormat("bf16", "fp16"), "fp16");
});
