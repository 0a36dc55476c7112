import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { preemptionCost } from "@fewer-bytes/paging";

const model = findModel("opt-13b");
const hardware = findHardware("nvidia-a100-sxm-40gb");
const sequence = { model, hardware, tokens: 512 };

Deno.test("preemptionCost() moves whole blocks twice and starts a copy for keys and values of each layer", () => {
  const { swap, bytes, copies } = preemptionCost({ ...sequence, tokens: 500, copyOverhead: 1e-5 });
  assertEquals(bytes, 512 * 819_200); // 800 KiB a token, as in the paper
  assertEquals(copies, 32 * 40 * 2);
  assertAlmostEquals(swap, 2 * (bytes / 32e9 + copies * 1e-5), 1e-9);
});

Deno.test("as in the paper, swapping small blocks is slow, recomputation does not care, and they are close from 16 to 64", () => {
  const costs = [1, 4, 16, 32, 64, 256].map((blockSize) =>
    preemptionCost({ ...sequence, blockSize })
  );
  costs.forEach(({ swap, recompute }, index) => {
    assertEquals(recompute, costs[0]!.recompute);
    if (index > 0) assert(swap < costs[index - 1]!.swap);
  });
  assert(costs[0]!.swap > 10 * costs[0]!.recompute);
  for (const { swap, recompute } of costs.slice(2, 5)) {
    assert(swap < 2 * recompute && recompute < 2 * swap);
  }
});

Deno.test("blocks that lie in one piece are swapped in one copy for each array, at nearly the speed of the link", () => {
  const scattered = preemptionCost({ ...sequence, tokens: 2048 });
  const grouped = preemptionCost({ ...sequence, tokens: 2048, runs: 1 });
  assertEquals(grouped.copies, 80);
  const link = 2 * grouped.bytes / 32e9;
  assert(grouped.swap < 1.02 * link && scattered.swap > 1.5 * link);
});

Deno.test("a latent is one array in each layer, so it takes half as many copies", () => {
  const latent = findModel("deepseek-v2-lite");
  assertEquals(preemptionCost({ model: latent, hardware, tokens: 16 }).copies, 27);
});

Deno.test("preemptionCost() refuses more runs than blocks, and hardware without a link to a host", () => {
  assertThrows(
    () => preemptionCost({ ...sequence, runs: 33 }),
    RangeError,
    "runs must be <= the 32 blocks: current value is 33",
  );
  assertThrows(() => preemptionCost({ ...sequence, tokens: 0 }), RangeError, "tokens");
  assertThrows(
    () => preemptionCost({ ...sequence, hardware: { ...hardware, links: [] } }),
    RangeError,
    "PCIe",
  );
});
