import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  blockFloat,
  BlockFloatCache,
  keyOrder,
  outlierKeys,
  relativeError,
  valueOrder,
} from "@fewer-bytes/cache";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { blockFloatingPoint, channelPeaks } from "@fewer-bytes/quantization";
import { cacheBytes } from "@fewer-bytes/transformer";
import { logitsOf, model, someTokens } from "./runs.ts";

Deno.test("blockFloat() gives the bytes that BlockFloatCache takes, with an order or without", () => {
  const order = { keys: keyOrder([1, 2, 3, 4, 5, 6, 7, 8], 4), values: [3, 2, 1, 0, 4, 5, 6, 7] };
  for (const orders of [undefined, model.layers.map(() => order)]) {
    const cache = new BlockFloatCache(model, {
      blockSize: 4,
      window: 3,
      ...(orders && { orders }),
    });
    logitsOf(cache, someTokens(10));
    const method = blockFloat(4, { blockSize: 4, window: 3 });
    assertEquals(cache.bytes, cacheBytes(model.shape, 10, { storage: "fp32", method }));
  }
});

Deno.test("an order that puts loud channels together saves the quiet ones", () => {
  // Loud channels of one head of 16, spread over its blocks of 4.
  const keys = outlierKeys({ tokens: 40, channels: 16, outliers: 4, random: seeded(3) });
  const order = keyOrder(channelPeaks(keys), 16);
  const wide = { ...model, keyValueHeads: 1, headDimension: 16 };
  const orders = model.layers.map(() => ({ keys: order, values: valueOrder(keys.row(0), 16) }));
  const peaks = channelPeaks(keys);
  const quietError = (cache: BlockFloatCache) => {
    for (let position = 0; position < 40; position++) {
      const row = keys.row(position);
      cache.append(0, { position, keys: row, values: row, hidden: row });
    }
    const back = cache.read(0).keys.slice(0, keys.data.length);
    const quiet = (data: Float32Array) => data.filter((_, i) => peaks[i % 16]! < 10);
    return relativeError(quiet(keys.data), quiet(back));
  };
  const before = quietError(new BlockFloatCache(wide, { mantissaBits: 4, blockSize: 4 }));
  const after = quietError(new BlockFloatCache(wide, { mantissaBits: 4, blockSize: 4, orders }));
  assert(after < before / 2, `${before} before, ${after} after`);
});

Deno.test("BlockFloatCache holds what the format makes of each row", () => {
  const cache = new BlockFloatCache(model, { mantissaBits: 4, blockSize: 8 });
  const row = Float32Array.of(9, 0.1, 0.2, 3, -4, 5, 6, 7);
  cache.append(0, { position: 0, keys: row, values: row, hidden: row });
  assertEquals(
    new Matrix(1, 8, cache.read(0).values.slice(0, 8)).row(0),
    blockFloatingPoint(4, 8).roundTrip(row),
  );
});

Deno.test("BlockFloatCache and blockFloat() refuse blocks, orders and bits that cannot be", () => {
  assertThrows(() => new BlockFloatCache(model, { blockSize: 16 }), RangeError, "blocks of 16");
  assertThrows(
    () => new BlockFloatCache(model, { blockSize: 8, orders: [] }),
    RangeError,
    "current number is 0",
  );
  assertThrows(() => blockFloat(5), RangeError, "current value is 5");
  assertThrows(() => blockFloat(4, { blockSize: 0 }), RangeError, "the block size");
});
