import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  bytesPerValue,
  findHardware,
  findMeasuredNode,
  findMemory,
  findModel,
} from "@fewer-bytes/catalog";
import {
  bestShares,
  blockTime,
  catalogNode,
  measuredNode,
  type OffloadNode,
  type OffloadPolicy,
  searchPolicy,
} from "@fewer-bytes/offload";

const flexgen = measuredNode(findMeasuredNode("flexgen-t4"));
const desktop = catalogNode({
  device: findHardware("nvidia-rtx-4060"),
  host: findHardware("intel-xeon-8480plus"),
  disk: findMemory("samsung-990-pro"),
});
const request = { promptTokens: 512, outputTokens: 32 };

/** All ways to cut a whole into three parts of so many steps. */
const thirds = (steps: number) => {
  const cuts: number[][] = [];
  for (let a = 0; a <= steps; a++) {
    for (let b = 0; a + b <= steps; b++) {
      cuts.push([a / steps, b / steps, (steps - a - b) / steps]);
    }
  }
  return cuts;
};

function bestOfGrid(
  model: string,
  node: OffloadNode,
  block: Omit<OffloadPolicy, "weights" | "cache" | "activations">,
  overlap: "all" | "chained",
) {
  let best = 0;
  for (const weights of thirds(4)) {
    for (const cache of thirds(4)) {
      for (const activations of thirds(2)) {
        const policy = { ...block, weights, cache, activations };
        const time = blockTime(findModel(model), node, request, policy, { overlap });
        if (time.fits) best = Math.max(best, time.tokensPerSecond);
      }
    }
  }
  return best;
}

Deno.test("bestShares() is as good as the best of a grid, and not much better", () => {
  for (
    const [model, node, block, overlap] of [
      ["opt-30b", flexgen, { gpuBatch: 16, batches: 2 }, "chained"],
      ["opt-6.7b", desktop, { gpuBatch: 8, batches: 4, hostAttention: false }, "all"],
    ] as const
  ) {
    const grid = bestOfGrid(model, node, block, overlap);
    const found = bestShares(findModel(model), node, request, block, { overlap })!;
    assert(grid > 0 && found.tokensPerSecond >= grid * (1 - 1e-9));
    assert(found.tokensPerSecond < 1.25 * grid);
  }
});

Deno.test("bestShares() fills tiers to the brim and no further", () => {
  const { footprint, policy } = bestShares(
    findModel("opt-175b"),
    flexgen,
    request,
    { gpuBatch: 32, batches: 8 },
    { overlap: "chained" },
  )!;
  assertAlmostEquals(footprint.host / flexgen.capacity.host, 1, 1e-6);
  assert(footprint.device <= flexgen.capacity.device * (1 + 1e-6));
  // FlexGen's own linear program: 61 % of the weights on the host, 39 % and all caches on disk.
  assertAlmostEquals(policy.weights[1]!, 0.62, 0.03);
  assertEquals(policy.cache[2], 1);
});

Deno.test("bestShares() finds what FlexGen's program finds for OPT-30B, batch 8: 24 % of the weights stay", () => {
  const found = bestShares(findModel("opt-30b"), flexgen, request, { gpuBatch: 8, batches: 1 }, {
    overlap: "chained",
  })!;
  assertAlmostEquals(found.policy.weights[0]!, 0.24, 0.01);
  assertAlmostEquals(found.tokensPerSecond, 1.94, 0.03);
});

Deno.test("searchPolicy() keeps everything on the device where it fits", () => {
  const { policy, bound } = searchPolicy(findModel("opt-6.7b"), flexgen, request, {
    gpuBatches: [2],
    batches: [1],
  });
  assertEquals([policy.weights[0], policy.cache[0], bound], [1, 1, "compute"]); // as FlexGen does: batch 2, on the GPU
});

Deno.test("searchPolicy() is never slower with a larger machine, or with fewer bits", () => {
  const model = findModel("opt-30b");
  const search = { gpuBatches: [8, 32], batches: [1, 4] };
  const rate = searchPolicy(model, desktop, request, search).tokensPerSecond;
  const larger = { ...desktop, capacity: { ...desktop.capacity, device: 16e9 } };
  assert(searchPolicy(model, larger, request, search).tokensPerSecond >= rate * (1 - 1e-9));
  const formats = { weights: "int4", cache: "int4", activations: "fp16" } as const;
  assertEquals(bytesPerValue("int4"), 0.5);
  assert(searchPolicy(model, desktop, request, { ...search, formats }).tokensPerSecond > rate);
});

Deno.test("searchPolicy() says what a model larger than all tiers would need", () => {
  const small = { ...flexgen, capacity: { device: 16e9, host: 64e9, disk: 1e11 } };
  assertThrows(
    () => searchPolicy(findModel("opt-175b"), small, request),
    RangeError,
    "its tiers must hold",
  );
  assertThrows(
    () => searchPolicy(findModel("opt-6.7b"), flexgen, request, { batches: [] }),
    RangeError,
    "sizes of blocks",
  );
});
