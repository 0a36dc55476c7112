import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { dequantize, tensorFormats } from "../../../lib/lm/weights/dequantize.ts";
// Made with gguf-py, the original implementation in Python: see golden_blocks.py beside it.
import golden from "./fixtures/golden_blocks.json" with { type: "json" };

const format = (wanted: string) => [...tensorFormats.values()].find(({ name }) => name === wanted)!;
const floatsOf = (hex: string) => [...new Float32Array(Uint8Array.fromHex(hex).buffer)];
/** 1 and 0.5 as 16-bit floats. */
const [one, half] = [[0x00, 0x3c], [0x00, 0x38]] as const;
const weights = (name: string, ...bytes: number[]) => [
  ...dequantize(format(name), Uint8Array.from(bytes)),
];
const repeat = (count: number, byte: number) => new Array<number>(count).fill(byte);

for (const [name, { bytes, weights }] of Object.entries(golden)) {
  Deno.test(`dequantize() of ${name} gives the original's weights, bit for bit`, () => {
    const found = dequantize(format(name), Uint8Array.fromHex(bytes));
    assertEquals([...found], floatsOf(weights));
  });
}

Deno.test("dequantize() has golden blocks for every format, or is a plain copy", () => {
  for (const { name } of tensorFormats.values()) {
    assert(name in golden || name === "F32", name);
  }
  assertEquals(weights("F32", 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0), [1, -2]);
});

Deno.test("dequantize() of Q8_0 multiplies signed bytes with the scale", () => {
  const found = weights("Q8_0", ...half, 0, 1, 127, 128, 255, ...repeat(27, 2));
  assertEquals(found, [0, 0.5, 63.5, -64, -0.5, ...repeat(27, 1)]);
});

Deno.test("dequantize() of Q4_0 has the first 16 weights in the low halves, and zero at 8", () => {
  const found = weights("Q4_0", ...half, 0xf0, 0x8f, ...repeat(14, 0x98));
  assertEquals(found, [-4, 3.5, ...repeat(14, 0), 3.5, 0, ...repeat(14, 0.5)]);
});

Deno.test("dequantize() of Q4_1 adds the minimum", () => {
  const found = weights("Q4_1", ...half, ...one, 0xf0, ...repeat(15, 0x21));
  assertEquals(found, [1, ...repeat(15, 1.5), 8.5, ...repeat(15, 2)]);
});

Deno.test("dequantize() of Q5_0 takes the fifth bits from four bytes, and has zero at 16", () => {
  const found = weights("Q5_0", ...one, 0x01, 0, 0x02, 0x80, ...repeat(16, 0x10));
  const expected = [...repeat(16, -16), ...repeat(16, -15)];
  for (const index of [0, 17, 31]) expected[index]! += 16;
  assertEquals(found, expected);
});

Deno.test("dequantize() of Q5_1 takes the fifth bits from four bytes, and adds the minimum", () => {
  const found = weights("Q5_1", ...half, ...one, 0xff, 0xff, 0, 0, ...repeat(16, 0x43));
  assertEquals(found, [...repeat(16, 10.5), ...repeat(16, 3)]);
});

/** Twelve bytes for scales and minima of eight groups of six bits, packed one bit at a time from the layout's table. */
function packSixBits(scales: readonly number[], minima: readonly number[]): number[] {
  const bytes = repeat(12, 0);
  for (let group = 0; group < 4; group++) {
    bytes[group]! += scales[group]! + 64 * Math.floor(scales[group + 4]! / 16);
    bytes[group + 4]! += minima[group]! + 64 * Math.floor(minima[group + 4]! / 16);
    bytes[group + 8]! += scales[group + 4]! % 16 + 16 * (minima[group + 4]! % 16);
  }
  return bytes;
}

const scales = [1, 2, 63, 4, 5, 22, 47, 63];
const minima = [0, 63, 3, 17, 33, 5, 63, 21];

Deno.test("dequantize() of Q4_K gives each of eight groups its six-bit scale and minimum", () => {
  const found = weights(
    "Q4_K",
    ...half,
    ...one,
    ...packSixBits(scales, minima),
    ...repeat(128, 0x7a),
  );
  const expected = scales.flatMap((scale, group) =>
    repeat(32, 0.5 * scale * (group % 2 ? 7 : 10) - minima[group]!)
  );
  assertEquals(found, expected);
});

Deno.test("dequantize() of Q5_K takes the fifth bit of group g from bit g of 32 bytes", () => {
  const packed = packSixBits(scales, minima);
  const high = [0b1000_0001, ...repeat(31, 0b0000_0100)];
  const found = weights("Q5_K", ...one, ...one, ...packed, ...high, ...repeat(128, 0x21));
  const expected = scales.flatMap((scale, group) =>
    Array.from({ length: 32 }, (_, i) => {
      const fifth = i === 0 ? group === 0 || group === 7 : group === 2;
      return scale * ((group % 2 ? 2 : 1) + (fifth ? 16 : 0)) - minima[group]!;
    })
  );
  assertEquals(found, expected);
});

Deno.test("dequantize() of Q6_K gives every 16 weights a signed scale, and has zero at 32", () => {
  const low = [0x0f, ...repeat(127, 0xf0)];
  const high = [0b11_10_01_00, ...repeat(63, 0)];
  const signs = Array.from({ length: 16 }, (_, index) => index % 2 ? 256 - index : index);
  const found = weights("Q6_K", ...low, ...high, ...signs, ...half);
  const expected = Array.from({ length: 256 }, (_, i) => {
    const group = i >> 4;
    const scale = 0.5 * (group % 2 ? -group : group);
    // The first byte of each field holds the weights 0, 32, 64 and 96; the rest is alike.
    const special = new Map([[0, 15], [32, 16], [64, 32], [96, 63]]).get(i);
    return scale * ((special ?? (i % 128 < 64 ? 0 : 15)) - 32);
  });
  found.forEach((value, index) => assertAlmostEquals(value, expected[index]!, 0));
});

Deno.test("dequantize() refuses bytes that are no whole number of blocks", () => {
  assertThrows(
    () => weights("Q4_1", ...repeat(19, 0)),
    RangeError,
    "Cannot dequantize GGUF's Q4_1 as the length must be a multiple of 20 bytes: current length is 19",
  );
});
