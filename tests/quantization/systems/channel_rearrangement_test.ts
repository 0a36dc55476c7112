import { assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  blockFloatingPoint,
  channelPeaks,
  orderByMagnitude,
  roundToNearest,
} from "@fewer-bytes/quantization";

const channels = 128;
const random = seeded(3);
/** Four channels, far apart, are 50 times larger than the others. */
const activations = new Matrix(
  20,
  channels,
  Float32Array.from(
    { length: 20 * channels },
    (_, i) => random.normal() * (i % channels % 32 === 5 ? 50 : 1),
  ),
);

/** Activations in another order. */
const reorder = (x: Matrix<Float32Array>, order: readonly number[]) =>
  x.map((_, i) => x.data[i - i % x.columns + order[i % x.columns]!]!);

/** The error of each channel over its own energy, on average: a model reads loud channels with small weights. */
function relativeError(x: Matrix<Float32Array>, rounded: Matrix<Float32Array>): number {
  const [errors, energies] = [new Float64Array(channels), new Float64Array(channels)];
  x.data.forEach((value, i) => {
    errors[i % channels]! += (value - rounded.data[i]!) ** 2;
    energies[i % channels]! += value ** 2;
  });
  return errors.reduce((sum, error, channel) => sum + error / energies[channel]!, 0) / channels;
}

for (
  const [name, round] of [
    ["whole numbers", (x) => roundToNearest(x, { bits: 4, groupSize: 32 })],
    [
      "numbers with a shared exponent",
      (x) => new Matrix(x.rows, x.columns, blockFloatingPoint(5, 32).roundTrip(x.data)),
    ],
  ] as [string, (x: Matrix<Float32Array>) => Matrix<Float32Array>][]
) {
  Deno.test(`orderByMagnitude() saves the quiet channels of three in four blocks of ${name}`, () => {
    const sorted = reorder(activations, orderByMagnitude(channelPeaks(activations)));
    const [before, after] = [activations, sorted].map((x) => relativeError(x, round(x)));
    assertGreater(before!, 0.4); // each block has an outlier, so nearly all quiet values are rounded to 0
    assertLess(after!, before! / 2); // 28 quiet channels of 124 still share a block with outliers
  });
}

Deno.test("orderByMagnitude() is a permutation from the largest to the smallest, stable among equals", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 }), (values) => {
    const order = orderByMagnitude(values);
    assertEquals(order.toSorted((a, b) => a - b), values.map((_, i) => i));
    for (let i = 1; i < order.length; i++) {
      const [before, after] = [order[i - 1]!, order[i]!];
      const ahead = values[before]! - values[after]!;
      assertEquals(ahead > 0 || ahead === 0 && before < after, true);
    }
  }));
  assertThrows(() => orderByMagnitude([1, NaN]), RangeError, "channel 1 has NaN");
});
