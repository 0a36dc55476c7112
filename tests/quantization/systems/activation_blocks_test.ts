import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { activationBlocks } from "@fewer-bytes/quantization";

Deno.test("activationBlocks() needs as many 8-bit blocks as outliers fill, once they are gathered", () => {
  const count = fc.integer({ min: 0, max: 100 });
  fc.assert(fc.property(count, fc.nat(1e6), (outliers, seed) => {
    const peaks = seeded(seed).shuffle(
      Array.from({ length: 1024 }, (_, i) => i < outliers ? 50 + i : 1 + i / 1024),
    );
    const gathered = activationBlocks(peaks, { blockSize: 32 });
    const spread = activationBlocks(peaks, { blockSize: 32, gather: false });
    assertEquals(gathered.share8, Math.ceil(outliers / 32) / 32);
    assertEquals(gathered.outlierShare, outliers / 1024);
    const touched = new Set(
      peaks.flatMap((peak, channel) => peak >= 50 ? [Math.floor(channel / 32)] : []),
    );
    assertEquals(spread.share8, touched.size / 32);
  }));
});

Deno.test("activationBlocks() without gathering is spoiled by outliers at random: 1 − (1 − p)^block", () => {
  const random = seeded(1);
  const peaks = Array.from({ length: 128 * 400 }, () => random.uniform() < 0.01 ? 60 : 1);
  const { share8 } = activationBlocks(peaks, { gather: false });
  assertAlmostEquals(share8, 1 - 0.99 ** 128, 0.06); // 0.72 of the blocks for 1 % of the channels
});

Deno.test("activationBlocks() finds no outliers among equals, nor among zeros", () => {
  assertEquals(activationBlocks(new Float32Array(256).fill(3)).bits, [4, 4]);
  assertEquals(activationBlocks(new Float32Array(256)).share8, 0);
});

Deno.test("activationBlocks() refuses blocks that do not divide, and bad peaks", () => {
  assertThrows(() => activationBlocks([1, 2, 3], { blockSize: 2 }), RangeError, "divide 3");
  assertThrows(() => activationBlocks([]), RangeError, "channels");
  assertThrows(() => activationBlocks([1, NaN], { blockSize: 2 }), RangeError, "NaN");
  assertThrows(() => activationBlocks([1, -2], { blockSize: 2 }), RangeError, "smallest is -2");
  assertThrows(() => activationBlocks([1], { blockSize: 1, threshold: 0 }), RangeError, "> 0");
});
