import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  dequantize,
  quantize,
  resolveGrid,
  roundHalfEven,
  roundToNearest,
} from "@fewer-bytes/quantization";
import golden from "./fixtures/torch_observers.json" with { type: "json" };

const matrices = fc.tuple(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 3 }))
  .map(([seed, rows]) => {
    const random = seeded(seed);
    const size = 10 ** (random.uniform() * 12 - 6);
    return new Matrix(
      rows,
      12,
      Float32Array.from({ length: rows * 12 }, () => size * random.normal()),
    );
  });
const grids = fc.record({
  bits: fc.integer({ min: 2, max: 16 }),
  symmetric: fc.boolean(),
  groupSize: fc.constantFrom(1, 3, 4, 12, "row" as const, "tensor" as const),
  clip: fc.constantFrom(1, 0.9, 0.3),
});

/** The definition, written value by value in plain arrays. */
function roundedByHand(values: number[], bits: number, symmetric: boolean): number[] {
  const even = (x: number) => {
    const below = Math.floor(x);
    return x - below === 0.5 ? below + Math.abs(below % 2) : Math.round(x);
  };
  if (symmetric) {
    const limit = 2 ** (bits - 1) - 1;
    const scale = Math.fround(Math.max(...values.map(Math.abs)) / limit);
    return values.map((w) =>
      Math.fround(scale * Math.max(-limit, Math.min(limit, even(w / scale))))
    );
  }
  const limit = 2 ** bits - 1;
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const scale = Math.fround((high - low) / limit);
  const zero = Math.min(limit, even(-low / scale));
  return values.map((w) =>
    Math.fround(scale * (Math.max(0, Math.min(limit, even(w / scale) + zero)) - zero))
  );
}

Deno.test("quantize() finds the scales, zero points and codes of PyTorch's observers", () => {
  // Made with torch 2.13.0: PerChannelMinMaxObserver (per_channel_symmetric with quant_min = −quant_max, or
  // per_channel_affine, eps = 1e-30) over the rows of weights.reshape(-1, groupSize), then
  // clamp(round(w / scale) + zero), equal there to torch.fake_quantize_per_channel_affine.
  const weights = new Matrix(4, 8, Float32Array.from(golden.weights));
  for (const { bits, symmetric, groupSize, scales, zeroPoints, codes } of golden.cases) {
    const grid = { bits, symmetric, groupSize: groupSize === 32 ? "tensor" as const : groupSize };
    const quantized = quantize(weights, grid);
    assertEquals([...quantized.codes], codes);
    assertEquals([...quantized.zeroPoints ?? scales.map(() => 0)], zeroPoints);
    quantized.scales.forEach((scale, i) => assertAlmostEquals(scale / scales[i]!, 1, 1e-6));
  }
});

Deno.test("roundToNearest() is the textbook's rounding, value by value", () => {
  fc.assert(
    fc.property(
      matrices,
      fc.integer({ min: 2, max: 16 }),
      fc.boolean(),
      (matrix, bits, symmetric) => {
        const rounded = roundToNearest(matrix, { bits, symmetric, groupSize: 4 });
        const expected = Array.from(
          { length: matrix.data.length / 4 },
          (_, g) => roundedByHand([...matrix.data.subarray(4 * g, 4 * g + 4)], bits, symmetric),
        ).flat();
        assertEquals([...rounded.data].map((w) => w + 0), expected.map((w) => w + 0));
      },
    ),
  );
});

