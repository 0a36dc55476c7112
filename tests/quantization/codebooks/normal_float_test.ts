import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { normalFloat4, normalFloat4Double, normalFloatLevels } from "@fewer-bytes/quantization";
// Made with bitsandbytes: see golden_codebooks.py beside it.
import golden from "./fixtures/golden_codebooks.json" with { type: "json" };

const floatsOf = (hex: string) => new Float32Array(Uint8Array.fromHex(hex).buffer);

/** The values that golden_codebooks.py quantizes: whole numbers below 2⁵³, so both make the same. */
const values = Float32Array.from({ length: 300 * 64 }, (_, i) => {
  const x = (i * i * 48271 + i) % 65537 / 65536 - 0.5;
  return x * x * x * (1 + Math.floor(i / 64) * 7907 % 101 / 50);
});

/** The first four blocks, then the value of largest magnitude of each of the 300. */
function extract(back: Float32Array): number[] {
  const extremes = Array.from({ length: 300 }, (_, block) => {
    const sizes = values.subarray(64 * block, 64 * block + 64).map(Math.abs);
    return back[64 * block + sizes.indexOf(Math.max(...sizes))]!;
  });
  return [...back.subarray(0, 256), ...extremes];
}

Deno.test("normalFloatLevels(4) is the published NF4 table, up to its rounding in 32 bits", () => {
  const expected = floatsOf(golden.nf4);
  normalFloatLevels(4).forEach((level, i) => assertAlmostEquals(level, expected[i]!, 2e-7));
});

Deno.test("normalFloatLevels() has 2^bits ascending levels from −1 to 1, zero exactly among them", () => {
  for (let bits = 2; bits <= 8; bits++) {
    const levels = normalFloatLevels(bits);
    assertEquals(levels.length, 2 ** bits);
    assertEquals([levels[0], levels[2 ** (bits - 1) - 1], levels.at(-1)], [-1, 0, 1]);
    levels.forEach((level, i) => i && assert(level > levels[i - 1]!));
  }
  for (const bits of [1, 9, 3.5]) assertThrows(() => normalFloatLevels(bits), RangeError, "bits");
});

Deno.test("NF4 gives the original's values, up to the rounding of its table", () => {
  const expected = floatsOf(golden.single);
  extract(normalFloat4.roundTrip(values)).forEach((value, i) => {
    assertAlmostEquals(value, expected[i]!, 1e-7);
  });
});

Deno.test("NF4 with double quantization gives the original's values and scales", () => {
  const expected = floatsOf(golden.double);
  extract(normalFloat4Double.roundTrip(values)).forEach((value, i) => {
    assertAlmostEquals(value, expected[i]!, 2e-7);
  });
});

Deno.test("NF4 takes 4.5 bits a value, and 4.127 with double quantization", () => {
  assertEquals(normalFloat4.bitsPerValue, 4.5);
  // Codes, scales of eight bits, scales of scales, over a whole group of 256 blocks.
  assertEquals(normalFloat4Double.bitsPerValue, (16384 * 4 + 256 * 8 + 32) / 16384);
});

Deno.test("NF4 twice is once, and goes along with powers of two", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: -20, max: 20 }), (seed, k) => {
      const random = seeded(seed);
      const row = Float32Array.from({ length: 128 }, () => random.normal());
      const once = normalFloat4.roundTrip(row);
      assertEquals([...normalFloat4.roundTrip(once)], [...once]);
      for (const format of [normalFloat4, normalFloat4Double]) {
        const scaled = format.roundTrip(row.map((value) => value * 2 ** k));
        assertEquals([...scaled], Array.from(format.roundTrip(row), (value) => value * 2 ** k));
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("double quantization costs little: under 2 % of the error of NF4 on Gaussian values", () => {
  const random = seeded(5);
  const row = Float32Array.from({ length: 64 * 512 }, () => random.normal());
  const error = (back: Float32Array) => back.reduce((sum, x, i) => sum + (x - row[i]!) ** 2, 0);
  const ratio = error(normalFloat4Double.roundTrip(row)) / error(normalFloat4.roundTrip(row));
  assert(Math.abs(ratio - 1) < 0.02, `${ratio}`);
});

Deno.test("NF4 comes through blocks of zeros, and refuses parts of blocks and NaN", () => {
  for (const format of [normalFloat4, normalFloat4Double]) {
    const row = new Float32Array(128);
    row.fill(1, 64);
    assertEquals([...format.roundTrip(row).slice(0, 64)].map(Math.abs), new Array(64).fill(0));
    assertThrows(() => format.roundTrip(new Float32Array(65)), RangeError, "multiple of 64");
    assertThrows(() => format.roundTrip(new Float32Array(64).fill(NaN)), RangeError, "finite");
  }
});
