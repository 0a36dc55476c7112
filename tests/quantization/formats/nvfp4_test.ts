import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { decodeNvfp4, encodeNvfp4, microscaling, nvfp4 } from "@fewer-bytes/quantization";
// Made with NVIDIA's Model Optimizer: see golden_blocks.py beside it.
import golden from "./fixtures/golden_blocks.json" with { type: "json" };

const floatsOf = (hex: string) => new Float32Array(Uint8Array.fromHex(hex).buffer);
const gaussian = (seed: number, length = 256) => {
  const random = seeded(seed);
  return Float32Array.from({ length }, () => random.normal());
};

Deno.test("NVFP4 gives the original's values, bit for bit", () => {
  const expected = [...floatsOf(golden.values.nvfp4)].map((value) => value + 0);
  assertEquals([...nvfp4.roundTrip(floatsOf(golden.rows))].map((value) => value + 0), expected);
});

Deno.test("NVFP4 gives the largest block scale 448 and the largest value 6, and takes 4.5 bits", () => {
  const { scales, codes, tensorScale } = encodeNvfp4(gaussian(1));
  assertEquals(Math.max(...scales), 0x7e);
  assertEquals(Math.max(...codes.map((code) => code % 8)), 7);
  assertAlmostEquals(tensorScale * 448 * 6, Math.max(...gaussian(1).map(Math.abs)), 1e-6);
  assertEquals(nvfp4.bitsPerValue, 4.5);
});

Deno.test("NVFP4 goes along exactly with powers of two, and twice is once up to the last bit of the tensor scale", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: -20, max: 20 }), (seed, k) => {
      const values = gaussian(seed);
      const once = nvfp4.roundTrip(values);
      const scaled = nvfp4.roundTrip(values.map((value) => value * 2 ** k));
      assertEquals([...scaled], Array.from(once, (value) => value * 2 ** k));
      nvfp4.roundTrip(once).forEach((value, i) => assertAlmostEquals(value, once[i]!, 1e-6));
    }),
    { numRuns: 40 },
  );
});

Deno.test("NVFP4 errs less on Gaussian values than MXFP4, whose scales are powers of two", () => {
  const values = gaussian(2, 8192);
  const error = (back: Float32Array) => back.reduce((sum, x, i) => sum + (x - values[i]!) ** 2, 0);
  assert(error(nvfp4.roundTrip(values)) < 0.9 * error(microscaling.mxfp4.roundTrip(values)));
});

Deno.test("NVFP4 comes through zeros, and through a block that is far too small for its scale", () => {
  assertEquals([...nvfp4.roundTrip(new Float32Array(32))], new Array(32).fill(0));
  const values = new Float32Array(32).fill(1);
  values.fill(1e-9, 16);
  assertEquals([...nvfp4.roundTrip(values).slice(16)], new Array(16).fill(0));
  assert(nvfp4.roundTrip(new Float32Array(16).fill(1e-45)).every(Number.isFinite));
});

Deno.test("NVFP4 refuses parts of blocks and values that are not finite", () => {
  assertThrows(() => encodeNvfp4(new Float32Array(17)), RangeError, "multiple of 16");
  assertThrows(() => nvfp4.roundTrip(new Float32Array(16).fill(NaN)), RangeError, "finite");
});

Deno.test("decodeNvfp4() multiplies element, block scale and tensor scale", () => {
  const codes = new Uint8Array(32).fill(0b0101); // 3
  const values = decodeNvfp4({ tensorScale: 0.25, scales: Uint8Array.of(0x38, 0x40), codes }); // 1 and 2
  assertEquals([...values], [...new Array(16).fill(0.75), ...new Array(16).fill(1.5)]);
});
