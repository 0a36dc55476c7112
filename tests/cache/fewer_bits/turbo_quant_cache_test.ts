import { assertEquals, assertThrows } from "@std/assert";
import { turboQuant, TurboQuantCache, turboQuantMethod } from "@fewer-bytes/cache";
import { bytesPerValue } from "@fewer-bytes/catalog";
import { seeded } from "@fewer-bytes/numeric";
import { randomHadamard } from "@fewer-bytes/quantization";
import { cacheBytes } from "@fewer-bytes/transformer";
import { logitsOf, model, someTokens } from "./runs.ts";

Deno.test("turboQuantMethod() gives the bytes that TurboQuantCache takes", () => {
  const cache = new TurboQuantCache(model, { bits: 3, window: 5 });
  const method = turboQuantMethod(3, { headDimension: 4, window: 5 });
  for (const [index, token] of someTokens(12).entries()) {
    logitsOf(cache, [token]);
    assertEquals(cache.bytes, cacheBytes(model.shape, index + 1, { storage: "fp32", method }));
  }
  assertEquals(8 * bytesPerValue(turboQuantMethod(4).storage!), 4.125);
});

Deno.test("TurboQuantCache holds each head as the format gives it back, by the rotation it is told", () => {
  const rotation = randomHadamard(4, seeded(9));
  const cache = new TurboQuantCache(model, { bits: 2, rotation });
  const row = Float32Array.of(1, 2, 3, 4, -5, 6, 7, 0.1);
  cache.append(0, { position: 0, keys: row, values: row, hidden: row });
  assertEquals(cache.read(0).keys.subarray(0, 8), turboQuant(2, 4, { rotation }).roundTrip(row));
});

Deno.test("turboQuantMethod() refuses other bits, heads and windows", () => {
  assertThrows(() => turboQuantMethod(5), RangeError, "current value is 5");
  assertThrows(() => turboQuantMethod(2, { headDimension: 1 }), RangeError, "head dimension");
  assertThrows(() => turboQuantMethod(2, { window: -1 }), RangeError, "the window");
});
