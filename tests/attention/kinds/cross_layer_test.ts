import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  keysAndValues,
  randomAttentionLayer,
  runAttentionLayer,
  runCrossLayers,
  shareCaches,
  withSharedCaches,
} from "@fewer-bytes/attention";
import { findModel, layerCount } from "@fewer-bytes/catalog";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { cacheBytesPerToken, parameters } from "@fewer-bytes/transformer";
import { assertClose, randomMatrix } from "./support.ts";

const heads = { query: 4, keyValue: 2 };
const options = { queryHeads: 4, keyValueHeads: 2, rotary: {} };
const stack = (count: number, seed: number) => {
  const random = seeded(seed);
  return Array.from({ length: count }, () => randomAttentionLayer(8, heads, 2, random));
};
const x = randomMatrix(6, 8, 1);

Deno.test("runCrossLayers() without sharing runs the layers one after the other, each with its own cache", () => {
  const layers = stack(3, 2);
  const expected = layers.reduce<Matrix>(
    (hidden, layer) =>
      runAttentionLayer(layer, hidden, keysAndValues(layer, hidden, options), options),
    x,
  );
  const { output, cachedValues } = runCrossLayers(layers, x, options);
  assertClose(output, expected);
  assertEquals(cachedValues, 3 * 6 * 2 * (2 + 2));
});

Deno.test("runCrossLayers() hands the keys and values of the first of a group to the others", () => {
  const layers = stack(4, 3);
  let hidden: Matrix = x;
  for (const [own, guest] of [[layers[0]!, layers[1]!], [layers[2]!, layers[3]!]] as const) {
    const cache = keysAndValues(own, hidden, options);
    hidden = runAttentionLayer(
      guest,
      runAttentionLayer(own, hidden, cache, options),
      cache,
      options,
    );
  }
  assertClose(runCrossLayers(shareCaches(layers, 2), x, options).output, hidden);
});

Deno.test("sharing changes nothing where the other layers would have made the same keys and values", () => {
  // The first layer adds nothing, so the second sees the same input; and it has the same weights.
  const [first, second] = stack(2, 4);
  const output = first!.output.map(() => 0);
  const layers = [{ ...first!, output }, { ...second!, keys: first!.keys, values: first!.values }];
  const [shared, whole] = [shareCaches(layers, 2), layers].map((each) =>
    runCrossLayers(each, x, options)
  );
  assertClose(shared!.output, whole!.output);
  assertEquals(shared!.cachedValues, whole!.cachedValues / 2);
});

Deno.test("withSharedCaches() keeps one cache for each group of layers, and as many layers", () => {
  const model = findModel("llama-3.1-8b");
  fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), (group) => {
    const shared = withSharedCaches(model, group);
    assertEquals(layerCount(shared), 32);
    assertEquals(
      cacheBytesPerToken(shared),
      Math.ceil(32 / group) * cacheBytesPerToken(model) / 32,
    );
  }));
  // Half of the layers lose their key and value matrices: 2 x 4096 x 1024 each.
  const lost = parameters(model).total - parameters(withSharedCaches(model, 2)).total;
  assertEquals(lost, 16 * 2 * 4096 * 1024);
});

Deno.test("a first layer without keys and values, and a group that is none, are refused", () => {
  const [{ queries, output }] = stack(1, 1) as [ReturnType<typeof randomAttentionLayer>];
  assertThrows(() => runCrossLayers([{ queries, output }], x, options), TypeError, "layer 0");
  assertThrows(() => shareCaches([], 0), RangeError, "the group");
  assertThrows(() => withSharedCaches(findModel("gpt2"), 1.5), RangeError, "the group");
});
