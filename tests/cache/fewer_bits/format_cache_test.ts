import { assertEquals, assertThrows } from "@std/assert";
import { FormatCache } from "@fewer-bytes/cache";
import { blockFloatingPoint, microscaling } from "@fewer-bytes/quantization";
import { logitsOf, model, someTokens, width } from "./runs.ts";

Deno.test("FormatCache takes another format for values, and for each layer", () => {
  const cache = new FormatCache(model, {
    keys: (layer) => blockFloatingPoint(layer === 0 ? 8 : 4, 8),
    values: blockFloatingPoint(2, 8),
  });
  logitsOf(cache, someTokens(5));
  assertEquals(8 * cache.bytes, 5 * width * ((8 + 1) + 2 * (4 + 1) + 3 * (2 + 1)));
});

Deno.test("FormatCache holds each row as the format gives it back", () => {
  const format = blockFloatingPoint(3, 8);
  const cache = new FormatCache(model, { keys: format });
  const row = Float32Array.of(1, 2, 3, 4, -5, 6, 7, 0.1);
  cache.append(1, { position: 0, keys: row, values: row, hidden: row });
  assertEquals(cache.read(1).keys.subarray(0, 8), format.roundTrip(row));
  assertEquals(cache.read(0).count, 0);
});

Deno.test("FormatCache refuses a format whose blocks do not fill the keys", () => {
  assertThrows(
    () => new FormatCache(model, { keys: microscaling.mxfp4 }),
    RangeError,
    "blocks of 32 must fill a row: current width is 8",
  );
});
