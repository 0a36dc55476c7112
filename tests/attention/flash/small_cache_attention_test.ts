import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { plainAttention, smallCacheAttention, TwoLevelMemory } from "@fewer-bytes/attention";
import { anySizes, distance, randomInputs, wideInputs } from "./random_inputs.ts";

Deno.test("smallCacheAttention() is exact in a fast memory of any size, down to five values", () => {
  fc.assert(
    fc.property(
      anySizes,
      fc.integer({ min: 5, max: 400 }),
      fc.boolean(),
      fc.nat(999),
      (sizes, room, causal, seed) => {
        const inputs = randomInputs(sizes, seed);
        const memory = new TwoLevelMemory(4 * room);
        const { output } = smallCacheAttention(inputs, { causal, memory });
        assert(distance(output.data, plainAttention(wideInputs(inputs), { causal }).data) < 1e-5);
        assert(memory.peak <= 4 * room);
      },
    ),
  );
});

Deno.test("smallCacheAttention() writes the scores once, and reads them once for each block of value columns", () => {
  const n = 24;
  const inputs = randomInputs({ queries: n, keys: n, width: 12, valueWidth: 12 });
  const side = 4; // 4² + 4 · 4 values
  const { memory } = smallCacheAttention(inputs, {
    memory: new TwoLevelMemory(4 * (side * side + 4 * side)),
  });
  const { bytesRead, bytesWritten } = memory.arrays.find(({ name }) => name === "scores")!;
  assertEquals([bytesRead, bytesWritten], [4 * n * n * (12 / side), 4 * n * n]);
});

Deno.test("smallCacheAttention() refuses a fast memory for fewer than five values", () => {
  const inputs = randomInputs({ queries: 2, keys: 2, width: 2, valueWidth: 2 });
  assertThrows(() => smallCacheAttention(inputs, { memory: new TwoLevelMemory(16) }), RangeError);
});
