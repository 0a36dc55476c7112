import { assert, assertEquals } from "@std/assert";
import { memoryParameters, ultraMemV2 } from "@fewer-bytes/experts";

Deno.test("ultraMemV2 keeps most of the model's 6.70 billion parameters in its values, and finds few of them", () => {
  const { values, active } = memoryParameters(ultraMemV2);
  assertEquals(values, 528 ** 2 * (384 + 768)); // numbers of table 10, as they stand there
  assert(16 * values > 0.75 * 6.7e9 && 16 * values < 6.7e9);
  assert(active < 0.02 * values);
});
