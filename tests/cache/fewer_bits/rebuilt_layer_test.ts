import { assert, assertEquals } from "@std/assert";
import { RebuiltLayer, TokenRows } from "@fewer-bytes/cache";
import { type CacheEntry, rotateHeads } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { blockFloatingPoint } from "@fewer-bytes/quantization";
import { gap, hidden, model, width } from "./runs.ts";

const [layer] = model.layers;
const random = seeded(1);
const inputs = Array.from(
  { length: 6 },
  () => Float32Array.from({ length: hidden }, () => random.normal()),
);

/** Keys and values of an input, multiplied the plain way. */
function entry(input: Float32Array, position: number): CacheEntry {
  const times = (data: Float32Array) =>
    Float32Array.from(
      { length: width },
      (_, o) => input.reduce((sum, x, i) => sum + x * data[o * hidden + i]!, 0),
    );
  const keys = times(layer!.keys.data);
  rotateHeads(keys, 0, model.keyValueHeads, model.headDimension, position, model.ropeTheta);
  return { position, keys, values: times(layer!.values.data), hidden: input };
}

const keep = (entry: CacheEntry) => entry.hidden;
const sources = (store: TokenRows, other = store) => ({
  shape: model,
  keys: { store, keep, weight: layer!.keys },
  values: { store: other, keep, weight: layer!.values },
});

Deno.test("RebuiltLayer makes keys and values of what is left of an input, at its own position", () => {
  const format = blockFloatingPoint(4, hidden);
  const rebuilt = new RebuiltLayer(sources(new TokenRows(hidden, { format, window: 2 })));
  inputs.forEach((input, i) => rebuilt.append(entry(input, 5 * i)));
  assertEquals(rebuilt.count, 6);
  inputs.forEach((input, i) => {
    const expected = entry(i < 4 ? format.roundTrip(input) : input, 5 * i);
    assert(gap(rebuilt.keys.subarray(i * width, (i + 1) * width), expected.keys) < 1e-5);
    assert(gap(rebuilt.values.subarray(i * width, (i + 1) * width), expected.values) < 1e-5);
  });
});

Deno.test("RebuiltLayer counts a store that keys and values share once, and two stores twice", () => {
  const format = blockFloatingPoint(8, hidden);
  const make = () => new TokenRows(hidden, { format });
  const shared = new RebuiltLayer(sources(make()));
  const apart = new RebuiltLayer(sources(make(), make()));
  for (const each of [shared, apart]) each.append(entry(inputs[0]!, 0));
  assertEquals([shared.bytes, apart.bytes], [hidden + 1, 2 * (hidden + 1)]);
  assertEquals([shared.written, apart.written], [hidden + 1, 2 * (hidden + 1)]);
});
