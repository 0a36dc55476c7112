import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  ratioForTopK,
  routingAccuracy,
  routingFormula,
  routingSignalToNoise,
  simulateRouting,
} from "@fewer-bytes/attention";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";

const routings = fc.record({
  width: fc.integer({ min: 1, max: 256 }),
  blockSize: fc.integer({ min: 8, max: 4096 }),
  gap: fc.double({ min: 0, max: 1, noNaN: true }),
  related: fc.integer({ min: 1, max: 8 }),
  relatedGap: fc.double({ min: 0, max: 1, noNaN: true }),
});

Deno.test("the printed ratio computes what routingSignalToNoise() does", () => {
  fc.assert(fc.property(routings, (routing) => {
    assertAlmostEquals(routingSignalToNoise(routing), routingFormula.evaluate(routing), 1e-12);
  }));
});

Deno.test("the ratio predicts how often a router of random unit keys finds the right block", () => {
  for (
    const routing of [
      { width: 32, blockSize: 8, gap: 0.7, blocks: 16, topK: 2 },
      { width: 32, blockSize: 8, gap: 0.7, blocks: 16, topK: 6 },
      { width: 16, blockSize: 16, gap: 0.8, related: 3, relatedGap: 0.3, blocks: 12, topK: 1 },
    ]
  ) {
    const predicted = routingAccuracy(routingSignalToNoise(routing), routing);
    // 1,500 draws: a standard error of at most 1.3 %; unit keys are not quite Gaussian.
    assertAlmostEquals(simulateRouting(routing, 1500, seeded(3)), predicted, 0.06);
  }
});

Deno.test("without a gap the right block is chosen by chance", () => {
  for (const [blocks, topK] of [[8, 1], [20, 5], [1000, 8]] as const) {
    assertAlmostEquals(routingAccuracy(0, { blocks, topK }), topK / blocks, 1e-6);
  }
});

Deno.test("accuracy grows with the ratio and the number chosen, and is 1 when all are", () => {
  const at = (ratio: number, topK: number) => routingAccuracy(ratio, { blocks: 64, topK });
  for (const topK of [1, 8, 32]) {
    assert(at(0.5, topK) < at(1, topK) && at(1, topK) < at(2, topK));
    assert(at(1, topK) < at(1, topK + 1));
  }
  assertEquals(at(0.1, 64), 1);
});

Deno.test("at the rule of thumb's ratio the right block is found a little more often than not", () => {
  for (const [blocks, topK] of [[64, 2], [512, 8], [4096, 64]] as const) {
    const accuracy = routingAccuracy(ratioForTopK({ blocks, topK }), { blocks, topK });
    assert(accuracy > 0.5 && accuracy < 0.95, `${accuracy}`);
  }
  assertEquals(ratioForTopK({ blocks: 8, topK: 8 }), 0);
});

Deno.test("at the same number of tokens read, smaller blocks find the right one more often", () => {
  const accuracy = (blockSize: number) =>
    routingAccuracy(
      routingSignalToNoise({ width: 64, blockSize, gap: 1 }),
      { blocks: 8192 / blockSize, topK: 1024 / blockSize },
    );
  assert(
    accuracy(512) < accuracy(256) && accuracy(256) < accuracy(128) && accuracy(128) < accuracy(64),
  );
});

Deno.test("settings that are none are refused", () => {
  assertThrows(() => routingSignalToNoise({ width: 0, blockSize: 4, gap: 1 }), RangeError, "width");
  assertThrows(() => routingSignalToNoise({ width: 4, blockSize: 4, gap: NaN }), RangeError, "gap");
  assertThrows(
    () => routingSignalToNoise({ width: 4, blockSize: 4, gap: 1, related: 5 }),
    RangeError,
    "fit into a block of 4",
  );
  assertThrows(() => routingAccuracy(-1, { blocks: 4, topK: 1 }), RangeError, "the ratio");
  assertThrows(
    () => simulateRouting({ width: 4, blockSize: 4, gap: 1.5, blocks: 4, topK: 1 }, 1, seeded(1)),
    RangeError,
    "one minus a gap",
  );
});
