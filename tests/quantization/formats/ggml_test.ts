import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { dequantize, tensorFormats } from "@fewer-bytes/lm";
import { ggmlFormat } from "@fewer-bytes/quantization";
// Made with gguf-py, the original implementation in Python: see golden_blocks.py beside it.
import golden from "./fixtures/golden_blocks.json" with { type: "json" };

/** Between −1 and 1, in steps of 2⁻²⁰: powers of two can scale it, and nothing is lost. */
const number = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((steps) => steps / 2 ** 20);

const names = ["Q4_0", "Q4_1", "Q8_0"] as const;
const rows = new Float32Array(Uint8Array.fromHex(golden.rows).buffer);
// Between −1 and 1, both signs present, times a power of two for which scales are ordinary 16-bit floats.
const row = fc.tuple(
  fc.array(number, { minLength: 30, maxLength: 30 }),
  fc.integer({ min: -6, max: 6 }),
).map(([values, k]) => Float32Array.from([...values, -0.75, 0.5], (value) => value * 2 ** k));

/** Into how many steps the largest value is cut at most. */
const levels = { Q4_0: 8, Q4_1: 15, Q8_0: 127 };

for (const name of names) {
  const format = ggmlFormat(name);

  Deno.test(`${name}: encode() gives the original's bytes`, () => {
    assertEquals(format.encode(rows).toHex(), golden.bytes[name]);
  });

  Deno.test(`${name}: roundTrip() is encode(), then the reader of weight files`, () => {
    const stored = [...tensorFormats.values()].find((other) => other.name === name)!;
    assertEquals([...format.roundTrip(rows)], [...dequantize(stored, format.encode(rows))]);
  });

  Deno.test(`${name}: roundTrip() twice is once, and goes along with powers of two`, () => {
    fc.assert(fc.property(row, fc.integer({ min: -3, max: 3 }), (values, k) => {
      const once = format.roundTrip(values);
      assertEquals([...format.roundTrip(once)], [...once]);
      // A scale below the smallest ordinary 16-bit float has fewer bits, so that it does not go along.
      const largest = Math.max(...values.map(Math.abs));
      fc.pre(largest / levels[name] * 2 ** Math.min(k, 0) >= 2 ** -14);
      const scaled = format.roundTrip(values.map((value) => value * 2 ** k));
      assertEquals([...scaled], Array.from(once, (value) => value * 2 ** k));
    }));
  });
}

Deno.test("ggml's formats err by at most about half a step, but for the end that Q4_0 has no level for", () => {
  fc.assert(fc.property(row, (values) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const largest = Math.max(-low, high);
    // Half a step, and what rounding the scale to 11 bits adds at the far end.
    const limits = { Q4_0: largest / 8, Q4_1: (high - low) / 30, Q8_0: largest / 254 };
    for (const name of names) {
      const slack = limits[name] + (high - low + largest) * 2 ** -11;
      ggmlFormat(name).roundTrip(values).forEach((back, i) => {
        assert(Math.abs(back - values[i]!) <= slack, name);
      });
    }
  }));
});

Deno.test("Q4_0 takes 4.5 bits, Q4_1 5 and Q8_0 8.5", () => {
  assertEquals(names.map((name) => ggmlFormat(name).bitsPerValue), [4.5, 5, 8.5]);
});

Deno.test("Q4_0 gives the extreme value −8 steps of either sign, and the first one when two are as extreme", () => {
  const block = new Float32Array(32);
  block.set([-2, 2]);
  assertEquals([...ggmlFormat("Q4_0").roundTrip(block).slice(0, 2)], [-2, 1.75]);
  block.set([2, -2]);
  assertEquals([...ggmlFormat("Q4_0").roundTrip(block).slice(0, 2)], [2, -1.75]);
});

Deno.test("ggml's formats come through constant blocks, zero ones among them", () => {
  for (const name of names) {
    for (const value of [0, 1, -1]) {
      const back = ggmlFormat(name).roundTrip(new Float32Array(32).fill(value));
      assert(
        back.every((x) => Math.abs(x - value) <= Math.abs(value) * 2 ** -11),
        `${name} ${value}`,
      );
    }
  }
});

Deno.test("ggmlFormat() refuses a format that it cannot encode", () => {
  assertThrows(
    () => ggmlFormat("Q4_K" as "Q4_0"),
    RangeError,
    'Cannot encode a block as its format must be one of Q4_0, Q4_1, Q8_0: current value is "Q4_K"',
  );
});
