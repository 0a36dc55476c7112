import { assert, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { blockCount, CountedBlocks } from "@fewer-bytes/serving";
import { weightBytes } from "@fewer-bytes/roofline";

Deno.test("CountedBlocks takes all or nothing, and never gives back more than was taken", () => {
  const memory = new CountedBlocks(10, 16);
  assert(memory.take(8));
  assert(!memory.take(3));
  assertEquals(memory.free, 2);
  memory.give(8);
  assertThrows(() => memory.give(1), RangeError, "only 0 of 10 are taken");
  assertThrows(() => new CountedBlocks(0), RangeError, "must be a finite number >= 1");
});

Deno.test("blockCount() never fills more than the memory, and wastes less than a block", () => {
  const model = findModel("llama-3.1-8b");
  const hardware = findHardware("nvidia-a100-sxm-80gb");
  const bytes = 16 * 131_072 * blockCount({ model, hardware });
  const room = 0.9 * hardware.memory[0].capacity - weightBytes(model);
  assert(bytes < room && bytes > 0.9 * room, `${bytes} of ${room}`);
  // Half the bytes of each value, twice the blocks.
  const formats = { weights: "bf16", cache: "fp8", activations: "bf16" } as const;
  const double = blockCount({ model, hardware, formats });
  assert(Math.abs(double - 2 * blockCount({ model, hardware })) <= 1);
});

Deno.test("blockCount() says when a model leaves no room", () => {
  assertThrows(
    () =>
      blockCount({ model: findModel("llama-3.1-70b"), hardware: findHardware("nvidia-h100-sxm") }),
    RangeError,
    "must leave room for the cache",
  );
});
