import { assertEquals, assertThrows } from "@std/assert";
import {
  headAttention,
  keysAndValues,
  randomAttentionLayer,
  rotateRows,
  runAttentionLayer,
} from "@fewer-bytes/attention";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { assertClose, randomMatrix } from "./support.ts";

const heads = { query: 4, keyValue: 2 };
const options = { queryHeads: 4, keyValueHeads: 2, rotary: {} };
const layer = randomAttentionLayer(6, heads, 2, seeded(1));
const x = randomMatrix(5, 6, 2);

Deno.test("runAttentionLayer() adds to its input what attention makes of projected, turned heads", () => {
  const times = (weight: Matrix) => x.multiply(weight.transpose());
  const attended = headAttention(
    rotateRows(times(layer.queries), { heads: 4 }),
    rotateRows(times(layer.keys), { heads: 2 }),
    times(layer.values),
    { queryHeads: 4, keyValueHeads: 2 },
  ).multiply(layer.output.transpose());
  const expected = attended.map((value, i) => value + x.data[i]!);
  assertClose(runAttentionLayer(layer, x, keysAndValues(layer, x, options), options), expected);
});

Deno.test("runAttentionLayer() decodes the last token from the cache of all", () => {
  const cache = keysAndValues(layer, x, options);
  const whole = runAttentionLayer(layer, x, cache, options);
  const last = Matrix.from([x.toRows()[4]!]);
  const decoded = runAttentionLayer(layer, last, cache, { ...options, rotary: { positions: 4 } });
  assertClose(decoded, Matrix.from([whole.toRows()[4]!]));
});

Deno.test("keysAndValues() keeps a key and a value for each key-value head", () => {
  const { keys, values } = keysAndValues(layer, x, options);
  assertEquals([keys.rows, keys.columns, values.columns], [5, 2 * 2, 2 * 2]);
});

Deno.test("randomAttentionLayer() asks for whole numbers from 1", () => {
  assertThrows(
    () => randomAttentionLayer(0, heads, 2, seeded(1)),
    RangeError,
    "hiddenSize must be a finite number >= 1",
  );
});