Deno.test("roundHalfEven() takes ties to the even neighbor", () => {
  assertEquals([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((x) => roundHalfEven(x) + 0), [
    -2,
    -2,
    0,
    0,
    2,
    2,
  ]);
});

Deno.test("quantize() takes weights halfway between two marks to the even code, on either grid", () => {
  const ties = new Matrix(1, 6, Float32Array.of(7, 0.5, 1.5, 2.5, -0.5, -2.5));
  assertEquals([...quantize(ties, { bits: 4 }).codes], [7, 0, 2, 2, 0, -2]);
  const shifted = new Matrix(1, 6, Float32Array.of(12, -3, 0.5, 1.5, 2.5, -0.5));
  assertEquals([...quantize(shifted, { bits: 4, symmetric: false }).codes], [15, 0, 3, 5, 5, 3]);
});

Deno.test("quantize() keeps all codes on the grid, in the smallest array that holds them", () => {
  fc.assert(fc.property(matrices, grids, (matrix, grid) => {
    const { codes, scales, zeroPoints, groupSize } = quantize(matrix, grid);
    const { lowest, highest } = resolveGrid(grid, matrix.rows, matrix.columns);
    assert(codes.every((code: number) => code >= lowest && code <= highest));
    assertEquals(codes.BYTES_PER_ELEMENT, grid.bits <= 8 ? 1 : 2);
    assertEquals(scales.length, matrix.data.length / groupSize);
    assertEquals(zeroPoints?.length, grid.symmetric ? undefined : scales.length);
  }));
});

Deno.test("zeros stay exactly zero on every grid", () => {
  fc.assert(fc.property(matrices, grids, (matrix, grid) => {
    const pruned = matrix.map((w, i) => i % 3 === 0 ? 0 : w);
    const rounded = roundToNearest(pruned, grid);
    for (let i = 0; i < rounded.data.length; i += 3) assertEquals(rounded.data[i]! + 0, 0);
  }));
});

Deno.test("rounding twice is rounding once, on a symmetric grid without clip", () => {
  fc.assert(fc.property(matrices, fc.integer({ min: 2, max: 12 }), (matrix, bits) => {
    const once = roundToNearest(matrix, { bits, groupSize: 4 });
    const twice = roundToNearest(once, { bits, groupSize: 4 });
    once.data.forEach((w, i) => assertAlmostEquals(twice.data[i]!, w, Math.abs(w) * 1e-6));
  }));
});

Deno.test("negated weights round to negated weights on a symmetric grid", () => {
  fc.assert(fc.property(matrices, grids, (matrix, grid) => {
    const rounded = roundToNearest(matrix, { ...grid, symmetric: true });
    const negated = roundToNearest(matrix.map((w) => -w), { ...grid, symmetric: true });
    assertEquals([...negated.data].map((w) => w + 0), [...rounded.data].map((w) => 0 - w));
  }));
});

Deno.test("a constant group comes back up to float rounding, and a group of zeros exactly", () => {
  for (const symmetric of [true, false]) {
    for (let bits = 2; bits <= 16; bits++) {
      for (const value of [0, 1, -0.75, 1e-30, -3e38, 0.1]) {
        const same = new Matrix(1, 4, new Float32Array(4).fill(value));
        for (const back of roundToNearest(same, { bits, symmetric }).data) {
          assertAlmostEquals(back, same.data[0]!, Math.abs(value) * 2 ** -22);
        }
      }
    }
  }
});

Deno.test("the smallest of all floats give finite scales, and no NaN", () => {
  const tiny = new Matrix(1, 4, Float32Array.of(1e-45, 0, -1e-45, 1e-44));
  for (const symmetric of [true, false]) {
    const { scales, ...quantized } = quantize(tiny, { bits: 8, symmetric });
    assert(scales[0]! > 0);
    assert(dequantize({ ...quantized, scales }).data.every((w) => Math.abs(w) <= 1e-43));
  }
});

Deno.test("an asymmetric grid spends its codes on one side when all values lie there", () => {
  const positive = new Matrix(1, 4, Float32Array.of(0.1, 5, 10, 15));
  const { scales, zeroPoints, codes } = quantize(positive, { bits: 4, symmetric: false });
  assertEquals([scales[0], zeroPoints![0]], [1, 0]);
  assertEquals([...codes], [0, 5, 10, 15]);
});

Deno.test("smaller groups leave less error when one group holds an outlier", () => {
  const random = seeded(3);
  const weights = new Matrix(4, 64, Float32Array.from({ length: 256 }, () => random.normal()));
  weights.set(0, 0, 50);
  const errorOf = (groupSize: number | "row" | "tensor") =>
    roundToNearest(weights, { bits: 4, groupSize }).data.reduce(
      (sum, w, i) => sum + (w - weights.data[i]!) ** 2,
      0,
    );
  const errors = [errorOf("tensor"), errorOf("row"), errorOf(32), errorOf(8)];
  errors.slice(1).forEach((error, i) => assert(error < 0.8 * errors[i]!, `${errors}`));
});

Deno.test("quantize() refuses a NaN or an infinity, and says in which group", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    for (const symmetric of [true, false]) {
      const weights = Matrix.zeros(2, 4);
      weights.set(1, 1, value);
      assertThrows(() => quantize(weights, { bits: 4, symmetric }), RangeError, "the group from 4");
    }
  }
});

Deno.test("a NaN first in its group does not hide behind the values after it", () => {
  const weights = new Matrix(1, 3, Float32Array.of(NaN, 1, 2));
  assertThrows(() => quantize(weights, { bits: 4 }), RangeError, "must be finite");
  assertThrows(
    () => quantize(weights, { bits: 4, symmetric: false }),
    RangeError,
    "must be finite",
  );
});
