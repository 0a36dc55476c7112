import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { layerSwap, swapBreakEven, tokenWiseSwap } from "@fewer-bytes/training";

const work = { model: findModel("llama-2-7b"), hardware: findHardware("nvidia-a100-sxm-80gb") };

Deno.test("the share is the largest that both link and host allow", () => {
  const batch = { sequences: 1, tokens: 65_536 };
  const swap = (host: number) => tokenWiseSwap({ ...work, batch }, host);
  const { compute, transfer, bytes, always } = layerSwap({ ...work, batch });
  const free = swap(1e15);
  assertEquals(free.limit, "link");
  const sent = always + free.share * (bytes - always);
  assertAlmostEquals(sent / bytes * transfer, compute, 1e-9);
  const tight = swap(100e9);
  assertEquals(tight.limit, "host");
  assertAlmostEquals(tight.hostBytes, 100e9, 1);
  assert(tight.recomputed > free.recomputed);
  assertThrows(() => swap(10e9), RangeError, "the host must hold");
});

Deno.test("beyond the break-even all is swapped and nothing computed again", () => {
  const batch = { sequences: 1, tokens: swapBreakEven(work) };
  const found = tokenWiseSwap({ ...work, batch }, 1e15);
  assertEquals([found.share, found.limit, found.recomputed], [1, "none", 0]);
});
