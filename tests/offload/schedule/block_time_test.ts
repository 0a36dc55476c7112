import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findMeasuredNode, findModel } from "@fewer-bytes/catalog";
import { steadyRound } from "@fewer-bytes/memory";
import { blockTime, measuredNode, policyOf } from "@fewer-bytes/offload";

const measured = findMeasuredNode("flexgen-t4");
const node = measuredNode(measured);
const request = { promptTokens: 512, outputTokens: 32 };

Deno.test("blockTime() is FlexGen's own program: 7.14, 6.85 and 0.154 tokens a second", () => {
  // Printed by experimental/cost_model.py (FMInference/FlexiGen) for these policies.
  for (
    const [model, policy, expected] of [
      ["opt-30b", policyOf(48, 3, [20, 80, 0, 100, 0, 100]), 7.136],
      ["opt-30b", policyOf(48, 3, [0, 100, 0, 100, 0, 100]), 6.854],
      ["opt-175b", policyOf(32, 8, [0, 50, 0, 0, 0, 100]), 0.1544],
    ] as const
  ) {
    const { tokensPerSecond } = blockTime(findModel(model), node, request, policy, {
      overlap: "chained",
    });
    assertAlmostEquals(tokensPerSecond / expected, 1, 0.01);
  }
});

Deno.test("blockTime() is within 3 % of the measured 7.32 tokens a second of OPT-30B (FlexGen, table 2)", () => {
  const policy = policyOf(48, 3, [20, 80, 0, 100, 0, 100]);
  const time = blockTime(findModel("opt-30b"), node, request, policy, { overlap: "chained" });
  assertAlmostEquals(time.tokensPerSecond / 7.32, 1, 0.03);
  assert(time.fits);
});

Deno.test("blockTime() of OPT-175B is 0.69 tokens a second with the 2.8 GB/s of table 4, and as bound by the disk", () => {
  // Table 4: 7,046 s of reading caches, of 31 steps x 96 layers x 4 x 256 x 528 x 12,288 bytes: 2.8 GB/s.
  const disk = 31 * 96 * 4 * 256 * 528 * 12_288 / 7046;
  const policy = policyOf(32, 8, [0, 50, 0, 0, 0, 100]);
  const time = blockTime(findModel("opt-175b"), measuredNode(measured, disk), request, policy);
  assertAlmostEquals(time.tokensPerSecond / 0.69, 1, 0.1);
  assertEquals(time.bound, "diskToHost");
});

Deno.test("blockTime() with full overlap is what two buffers give, layer by layer", () => {
  // Brute force: each of the layers loads its weights while the one before computes.
  const policy = policyOf(32, 2, [0, 100, 100, 0, 100, 0]);
  const { decode, streams } = blockTime(findModel("opt-30b"), node, request, policy);
  const layer = {
    load: streams.decode.hostToDevice / 48,
    compute: streams.decode.compute / 48,
  };
  const round = steadyRound(Array.from({ length: 48 }, () => layer), 2);
  assertAlmostEquals(decode / 31 / round, 1, 1e-9);
});

Deno.test("blockTime() makes more tokens a second with larger blocks, while loading weights decides", () => {
  const rates = [1, 2, 4, 8].map((batches) =>
    blockTime(findModel("opt-30b"), node, request, policyOf(8, batches, [0, 100, 0, 100, 0, 100]))
      .tokensPerSecond
  );
  assertEquals(rates, rates.toSorted((a, b) => a - b));
});

Deno.test("blockTime() says what does not fit, and refuses tiers without bandwidth or room", () => {
  const policy = policyOf(48, 3, [100, 0, 0, 100, 0, 100]);
  assert(!blockTime(findModel("opt-30b"), node, request, policy).fits);
  const still = { weights: 0, cache: 1, activations: 1 };
  assertThrows(
    () =>
      blockTime(
        findModel("opt-30b"),
        { ...node, rates: { ...node.rates, diskToHost: still } },
        request,
        policy,
      ),
    RangeError,
    "diskToHost of weights must be > 0",
  );
  assertThrows(
    () =>
      blockTime(
        findModel("opt-30b"),
        { ...node, capacity: { ...node.capacity, host: 0 } },
        request,
        policy,
      ),
    RangeError,
    "the capacity of the host",
  );
});
