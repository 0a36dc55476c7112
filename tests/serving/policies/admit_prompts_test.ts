import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  completeLimits,
  continuousBatching,
  CountedBlocks,
  pagedBatching,
  requests,
  simulate,
  type StepEvent,
} from "@fewer-bytes/serving";
import { chat, llama } from "../setups.ts";

Deno.test("admitPrompts() fills a step up to its tokens, and gives a longer prompt a step of its own", () => {
  const steps: StepEvent[] = [];
  simulate({
    deployment: llama,
    requests: requests([300, 300, 300, 2000, 100].map((promptTokens) => ({
      arrival: 0,
      promptTokens,
      outputTokens: 1,
    }))),
    policy: continuousBatching({ promptTokens: 1000 }),
    observe: (event) => event.kind === "steps" && steps.push(event),
  });
  assertEquals(steps.map(({ promptTokens }) => promptTokens), [900, 2000, 100]);
});

Deno.test("completeLimits() fills in defaults and refuses what is no limit", () => {
  const { batch, promptTokens, reserve } = completeLimits({});
  assertEquals([batch, promptTokens, reserve], [256, 8192, "prompt"]);
  assertThrows(() => completeLimits({ reserve: 0 }), RangeError, "reserve");
  assertThrows(() => completeLimits({ spareBlocks: -1 }), RangeError, "spareBlocks");
  assert(!("spareBlocks" in completeLimits({})));
});

Deno.test("admitWithin() leaves spare blocks to those who run, so that fewer are sent away", () => {
  const [none, some] = [0, 60].map((spareBlocks) =>
    simulate({
      deployment: llama,
      requests: chat(150, 40),
      policy: pagedBatching({ spareBlocks }),
      memory: new CountedBlocks(700, 16),
    }).preemptions
  );
  assert(none! > 0 && some! < 0.7 * none!, `${none} ${some}`);
});
