import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { headAttention, rotateRows } from "@fewer-bytes/attention";
import { assembleModel, DenseCache, denseCache, forward, type Weight } from "@fewer-bytes/lm";
import { Matrix } from "@fewer-bytes/numeric";
import { recordAttention } from "./recorded.ts";
import { tinyConfig, tinyTensors } from "./tiny.ts";

const windows = [3, undefined, 5];
const model = assembleModel({
  ...tinyConfig,
  sliding_window: 3,
  layer_types: ["sliding_attention", "full_attention", "full_attention"],
}, tinyTensors());
/** The tiny model with another window in each layer, which a configuration cannot say. */
const windowed = {
  ...model,
  layers: model.layers.map((layer, index) =>
    windows[index] ? { ...layer, window: windows[index] } : layer
  ),
};
const tokens = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];

Deno.test("layers with windows give what headAttention() gives in 64 bits, and no other does", () => {
  const times = (x: Matrix, { outputs, inputs, data }: Weight) =>
    x.multiply(new Matrix(outputs, inputs, Float64Array.from(data)).transpose());
  const turned = (x: Matrix, heads: number) => rotateRows(x, { heads });
  const layers = recordAttention(windowed, { tokens, cache: denseCache(windowed) });
  layers.forEach(({ got, gave }, index) => {
    const { queries, keys, values, output } = windowed.layers[index]!;
    const expected = times(
      headAttention(
        turned(times(got, queries), 6),
        turned(times(got, keys), 2),
        times(got, values),
        {
          queryHeads: 6,
          keyValueHeads: 2,
          ...(windows[index] && { window: windows[index] }),
        },
      ),
      output,
    );
    expected.data.forEach((value, i) => assertAlmostEquals(gave.data[i]!, value, 2e-5));
  });
});

Deno.test("a model with windows gives the same whether tokens come at once, in parts, or one by one", () => {
  const run = (parts: number[][]) => {
    const cache = denseCache(windowed);
    return parts.map((tokens) => forward(windowed, [{ tokens, cache }])[0]!).at(-1)!;
  };
  const atOnce = run([tokens]);
  for (const parts of [[tokens.slice(0, 4), tokens.slice(4)], tokens.map((token) => [token])]) {
    run(parts).forEach((logit, i) => assertAlmostEquals(logit, atOnce[i]!, 2e-5));
  }
});

Deno.test("a cache that knows no window is refused as soon as it gives too much", () => {
  const cache = new DenseCache(3, 8);
  forward(windowed, [{ tokens: tokens.slice(0, 3), cache }]);
  assertThrows(
    () => forward(windowed, [{ tokens: [1], cache }]),
    RangeError,
    "at most the newest 3 tokens: current number is 4",
  );
  assertEquals(cache.length, 3);
});
