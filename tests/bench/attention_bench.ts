import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  CountedArray,
  fitTile,
  flashAttention,
  flatAttention,
  onlineSoftmax,
  plainAttention,
  sigmoidAttention,
  splitDecode,
  threePassSoftmax,
  TwoLevelMemory,
  twoPassSoftmax,
} from "@fewer-bytes/attention";

const random = seeded(1);
const normal = (rows: number, columns: number) =>
  Matrix.zeros(rows, columns).map(() => random.normal());
const [n, d] = [2048, 64];
const inputs = { queries: normal(n, d), keys: normal(n, d), values: normal(n, d) };
const shape = { queries: n, keys: n, width: d, valueWidth: d };
const bytes = 100 * 1024;

// The traffic of the tiled ones is counted while they run.
const group = `${n} queries and keys of width ${d}`;
Deno.bench("all scores stored", { group, baseline: true }, () => void plainAttention(inputs));
Deno.bench("FlashAttention-2's order", { group }, () => void flashAttention(inputs));
Deno.bench(
  "FlashAttention's order",
  { group },
  () => void flashAttention(inputs, { order: "keys outer" }),
);
Deno.bench("FlashAttention-2, causal", { group }, () => {
  flashAttention(inputs, { causal: true });
});
Deno.bench("FLAT, rows of scores in the fast memory", { group }, () => {
  flatAttention(inputs, { memory: new TwoLevelMemory(bytes) });
});
Deno.bench("sigmoid", { group }, () => void sigmoidAttention(inputs));
Deno.bench("which tile fits", () => void fitTile(bytes, shape));

const counted = "one million values through a memory that counts";
const memory = new TwoLevelMemory(bytes);
const slow = memory.place("values", new Float32Array(1 << 20));
const row = memory.tile("row", 64);
Deno.bench("read in rows of 64", { group: counted }, () => {
  for (let start = 0; start < slow.data.length; start += 64) memory.read(slow, start, row);
});
const single = memory.tile("value", 1);
Deno.bench("read one by one", { group: counted }, () => {
  for (let start = 0; start < slow.data.length; start++) memory.read(slow, start, single);
});
const array = new CountedArray(slow.data);
Deno.bench("load of a counted array", { group: counted }, () => {
  for (let i = 0; i < array.length; i++) array.load(i);
});

const scores = new CountedArray(normal(1, 100_000).data);
const weights = new CountedArray(new Float32Array(100_000));
for (
  const [name, algorithm] of Object.entries({ threePassSoftmax, onlineSoftmax, twoPassSoftmax })
) {
  Deno.bench(
    name,
    { group: "softmax of 100,000 scores, counted" },
    () => algorithm(scores, weights),
  );
}

const query = normal(1, d).row(0);
for (const splits of [1, 16]) {
  Deno.bench(`decode in ${splits} pieces`, { group: "one query, 2,048 keys, one core" }, () => {
    splitDecode(query, inputs.keys, inputs.values, splits);
  });
}
