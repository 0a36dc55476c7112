import { assertEquals, assertThrows } from "@std/assert";
import { findMeasuredNode, findModel } from "@fewer-bytes/catalog";
import { blockTime, measuredNode, policyOf } from "@fewer-bytes/offload";

Deno.test("policyOf() puts on disk what percentages leave", () => {
  const { weights, cache, activations } = policyOf(32, 8, [0, 50, 0, 0, 0, 100]);
  assertEquals([weights, cache, activations], [[0, 0.5, 0.5], [0, 0, 1], [0, 1, 0]]);
});

Deno.test("policies refuse percentages beyond 100, batches that are none and requests without tokens", () => {
  assertThrows(() => policyOf(1, 1, [60, 60, 0, 0, 0, 0]), RangeError, "a share");
  assertThrows(() => policyOf(0, 1, [0, 0, 0, 0, 0, 0]), RangeError, "gpuBatch");
  assertThrows(() => policyOf(1, 1.5, [0, 0, 0, 0, 0, 0]), RangeError, "batches");
  const node = measuredNode(findMeasuredNode("flexgen-t4"));
  const policy = policyOf(1, 1, [100, 0, 100, 0, 100, 0]);
  assertThrows(
    () => blockTime(findModel("opt-6.7b"), node, { promptTokens: 0, outputTokens: 1 }, policy),
    RangeError,
    "promptTokens",
  );
});
