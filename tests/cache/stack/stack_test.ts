import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { stack } from "@fewer-bytes/cache";
import { estimate, footprint } from "@fewer-bytes/roofline";

const start = { model: findModel("qwen3-8b"), hardware: findHardware("nvidia-b200") };

Deno.test("stack() without steps is the deployment as it is: 147,456 bytes a token, stored and moved", () => {
  const [only, ...others] = stack(start, 50_000, []);
  assertEquals(others, []);
  assertEquals(only!.stored.cache, 50_000 * 147_456);
  assertAlmostEquals(only!.moved.cache, 50_001 * 147_456 + 147_456, 2 * 147_456);
  const { decode } = estimate(start, { promptTokens: 50_000, outputTokens: 1 });
  assertAlmostEquals(only!.seconds / decode.seconds, 1, 1e-9);
});

Deno.test("stack() applies each step to what the ones before it left", () => {
  const cache = { name: "half", storage: "fp8" } as const;
  const reads = { name: "a quarter", attended: (visible: number) => Math.ceil(visible / 4) };
  const stages = stack(start, 80_000, [
    { name: "fewer bits", change: { cache } },
    { name: "fewer reads", change: { reads } },
  ]);
  assertEquals(stages.map(({ name }) => name), ["as it is", "fewer bits", "fewer reads"]);
  const together = footprint({ ...start, cache, reads }, { promptTokens: 79_999, outputTokens: 1 });
  assertEquals(stages[2]!.stored.cache, together.cache);
  assertAlmostEquals(stages[1]!.stored.cache / stages[0]!.stored.cache, 1 / 2, 1e-9);
  assertAlmostEquals(stages[2]!.moved.cache / stages[0]!.moved.cache, 1 / 8, 1e-3);
  assertEquals(stages[2]!.stored, stages[1]!.stored); // reading less stores nothing less
  assertEquals(stages[2]!.moved.weights, stages[0]!.moved.weights);
  assert(stages[2]!.seconds < stages[1]!.seconds);
});

Deno.test("stack() refuses an empty context", () => {
  assertThrows(
    () => stack(start, 0, []),
    RangeError,
    "the context must be a finite number >= 1: current value is 0",
  );
  assertEquals(stack(start, 1, []).length, 1);
});
