import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import {
  absorbedLatentAttention,
  expandedLatentAttention,
  interleavedToHalves,
  type LatentAttentionLayer,
  latentCache,
} from "@fewer-bytes/attention";
import {
  type CacheEntry,
  DenseCache,
  denseCache,
  forward,
  type LayerWeights,
  multiplyRows,
  type Weight,
} from "@fewer-bytes/lm";
import { Matrix } from "@fewer-bytes/numeric";
import { recordAttention } from "./recorded.ts";
import { tinyLatentModel } from "./tiny_latent.ts";

const model = tinyLatentModel();
const tokens = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];
const [heads, keyDimension, rotaryDimension, keyValueRank] = [6, 4, 2, 10];

const rowsOf = ({ outputs, inputs, data }: Weight) =>
  new Matrix(outputs, inputs, Float64Array.from(data)).toRows();

/** The same layer as chapter 06's own implementation has it: in 64 bits, with rotary pairs side by side, without gains. */
function reference({ queries, keys, values, output, latent }: LayerWeights): LatentAttentionLayer {
  const { rotaryQueries, down, norm, rotaryKey } = latent!;
  // Where the pair of halves (i, i + 1/2) stands when neighbors are paired.
  const order = interleavedToHalves(rotaryDimension);
  const neighbors = (rows: number[][]) =>
    rows.map((_, i) => rows[i - i % rotaryDimension + order.indexOf(i % rotaryDimension)]!);
  const perHead = (a: number[][], aWidth: number, b: number[][], bWidth: number) =>
    Matrix.from(
      Array.from({ length: heads }, (_, h) => [
        ...a.slice(h * aWidth, (h + 1) * aWidth),
        ...b.slice(h * bWidth, (h + 1) * bWidth),
      ]).flat(),
    );
  const gained = (weight: Weight) =>
    rowsOf(weight).map((row) => row.map((value, i) => value * norm[i]!));
  return {
    hiddenSize: 24,
    heads,
    keyValueRank,
    rotaryDimension,
    keyDimension,
    valueDimension: keyDimension,
    queries: perHead(
      rowsOf(queries),
      keyDimension,
      neighbors(rowsOf(rotaryQueries)),
      rotaryDimension,
    ),
    down: Matrix.from([...rowsOf(down), ...neighbors(rowsOf(rotaryKey))]),
    up: perHead(gained(keys), keyDimension, gained(values), keyDimension),
    output: Matrix.from(rowsOf(output)),
  };
}

for (const form of [expandedLatentAttention, absorbedLatentAttention]) {
  Deno.test(`a layer with latents gives what ${form.name}() gives in 64 bits`, () => {
    const layers = recordAttention(model, { tokens, cache: denseCache(model) });
    layers.forEach(({ got, gave }, index) => {
      const layer = reference(model.layers[index]!);
      const expected = form(layer, got, latentCache(layer, got));
      expected.data.forEach((value, i) => assertAlmostEquals(gave.data[i]!, value, 2e-5));
    });
  });
}

Deno.test("a model with latents gives the same whether tokens come at once, in parts, or one by one", () => {
  const run = (parts: number[][]) => {
    const cache = denseCache(model);
    return parts.map((tokens) => forward(model, [{ tokens, cache }])[0]!).at(-1)!;
  };
  const atOnce = run([tokens]);
  for (const parts of [[tokens.slice(0, 4), tokens.slice(4)], tokens.map((token) => [token])]) {
    run(parts).forEach((logit, i) => assertAlmostEquals(logit, atOnce[i]!, 2e-5));
  }
});

Deno.test("a latent entry is one array that holds keys and values, and a cache that keeps both apart serves as well", () => {
  const plain = forward(model, [{ tokens, cache: denseCache(model) }])[0]!;
  class Apart extends DenseCache {
    override append(layer: number, entry: CacheEntry) {
      assertEquals([entry.keys === entry.values, entry.keys.length], [true, 12]);
      super.append(layer, { ...entry, values: entry.values.slice() });
    }
  }
  const cache = new Apart(3, model.keyValueHeads * model.headDimension);
  assertEquals(forward(model, [{ tokens, cache }])[0]!, plain);
  const once = denseCache(model);
  forward(model, [{ tokens, cache: once }]);
  assertEquals([once.bytes, cache.bytes], [11 * 3 * 12 * 4, 2 * 11 * 3 * 12 * 4]);
});

Deno.test("every latent matrix matters: a change of a fifth in any of them moves the logits", () => {
  const plain = forward(model, [{ tokens, cache: denseCache(model) }])[0]!;
  const names = model.layers.flatMap(({ queries, keys, values, latent }) =>
    [queries, keys, values, latent!.rotaryQueries, latent!.down, latent!.rotaryKey].map((w) =>
      w.name
    )
  );
  for (const name of names) {
    const changed = tinyLatentModel((weight) =>
      // Every second number: latents are normalized, so that scaling all of them would change nothing.
      weight.data.map((value, i) => weight.name === name && i % 2 ? 1.2 * value : value)
    );
    const [logits] = forward(changed, [{ tokens, cache: denseCache(changed) }]);
    const most = logits!.reduce((most, logit, i) => Math.max(most, Math.abs(logit - plain[i]!)), 0);
    assertLess(1e-4, most, name);
  }
});

Deno.test("all matrices but the latent keys and values, which are absorbed, meet the multiply that is given", () => {
  const met: string[] = [];
  forward(model, [{ tokens, cache: denseCache(model) }], {
    multiply: (x, rows, weight, y) => {
      met.push(weight.name);
      multiplyRows(x, rows, weight, y);
    },
  });
  assertEquals(met.length, 3 * 8 + 1);
  assertEquals(met.some((name) => /[kv]_proj\.weight$/.test(name)), false);
});
