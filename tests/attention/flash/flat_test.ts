import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  flashAttention,
  flatAttention,
  flatRows,
  plainAttention,
  TwoLevelMemory,
} from "@fewer-bytes/attention";
import { anySizes, anyTile, distance, randomInputs, wideInputs } from "./random_inputs.ts";

Deno.test("flatAttention() is exact for any number of rows and any piece of keys", () => {
  fc.assert(
    fc.property(anySizes, anyTile, fc.boolean(), fc.nat(999), (sizes, tile, causal, seed) => {
      const inputs = randomInputs(sizes, seed);
      const { output } = flatAttention(inputs, { causal, tile });
      assert(distance(output.data, plainAttention(wideInputs(inputs), { causal }).data) < 2e-6);
    }),
  );
});

Deno.test("flatAttention() moves no score, and reads keys and values once for each block of rows", () => {
  const [n, d, room] = [64, 8, 1024];
  const memory = new TwoLevelMemory(4 * room);
  flatAttention(randomInputs({ queries: n, keys: n, width: d, valueWidth: d }), { memory });
  const rows = flatRows(4 * room, { queries: n, keys: n, width: d, valueWidth: d });
  assertEquals(memory.traffic, 4 * (2 * n * d + Math.ceil(n / rows) * 2 * n * d));
  assert(memory.peak <= 4 * room);
});

Deno.test("FLAT's traffic over FlashAttention's grows with the context, at one size of fast memory", () => {
  const ratio = (n: number) => {
    const inputs = randomInputs({ queries: n, keys: n, width: 4, valueWidth: 4 });
    const room = () => new TwoLevelMemory(4 * 1024);
    return flatAttention(inputs, { memory: room() }).memory.traffic /
      flashAttention(inputs, { memory: room() }).memory.traffic;
  };
  assert(ratio(512) > 2 * ratio(128));
});
