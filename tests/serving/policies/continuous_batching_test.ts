import { assert, assertEquals, assertThrows } from "@std/assert";
import { continuousBatching, CountedBlocks, simulate } from "@fewer-bytes/serving";
import { chat, llama } from "../setups.ts";

Deno.test("continuousBatching() runs fewer requests at once the more it reserves for each", () => {
  const batches = (["prompt", "answer", 4096] as const).map((reserve) =>
    simulate({
      deployment: llama,
      requests: chat(200, 1000),
      policy: continuousBatching({ reserve }),
      memory: new CountedBlocks(2000, 16),
    }).meanBatch
  );
  assert(batches[0]! >= batches[1]! && batches[1]! > 1.5 * batches[2]!, `${batches}`);
});

Deno.test("continuousBatching() keeps to its batch, and computes a prompt in every step if there is one", () => {
  let most = 0;
  const { preemptions } = simulate({
    deployment: llama,
    requests: chat(200, 50),
    policy: continuousBatching({ batch: 7 }),
    observe: (event) => {
      if (event.kind === "steps") most = Math.max(most, event.decodes);
    },
  });
  assertEquals([most, preemptions], [7, 0]);
  assertThrows(() => continuousBatching({ batch: 0 }), RangeError, "the batch");
});
