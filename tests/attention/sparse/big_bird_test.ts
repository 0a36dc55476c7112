import { assert, assertEquals, assertThrows } from "@std/assert";
import { bigBirdPattern, blockListOf, drawPattern, scalingExponent } from "@fewer-bytes/attention";
import fc from "fast-check";
import { published } from "./support.ts";

Deno.test("without random blocks bigBirdPattern() is DeepSpeed's layout", () => {
  assertEquals(
    drawPattern(bigBirdPattern({ blocks: 8, global: 1, random: 0 }), 8),
    published.big_bird0,
  );
});

Deno.test("each row draws so many blocks that it did not see, or all that are left", () => {
  const option = fc.record({
    blocks: fc.integer({ min: 1, max: 12 }),
    global: fc.nat(3),
    random: fc.nat(5),
    causal: fc.boolean(),
    seed: fc.nat(99),
  });
  fc.assert(fc.property(option, (options) => {
    const { blocks, random, causal } = options;
    const draw = (random: number) =>
      drawPattern(bigBirdPattern({ ...options, random }), blocks, { causal });
    const [without, withRandom] = [draw(0), draw(random)];
    for (let row = 0; row < blocks; row++) {
      const visible = causal ? row + 1 : blocks;
      const before = [...without[row]!].filter((sees) => sees === "1").length;
      const after = [...withRandom[row]!].filter((sees) => sees === "1").length;
      assertEquals(after - before, Math.min(random, visible - before));
    }
  }));
});

Deno.test("the same seed draws the same blocks, another seed others", () => {
  const draw = (seed: number) => drawPattern(bigBirdPattern({ blocks: 30, seed }), 30).join();
  assertEquals(draw(3), draw(3));
  assert(draw(3) !== draw(4));
});

Deno.test("BigBird's blocks grow with n, its random ones included", () => {
  const costs = [64, 256, 1024].map((blocks): [number, number] => {
    const grid = { queries: blocks, keys: blocks, blockSize: 1 };
    // Rows that see everything are two of them all: leave them out, as they grow with n each.
    const { lists } = blockListOf(bigBirdPattern({ blocks }), grid);
    return [blocks, lists.slice(2).reduce((sum, list) => sum + list.length, 0)];
  });
  const exponent = scalingExponent(costs);
  assert(Math.abs(exponent - 1) < 0.03);
});

Deno.test("an even window is refused", () => {
  assertThrows(
    () => bigBirdPattern({ blocks: 4, window: 2 }),
    RangeError,
    "must be odd: current value is 2",
  );
  assertThrows(() => bigBirdPattern({ blocks: 0 }), RangeError, "its blocks");
  assertThrows(() => bigBirdPattern({ blocks: 4, random: -1 }), RangeError, "its random blocks");
});
