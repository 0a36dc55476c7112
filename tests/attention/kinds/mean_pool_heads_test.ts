import { assert, assertEquals, assertThrows } from "@std/assert";
import { meanPoolHeads, meanPoolKeyValueHeads } from "@fewer-bytes/attention";
import { denseCache, forward, type LanguageModel } from "@fewer-bytes/lm";
import { cacheBytesPerToken } from "@fewer-bytes/transformer";
import { tinyModel } from "../../lm/runtime/tiny.ts";

const tokens = [3, 1, 4, 1, 5, 9, 2, 6];
const logits = (model: LanguageModel) =>
  forward(model, [{ tokens, cache: denseCache(model) }], { logits: "all" })[0]!;

Deno.test("meanPoolHeads() averages the rows of neighboring heads, row by row", () => {
  // Four heads of two outputs and one input.
  const data = Float32Array.from([1, 2, 3, 6, 10, 20, 30, 60]);
  const weight = { name: "k", outputs: 8, inputs: 1, data };
  const { outputs, data: pooled } = meanPoolHeads(weight, 4, 2);
  assertEquals(outputs, 4);
  assertEquals([...pooled], [2, 4, 20, 40]);
  assertEquals([...meanPoolHeads(weight, 4, 4).data], [...data]);
  assertEquals([...data], [1, 2, 3, 6, 10, 20, 30, 60], "the weight is left as it was");
});

Deno.test("meanPoolKeyValueHeads() is exact where the heads of a group are equal", () => {
  const model = tinyModel(({ name, data }) => {
    if (!/[kv]_proj/.test(name)) return data;
    const copy = data.slice();
    copy.copyWithin(copy.length / 2, 0, copy.length / 2); // the second head becomes the first
    return copy;
  });
  const pooled = meanPoolKeyValueHeads(model, 1);
  assertEquals([...logits(pooled)], [...logits(model)]);
});

Deno.test("meanPoolKeyValueHeads() halves the cache, measured and counted, and changes the function of other models", () => {
  const model = tinyModel();
  const pooled = meanPoolKeyValueHeads(model, 1);
  const bytes = [model, pooled].map((each) => {
    const cache = denseCache(each);
    forward(each, [{ tokens, cache }]);
    return cache.bytes;
  });
  assertEquals(bytes[0], 2 * bytes[1]!);
  assertEquals(cacheBytesPerToken(model.shape), 2 * cacheBytesPerToken(pooled.shape));
  const before = logits(model);
  assert(logits(pooled).some((value, i) => Math.abs(value - before[i]!) > 0.01));
  assertEquals(model.keyValueHeads, 2, "the model is left as it was");
});

Deno.test("heads that cannot be grouped evenly are refused", () => {
  const weight = { name: "k", outputs: 6, inputs: 1, data: new Float32Array(6) };
  assertThrows(() => meanPoolHeads(weight, 3, 2), RangeError, "must divide");
  assertThrows(() => meanPoolHeads(weight, 2, 3), RangeError, "the number of heads");
  assertThrows(() => meanPoolKeyValueHeads(tinyModel(), 0), RangeError, "kept");
});
