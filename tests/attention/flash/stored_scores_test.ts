import { assertEquals } from "@std/assert";
import { attentionShape, standardAttention, TwoLevelMemory } from "@fewer-bytes/attention";
import { placeAll, scaleAndMask } from "../../../lib/attention/flash/stored_scores.ts";
import { randomInputs } from "./random_inputs.ts";

Deno.test("scaleAndMask() scales what is seen and hides what is above the diagonal, wherever the tile lies", () => {
  const inputs = randomInputs({ queries: 4, keys: 4, width: 4, valueWidth: 1 });
  const shape = attentionShape(inputs, { causal: true });
  const tile = Float32Array.of(2, 2, 2, 2);
  scaleAndMask(tile, 1, 1, { rows: 2, columns: 2 }, shape);
  assertEquals([...tile], [1, -Infinity, 1, 1]);
});

Deno.test("placeAll() moves nothing, and makes room for N² scores", () => {
  const inputs = randomInputs({ queries: 3, keys: 5, width: 4, valueWidth: 2 });
  const memory = new TwoLevelMemory(0);
  const { scores, left, keyColumns } = placeAll(memory, inputs, attentionShape(inputs));
  assertEquals([memory.traffic, scores.data.length], [0, 15]);
  assertEquals([left.rowStride, left.columnStride], [4, 1]);
  assertEquals([keyColumns.rowStride, keyColumns.columnStride], [1, 4]);
});

Deno.test("a result with stored scores says where it ran", () => {
  const memory = new TwoLevelMemory(4096);
  const inputs = randomInputs({ queries: 3, keys: 5, width: 4, valueWidth: 2 });
  assertEquals(standardAttention(inputs, { memory }).memory === memory, true);
});
