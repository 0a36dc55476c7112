import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { decodeSeconds, promptSeconds, receivedCaches } from "@fewer-bytes/disaggregation";
import { CountedBlocks, type RequestEntry, requests, simulate } from "@fewer-bytes/serving";
import { llama } from "../setups.ts";

function decode(entries: RequestEntry[], policy = receivedCaches(), blocks = 10_000) {
  const memory = new CountedBlocks(blocks);
  return simulate({ deployment: llama, requests: requests(entries), policy, memory });
}

Deno.test("receivedCaches() gives all tokens but the first, each in a decode step", () => {
  const { columns, steps, outputTokens, promptTokens } = decode([
    { arrival: 1, promptTokens: 100, outputTokens: 4 },
  ]);
  const wanted = [100, 101, 102].reduce((sum, c) => sum + decodeSeconds(llama, 1, c), 1);
  assertAlmostEquals(columns.finished[0]!, wanted, 1e-12);
  assertEquals([steps, outputTokens, promptTokens], [3, 3, 0]);
});

Deno.test("receivedCaches() lets in who comes between two steps, and never makes a step long", () => {
  const two = [0, 0.02].map((arrival) => ({ arrival, promptTokens: 8000, outputTokens: 100 }));
  const { timeBetweenTokens, outputTokens } = decode(two);
  assertEquals(outputTokens, 2 * 99);
  assert(timeBetweenTokens.maximum < promptSeconds(llama, 8000) / 10);
});

Deno.test("receivedCaches() decodes no more than the batch at once", () => {
  const three = [0, 0, 0].map((arrival) => ({ arrival, promptTokens: 50, outputTokens: 11 }));
  const alone = decode(three, receivedCaches({ batch: 1 }));
  assertEquals([alone.steps, alone.meanBatch], [30, 1]);
  assertEquals(decode(three).steps, 10);
});

Deno.test("receivedCaches() moves a cache to the host when room ends, and computes no prompt again", () => {
  const two = [0, 0].map((arrival) => ({ arrival, promptTokens: 64, outputTokens: 100 }));
  const { swaps, preemptions, promptTokens, outputTokens } = decode(two, receivedCaches(), 12);
  assert(preemptions > 0 && swaps.count >= 2 * preemptions);
  assertEquals([promptTokens, outputTokens], [0, 2 * 99]);
});

Deno.test("receivedCaches() refuses a batch that is none, and an answer that was complete before it came", () => {
  assertThrows(() => receivedCaches({ batch: 0 }), RangeError, "the batch");
  const complete = [{ arrival: 0, promptTokens: 10, outputTokens: 1 }];
  assertThrows(() => decode(complete), RangeError, "the answer of request 0");
});
