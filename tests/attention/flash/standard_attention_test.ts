import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  flashAttention,
  plainAttention,
  standardAttention,
  TwoLevelMemory,
} from "@fewer-bytes/attention";
import { anySizes, distance, randomInputs, wideInputs } from "./random_inputs.ts";

Deno.test("standardAttention() is exact for any fast memory, even one smaller than a row", () => {
  fc.assert(
    fc.property(
      anySizes,
      fc.integer({ min: 3, max: 400 }),
      fc.boolean(),
      fc.nat(999),
      (sizes, room, causal, seed) => {
        const inputs = randomInputs(sizes, seed);
        const memory = new TwoLevelMemory(4 * room);
        const { output } = standardAttention(inputs, { causal, memory });
        assert(distance(output.data, plainAttention(wideInputs(inputs), { causal }).data) < 1e-5);
        assert(memory.peak <= 4 * room);
      },
    ),
  );
});

Deno.test("standardAttention() writes N² scores and N² weights, and reads each at least once", () => {
  const n = 40;
  const inputs = randomInputs({ queries: n, keys: n, width: 4, valueWidth: 4 });
  const { memory } = standardAttention(inputs);
  const moved = (name: string) => {
    const { bytesRead, bytesWritten } = memory.arrays.find((array) => array.name === name)!;
    return [bytesRead / (4 * n * n), bytesWritten / (4 * n * n)];
  };
  assertEquals([moved("scores"), moved("weights")], [[1, 1], [1, 1]]);
});

Deno.test("standardAttention() reads scores twice where a row does not fit: maximum and sum, then weights", () => {
  const n = 40;
  const inputs = randomInputs({ queries: n, keys: n, width: 4, valueWidth: 4 });
  const { memory } = standardAttention(inputs, { memory: new TwoLevelMemory(4 * (n - 1)) });
  assertEquals(memory.arrays.find(({ name }) => name === "scores")!.bytesRead, 2 * 4 * n * n);
});

Deno.test("more fast memory does not help standardAttention() below 4 N² values, as it does flashAttention()", () => {
  const inputs = randomInputs({ queries: 128, keys: 128, width: 8, valueWidth: 8 });
  const memory = () => new TwoLevelMemory(1e6);
  assert(standardAttention(inputs, { memory: memory() }).memory.traffic > 4 * 4 * 128 * 128);
  assert(flashAttention(inputs, { memory: memory() }).memory.traffic < 4 * 128 * 128);
});
