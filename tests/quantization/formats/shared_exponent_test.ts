import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  blockFloatingPoint,
  microscaling,
  sharedExponent,
  smallFloats,
  valuesOf,
} from "@fewer-bytes/quantization";
// Made with Microsoft's microxcaling and with gguf-py: see golden_blocks.py beside it.
import golden from "./fixtures/golden_blocks.json" with { type: "json" };

/** Between −1 and 1, in steps of 2⁻²⁰: powers of two can scale it, and nothing is lost. */
const number = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((steps) => steps / 2 ** 20);

const floatsOf = (hex: string) => new Float32Array(Uint8Array.fromHex(hex).buffer);
const rows = floatsOf(golden.rows);
const formats = Object.entries(microscaling) as [
  keyof typeof microscaling,
  typeof microscaling.mxfp4,
][];
const row = fc.tuple(
  fc.array(number, { minLength: 64, maxLength: 64 }),
  fc.integer({ min: -60, max: 60 }),
).map(([values, k]) => Float32Array.from(values, (value) => value * 2 ** k));

for (const [name, format] of formats) {
  Deno.test(`${format.name} gives the original's values, bit for bit`, () => {
    const plain = (values: Float32Array) => Array.from(values, (value) => value + 0); // −0 is 0
    assertEquals(plain(format.roundTrip(rows)), plain(floatsOf(golden.values[name])));
  });
}

Deno.test("MXFP4 has the scales and the codes of ggml, which lays them out in another order", () => {
  const theirs = Uint8Array.fromHex(golden.bytes.MXFP4);
  const ours = microscaling.mxfp4.encode(rows);
  const nibble = (byte: number, high: number) => high ? byte >> 4 : byte & 15;
  for (let block = 0; block < 6; block++) { // the last two have ties, which ggml sends to the lower code
    const at = block * 17;
    if (block !== 4) assertEquals(ours[at], theirs[at]); // any scale will do for zeros
    for (let i = 0; i < 32; i++) {
      const [own, other] = [
        nibble(ours[at + 1 + (i >> 1)]!, i & 1),
        nibble(theirs[at + 1 + i % 16]!, i >> 4),
      ];
      assertEquals(own % 8 ? own : 0, other % 8 ? other : 0); // −0 is 0
    }
  }
});

Deno.test("microscaling formats take 8 / 32 of a bit beside their elements", () => {
  const bits = formats.map(([, format]) => format.bitsPerValue);
  assertEquals(bits, [4.25, 6.25, 6.25, 8.25, 8.25, 8.25]);
  assertEquals(blockFloatingPoint(4, 16).bitsPerValue, 4.5); // MSFP12
});

for (const format of [...Object.values(microscaling), blockFloatingPoint(4, 16)]) {
  Deno.test(`${format.name}: roundTrip() twice is once, and goes along with powers of two`, () => {
    fc.assert(
      fc.property(row, fc.integer({ min: -20, max: 20 }), (values, k) => {
        const once = format.roundTrip(values);
        assertEquals([...format.roundTrip(once)], [...once]);
        const scaled = format.roundTrip(values.map((value) => value * 2 ** k));
        assertEquals([...scaled], Array.from(once, (value) => value * 2 ** k));
      }),
      { numRuns: 40 },
    );
  });
}

Deno.test("MXFP4 gives each value a nearest one of the block's 15, by a brute force", () => {
  const levels = [...valuesOf(smallFloats.fp4E2M1)];
  fc.assert(fc.property(row, (values) => {
    const block = values.subarray(0, 32);
    const largest = Math.max(...block.map(Math.abs));
    if (largest === 0) return;
    let power = 1; // so that the largest is in [4, 8) times the power
    while (largest < 4 * power) power /= 2;
    while (largest >= 8 * power) power *= 2;
    microscaling.mxfp4.roundTrip(block).forEach((back, i) => {
      const best = Math.min(...levels.map((level) => Math.abs(level * power - block[i]!)));
      assertEquals(Math.abs(back - block[i]!), best);
    });
  }));
});

Deno.test("microscaling formats come through a block of zeros and of the smallest and largest floats", () => {
  for (const [, format] of formats) {
    for (const value of [0, 2 ** -149, 2 ** -126, 3.4e38]) {
      const back = format.roundTrip(new Float32Array(32).fill(value));
      assert(
        back.every((x) => Number.isFinite(x) && x <= Math.fround(3.5e38)),
        `${format.name} ${value}`,
      );
      if (value === 0) assert(back.every((x) => x === 0));
    }
  }
});

Deno.test("sharedExponent() refuses a block that does not fill whole bytes", () => {
  assertThrows(
    () => sharedExponent("odd", smallFloats.fp6E3M2, 3),
    RangeError,
    "Cannot make odd as a block must fill whole bytes: current value is 3 codes of 6 bits",
  );
});
