import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { rotateRows } from "@fewer-bytes/attention";
import { axisError, channelOutlier, outlierKeys } from "@fewer-bytes/cache";
import { Matrix, seeded } from "@fewer-bytes/numeric";

const make = (outliers: number, seed = 1) =>
  outlierKeys({ tokens: 256, channels: 32, outliers, offset: 20, random: seeded(seed) });

Deno.test("outlierKeys() puts so many channels so far from zero, and spreads all by one", () => {
  const keys = make(3);
  const middles = Array.from({ length: 32 }, (_, channel) => {
    const values = Array.from({ length: 256 }, (_, token) => keys.get(token, channel));
    const mean = values.reduce((sum, x) => sum + x, 0) / 256;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 256;
    assertAlmostEquals(variance, 1, 0.4);
    return Math.abs(mean);
  });
  assertEquals(middles.filter((middle) => Math.abs(middle - 20) < 0.5).length, 3);
  assertEquals(middles.filter((middle) => middle < 0.5).length, 29);
});

Deno.test("rotation does not make outliers: it makes keys that have them harder to store per channel", () => {
  const mean = (
    measure: (rows: Matrix<Float32Array>) => number,
    outliers: number,
    turned: boolean,
  ) => {
    let sum = 0;
    for (let seed = 0; seed < 8; seed++) {
      const keys = make(outliers, seed);
      sum += measure(turned ? new Matrix(256, 32, Float32Array.from(rotateRows(keys).data)) : keys);
    }
    return sum / 8;
  };
  const error = (rows: Matrix<Float32Array>) => axisError(rows, { bits: 2, groupSize: 32 }).channel;
  assertAlmostEquals(mean(channelOutlier, 0, true), mean(channelOutlier, 0, false), 0.2);
  assert(mean(channelOutlier, 2, true) < 1.02 * mean(channelOutlier, 2, false));
  assert(mean(error, 2, true) > 1.3 * mean(error, 2, false));
});

Deno.test("channelOutlier() and outlierKeys() refuse what has no middle, or too many outliers", () => {
  assertThrows(() => channelOutlier(Matrix.from([[0, 0, 1]])), RangeError, "the middle peak");
  assertThrows(() => channelOutlier(Matrix.from([])), RangeError, "the middle peak");
  assertThrows(() => make(17), RangeError, "at most 16: current value is 17");
  const random = seeded(1);
  assertThrows(() => outlierKeys({ tokens: 0, channels: 4, random }), RangeError, "tokens");
  assertThrows(() => outlierKeys({ tokens: 1, channels: 3, random }), RangeError, "half");
});
