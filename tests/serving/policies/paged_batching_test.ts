import { assert, assertEquals } from "@std/assert";
import {
  CountedBlocks,
  pagedBatching,
  requests,
  simulate,
  type StepEvent,
} from "@fewer-bytes/serving";
import { chat, llama } from "../setups.ts";

const memory = () => new CountedBlocks(700, 16);

Deno.test("pagedBatching() never mixes prompts and decoding in one step", () => {
  const steps: StepEvent[] = [];
  simulate({
    deployment: llama,
    requests: chat(100, 30),
    policy: pagedBatching(),
    observe: (event) => event.kind === "steps" && steps.push(event),
  });
  assert(steps.every(({ decodes, promptTokens }) => decodes === 0 || promptTokens === 0));
});

Deno.test("pagedBatching() sends the last who came away when blocks run out, and computes or moves its cache", () => {
  const traffic = chat(150, 40, { seed: 4 });
  const prompts = traffic.promptTokens.reduce((sum, tokens) => sum + tokens, 0);
  const run = (eviction: "recompute" | "swap") =>
    simulate({
      deployment: llama,
      requests: traffic,
      policy: pagedBatching({ eviction }),
      memory: memory(),
    });
  const [again, moved] = [run("recompute"), run("swap")];
  assert(again.preemptions > 0 && moved.preemptions > 0);
  assert(again.promptTokens > prompts);
  assertEquals(again.swaps.count, 0);
  assertEquals(moved.promptTokens, prompts);
  assertEquals(moved.swaps.count, 2 * moved.preemptions);
});

Deno.test("pagedBatching() computes a shared beginning once while it is kept", () => {
  const alike = (count: number, shared: boolean) =>
    requests(Array.from({ length: count }, (_, at) => ({
      arrival: at,
      promptTokens: 500,
      outputTokens: 5,
      ...(shared && { prefix: 0, prefixTokens: 320 }),
    })));
  const run = (shared: boolean, sharesPrefixes = true) =>
    simulate({
      deployment: llama,
      requests: alike(10, shared),
      policy: pagedBatching(),
      sharesPrefixes,
    });
  assertEquals(run(false).promptTokens, 5000);
  assertEquals(run(true, false).promptTokens, 5000);
  const shared = run(true);
  assertEquals(shared.promptTokens, 500 + 9 * 180);
  assertEquals(shared.prefix, { asked: 3200, reused: 9 * 320 });
  assert(shared.timeToFirstToken.p50 < 0.8 * run(false).timeToFirstToken.p50);
});

Deno.test("pagedBatching() finds more beginnings in short memory when the longest match goes first", () => {
  const traffic = chat(400, 1000, { prefixes: { count: 12, tokens: 2000 } });
  const [first, longest] = (["first come", "longest prefix"] as const).map((order) =>
    simulate({
      deployment: llama,
      requests: traffic,
      policy: pagedBatching({ order }),
      memory: new CountedBlocks(1500, 16),
    }).prefix.reused
  );
  assert(longest! > 1.1 * first!, `${longest} ${first}`);
});
