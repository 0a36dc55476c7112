import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  keysAndValues,
  randomAttentionLayer,
  rotatingLayers,
  runAttentionLayer,
  runMixedLayers,
} from "@fewer-bytes/attention";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { assertClose, randomMatrix } from "../kinds/support.ts";

const random = seeded(1);
const heads = { query: 2, keyValue: 2 };
const layers = Array.from({ length: 4 }, () => randomAttentionLayer(8, heads, 4, random));
const options = { queryHeads: 2 };
const stack = (every: number) =>
  rotatingLayers(4, every).map((rotates, i) => ({ layer: layers[i]!, rotates }));
const x = randomMatrix(6, 8, 2);
const reversed = (matrix: Matrix) => Matrix.from(matrix.toRows().reverse());

Deno.test("rotatingLayers() leaves out the last layer of each group, as SmolLM3's configuration lists them", () => {
  // SmolLM3 has 36 layers; its no_rope_layers is 1, 1, 1, 0, nine times over.
  const published = Array.from({ length: 9 }, () => [true, true, true, false]).flat();
  assertEquals(rotatingLayers(36, 4), published);
  assertEquals(rotatingLayers(3, Infinity), [true, true, true]);
  assertEquals(rotatingLayers(3, 1), [false, false, false]);
});

Deno.test("without positions and without a causal mask a stack does not know the order of its tokens", () => {
  const run = (rows: Matrix, every: number) =>
    runMixedLayers(stack(every), rows, { ...options, causal: false });
  assertClose(run(reversed(x), 1), reversed(run(x, 1)));
  const [mixed, turned] = [run(reversed(x), 4), reversed(run(x, 4))];
  assert(
    mixed.data.some((value, i) => Math.abs(value - turned.data[i]!) > 1e-3),
    "with them it does",
  );
});

Deno.test("without positions a causal stack still knows what came before, but not how far away", () => {
  // The last token sees the others as a set when one layer looks at them.
  const one = stack(1).slice(0, 1);
  const last = (rows: Matrix) => Matrix.from([runMixedLayers(one, rows, options).toRows().at(-1)!]);
  const rows = x.toRows();
  const shuffled = Matrix.from([...rows.slice(0, 5).reverse(), rows[5]!]);
  assertClose(last(shuffled), last(x));
});

Deno.test("runMixedLayers() does not care where a sequence begins, with any mixture of layers", () => {
  for (const every of [1, 2, 4, Infinity]) {
    assertClose(
      runMixedLayers(stack(every), x, { ...options, rotary: { positions: 1000 } }),
      runMixedLayers(stack(every), x, options),
      1e-8,
    );
  }
});

Deno.test("runMixedLayers() gives windows to the layers that have one, as in Command A", () => {
  const mixed = stack(4).map((each) => each.rotates ? { ...each, window: 2 } : each);
  const expected = layers.reduce<Matrix>((hidden, layer, i) => {
    const own = i === 3 ? options : { ...options, rotary: {}, window: 2 };
    return runAttentionLayer(layer, hidden, keysAndValues(layer, hidden, own), own);
  }, x);
  assertClose(runMixedLayers(mixed, x, options), expected);
});

Deno.test("a period that is none is refused", () => {
  assertThrows(() => rotatingLayers(4, 0), RangeError, "the period");
  assertThrows(() => rotatingLayers(-1, 4), RangeError, "layers");
});
