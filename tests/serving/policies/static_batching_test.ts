import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { continuousBatching, requests, simulate, staticBatching } from "@fewer-bytes/serving";
import { chat, decodeSeconds, llama } from "../setups.ts";

Deno.test("staticBatching() hands out a batch together, when its longest answer is complete", () => {
  const { columns } = simulate({
    deployment: llama,
    requests: requests([2, 50, 9, 3].map((outputTokens, arrival) => ({
      arrival,
      promptTokens: 100,
      outputTokens,
    }))),
    policy: staticBatching({ batch: 2 }),
  });
  assertEquals(columns.finished[0], columns.finished[1]);
  assertEquals(columns.finished[2], columns.finished[3]);
  assert(columns.first[0]! >= 1, "it waits for the second");
  const span = columns.finished[1]! - columns.first[1]!;
  assertAlmostEquals(span / (49 * decodeSeconds(llama, 125, 101)), 1, 0.01);
});

Deno.test("continuous batching serves the same load with several times less latency than static batches", () => {
  const traffic = chat(600, 12);
  const together = simulate({
    deployment: llama,
    requests: traffic,
    policy: staticBatching({ batch: 64 }),
  });
  const continuous = simulate({
    deployment: llama,
    requests: traffic,
    policy: continuousBatching({ batch: 64 }),
  });
  assertEquals(continuous.placeUtilization, 1);
  assert(together.placeUtilization < 0.5);
  assert(continuous.latency.p50 < together.latency.p50 / 5);
  assert(continuous.tokensPerSecond > together.tokensPerSecond);
});
