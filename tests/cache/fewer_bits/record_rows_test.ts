import { assert, assertEquals, assertThrows } from "@std/assert";
import { recordRows } from "@fewer-bytes/cache";
import { rotateRows } from "@fewer-bytes/attention";
import { denseCache, forward } from "@fewer-bytes/lm";
import { gap, model, someTokens } from "./runs.ts";

const tokens = someTokens(11);

Deno.test("recordRows() gives what a dense cache holds", () => {
  const cache = denseCache(model);
  forward(model, [{ tokens, cache }]);
  recordRows(model, tokens).forEach(({ keys, values }, layer) => {
    const cached = cache.read(layer);
    assertEquals([keys.rows, gap(cached.keys, keys.data)], [11, 0]);
    assertEquals(gap(cached.values, values.data), 0);
  });
});

Deno.test("recordRows() gives keys that become the cached ones by rotation, and inputs that they are made from", () => {
  recordRows(model, tokens).forEach(({ keys, unrotated, hidden }, layer) => {
    const { keys: weight } = model.layers[layer]!;
    const turned = rotateRows(unrotated, { heads: 2, theta: model.ropeTheta });
    assert(gap(turned.data, keys.data) < 1e-5);
    const first = weight.data.subarray(0, weight.inputs);
    const made = first.reduce((sum, value, i) => sum + value * hidden.get(4, i), 0);
    assert(Math.abs(made - unrotated.get(4, 0)) < 1e-4);
  });
});

Deno.test("recordRows() refuses no tokens", () => {
  assertThrows(() => recordRows(model, []), RangeError, "new tokens");
});
