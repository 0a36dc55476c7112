import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { chunkedPrefill, pagedBatching, simulate, type StepEvent } from "@fewer-bytes/serving";
import { chat, decodeSeconds, llama, prefillSeconds } from "../setups.ts";

Deno.test("chunkedPrefill() never computes more tokens in a step than its budget", () => {
  let most = 0;
  const observe = (event: { kind: string }) => {
    if (event.kind !== "steps") return;
    const { decodes, promptTokens } = event as StepEvent;
    most = Math.max(most, decodes + promptTokens);
  };
  const requests = chat(300, 20);
  const result = simulate({
    deployment: llama,
    requests,
    policy: chunkedPrefill({ budget: 512 }),
    observe,
  });
  assertEquals(most, 512);
  assertEquals(result.promptTokens, requests.promptTokens.reduce((sum, n) => sum + n, 0));
});

Deno.test("chunkedPrefill() bounds every gap by a step of its budget; prompts in one piece stall answers", () => {
  const requests = chat(500, 20);
  const run = (policy: ReturnType<typeof chunkedPrefill>) =>
    simulate({ deployment: llama, requests, policy });
  const [chunked, whole] = [run(chunkedPrefill()), run(pagedBatching())];
  const bound = prefillSeconds(llama, 512, 8192) + decodeSeconds(llama, ...Array(256).fill(2000));
  assert(chunked.timeBetweenTokens.maximum < bound);
  assert(whole.timeBetweenTokens.maximum > 4 * chunked.timeBetweenTokens.maximum);
  assert(whole.timeBetweenTokens.p99 > 4 * chunked.timeBetweenTokens.p99);
  assert(chunked.timeToFirstToken.p50 > whole.timeToFirstToken.p50, "the price");
});

Deno.test("chunkedPrefill() with a budget of a whole prompt computes it in one step", () => {
  const [one, other] = [chunkedPrefill({ budget: 100_000 }), pagedBatching()].map((policy) =>
    simulate({ deployment: llama, requests: chat(1, 1), policy })
  );
  assertAlmostEquals(one!.duration, other!.duration, 1e-12);
  assertThrows(() => chunkedPrefill({ budget: 0 }), RangeError, "the budget");
});
