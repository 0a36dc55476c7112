import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  chunkedPrefill,
  continuousBatching,
  CountedBlocks,
  fairBatching,
  fixedLengths,
  layeredPrefill,
  littlesLaw,
  pagedBatching,
  type Policy,
  requests,
  type Server,
  type ServingResult,
  simulate,
  Simulation,
  staticBatching,
  StepCost,
} from "@fewer-bytes/serving";
import { chat, decodeSeconds, llama, prefillSeconds, qwen } from "../setups.ts";
import { naiveContinuous } from "./naive_server.ts";

const { model } = llama.deployment;
const policies = (): Policy[] => [
  continuousBatching(),
  pagedBatching(),
  pagedBatching({ eviction: "swap" }),
  chunkedPrefill({ budget: 256 }),
  layeredPrefill(model, { groupTokens: 256 }),
  fairBatching({ interval: 10 }),
  staticBatching({ batch: 8 }),
];
const small = () => new CountedBlocks(1200, 16);

Deno.test("Simulation gives two requests the times that the operator table gives", () => {
  const { columns } = simulate({
    deployment: llama,
    requests: requests([
      { arrival: 0, promptTokens: 500, outputTokens: 3 },
      { arrival: 1e-4, promptTokens: 100, outputTokens: 2 },
    ]),
    policy: pagedBatching(), // prompts alone in their steps
  });
  const first = prefillSeconds(llama, 500);
  const second = first + prefillSeconds(llama, 100);
  const together = second + decodeSeconds(llama, 500, 100);
  const last = together + decodeSeconds(llama, 501);
  assertAlmostEquals(columns.first[0]!, first, 1e-12);
  assertAlmostEquals(columns.first[1]!, second, 1e-12);
  assertAlmostEquals(columns.finished[1]!, together, 1e-12);
  assertAlmostEquals(columns.finished[0]!, last, 1e-12);
});

Deno.test("Simulation agrees with a naive server, request by request, on random traffic", () => {
  const traffic = fc.record({
    seed: fc.nat(1000),
    rate: fc.double({ min: 1, max: 200, noNaN: true }),
    batch: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(traffic, ({ seed, rate, batch }) => {
      const setup = chat(40, rate, { seed });
      const { columns } = simulate({
        deployment: llama,
        requests: setup,
        policy: continuousBatching({ batch, promptTokens: 3000 }),
        memory: new CountedBlocks(800, 16),
      });
      const limits = { batch, promptTokens: 3000, blocks: 800, blockTokens: 16 };
      const naive = naiveContinuous(llama, setup, limits);
      for (let request = 0; request < 40; request++) {
        assertAlmostEquals(columns.first[request]!, naive.first[request]!, 1e-8);
        assertAlmostEquals(columns.finished[request]!, naive.finished[request]!, 1e-8);
      }
    }),
    { numRuns: 12 },
  );
});

Deno.test("Simulation jumps over equal steps without changing anything", () => {
  const windowed = new StepCost({
    model: findModel("gemma-3-4b"),
    hardware: findHardware("nvidia-h100-sxm"),
  });
  // With ten times the bandwidth, one key for 71 query heads turns from waiting to computing within an answer.
  const fast = findHardware("nvidia-h100-sxm");
  const bandwidth = 10 * fast.memory[0].bandwidth;
  const bending = new StepCost({
    model: findModel("falcon-7b"),
    hardware: { ...fast, memory: [{ ...fast.memory[0], bandwidth }] },
  });
  const middle = 2 * decodeSeconds(bending, 50);
  assert(decodeSeconds(bending, 0) + decodeSeconds(bending, 100) > 1.00001 * middle);
  const shortPrompts = chat(60, 300, { prompt: fixedLengths(3) });
  for (const deployment of [llama, windowed, bending]) {
    for (const policy of policies()) {
      const requests = deployment === bending ? shortPrompts : chat(60, 30);
      const setup = { deployment, requests, policy };
      const [jumped, stepped] = [true, false].map((jumps) =>
        simulate({ ...setup, memory: small(), jumps })
      ) as [ServingResult, ServingResult];
      for (const key of ["first", "finished"] as const) {
        jumped.columns[key].forEach((time, at) =>
          assertAlmostEquals(time, stepped.columns[key][at]!, 1e-7, policy.name)
        );
      }
      assertEquals(jumped.steps, stepped.steps, policy.name);
      for (const key of ["total", "experts", "cache"] as const) {
        const [one, other] = [jumped.traffic[key], stepped.traffic[key]];
        assert(Math.abs(one - other) <= 1e-9 * other, `${policy.name} ${key}`);
      }
      const [one, other] = [jumped.timeBetweenTokens, stepped.timeBetweenTokens];
      assertEquals(one.count, other.count);
      assertAlmostEquals(one.p90 / other.p90, 1, 0.0101);
    }
  }
});

Deno.test("Simulation loses nothing: tokens, gaps, blocks, and requests, with every policy", () => {
  const traffic = chat(150, 60);
  const outputs = traffic.outputTokens.reduce((sum, tokens) => sum + tokens, 0);
  const prompts = traffic.promptTokens.reduce((sum, tokens) => sum + tokens, 0);
  let evictions = 0;
  for (const policy of policies()) {
    const memory = small();
    const result = simulate({ deployment: llama, requests: traffic, policy, memory });
    const { columns: { arrival, first, finished } } = result;
    assertEquals(result.outputTokens, outputs, policy.name);
    assertEquals(memory.free, memory.total, policy.name);
    assert(result.promptTokens >= prompts, policy.name);
    if (result.preemptions === 0) assertEquals(result.promptTokens, prompts, policy.name);
    evictions += result.preemptions;
    assertEquals(result.timeBetweenTokens.count, outputs - arrival.length, policy.name);
    if (!policy.holdsFinished) {
      const spans = finished.reduce((sum, time, at) => sum + time - first[at]!, 0);
      const { mean, count } = result.timeBetweenTokens;
      assertAlmostEquals(mean * count / spans, 1, 1e-9, policy.name);
    }
    assert(arrival.every((time, at) => time < first[at]! && first[at]! <= finished[at]!));
    assert(result.memory.peak <= 1 && result.memory.mean <= result.memory.peak);
    assert(result.utilization <= 1 + 1e-12);
  }
  assert(evictions > 0, "memory was short for some policy");
});

Deno.test("Simulation obeys Little's law: the mean number present is rate times mean stay", () => {
  for (const policy of policies()) {
    const result = simulate({
      deployment: llama,
      requests: chat(300, 25),
      policy,
      memory: small(),
    });
    const law = littlesLaw(result.requestsPerSecond, result.latency.mean);
    assertAlmostEquals(result.meanPresent / law, 1, 1e-9, policy.name);
  }
});

Deno.test("Simulation is deterministic, and a policy can be used again", () => {
  for (const policy of policies()) {
    const run = () =>
      simulate({ deployment: llama, requests: chat(80, 40), policy, memory: small() });
    assertEquals(run(), run(), policy.name);
  }
});

Deno.test("Simulation adds its overhead to every step", () => {
  const slow = new StepCost(llama.deployment, 5e-3);
  const traffic = requests([{ arrival: 0, promptTokens: 10, outputTokens: 11 }]);
  const [one, other] = [llama, slow].map((deployment) =>
    simulate({ deployment, requests: traffic, policy: continuousBatching() }).duration
  );
  assertAlmostEquals(other! - one!, 11 * 5e-3, 1e-9);
});

Deno.test("Simulation refuses a request that never fits, and a policy that never goes on", () => {
  const traffic = requests([
    { arrival: 0, promptTokens: 10, outputTokens: 1 },
    { arrival: 0, promptTokens: 400, outputTokens: 200 },
  ]);
  const setup = { deployment: llama, requests: traffic, policy: continuousBatching() };
  assertThrows(
    () => simulate({ ...setup, memory: new CountedBlocks(37, 16) }),
    RangeError,
    "Cannot serve request 1 as its cache must fit in 592 tokens: current value is 599",
  );
  simulate({ ...setup, memory: new CountedBlocks(38, 16) });
  assertThrows(
    () => simulate({ ...setup, policy: { name: "lazy", plan: () => {} } }),
    Error,
    "Cannot go on with lazy as its plan must compute something",
  );
});

Deno.test("Simulation ends with a clear word for each policy that would never end", () => {
  const traffic = requests([
    { arrival: 0, promptTokens: 100, outputTokens: 10 },
    { arrival: 0.01, promptTokens: 100, outputTokens: 10 },
  ]);
  const letIn = (server: Server) => {
    while (server.waiting.length > 0) server.admit();
  };
  const ends = (plan: Policy["plan"], message: string) =>
    assertThrows(
      () => simulate({ deployment: llama, requests: traffic, policy: { name: "mine", plan } }),
      Error,
      message,
    );
  ends((_, plan) => void (plan.decodes = true), "must compute something while nothing else");
  ends((server) => {
    letIn(server);
    server.decodeAll();
  }, "2 run");
  ends((server, plan) => {
    letIn(server);
    plan.prefill(0, 0);
  }, "Cannot carry out the plan of mine as it must compute 1 to 100 tokens of request 0");
  ends((server, plan) => {
    letIn(server);
    plan.prefill(0, NaN);
  }, "current value is NaN");
  ends((_, plan) => plan.prefill(1, 10), "request 1 must be admitted and its prompt incomplete");
  ends((server, plan) => {
    letIn(server);
    plan.prefill(0, 60);
    plan.prefill(0, 60);
  }, "must compute a prompt once: request 0 is in it twice");
  // Everybody is sent away after the first token of the prompt.
  ends((server, plan) => {
    while (server.runningCount > 0) server.evict(server.running[0]!, "recompute");
    if (server.waiting.length > 0) plan.prefill(server.admit(), 1);
  }, "Cannot go on with mine as its plans must give a token at last");
  // Caches move out and in, and nothing else.
  ends((server) => {
    const running = server.running[0]!;
    if (server.runningCount > 0 && server.cached[running]! > 0) server.evict(running, "swap");
    else if (server.runningCount > 0) server.plan.prefill(running, 1);
    else if (server.waiting.length > 0) {
      const request = server.admit();
      if (server.cached[request] === 0) server.plan.prefill(request, 1);
    }
  }, "Cannot go on with mine as its plans must give a token at last");
});

Deno.test("Simulation refuses a memory that is not empty, and a swap that takes no time that there is", () => {
  const memory = small();
  memory.take(3);
  const setup = {
    deployment: llama,
    requests: chat(100, 60),
    policy: fairBatching({ interval: 5 }),
  };
  assertThrows(
    () => simulate({ ...setup, memory }),
    RangeError,
    "must be empty at first: 3 of 1200",
  );
  for (const seconds of [-1, NaN]) {
    assertThrows(
      () => simulate({ ...setup, memory: new CountedBlocks(800), swapTime: () => seconds }),
      RangeError,
      "the time that it takes must be",
    );
  }
});

Deno.test("Simulation.advance() goes so many requests far at a time", () => {
  const simulation = new Simulation({
    deployment: qwen,
    requests: chat(50, 10),
    policy: continuousBatching(),
  });
  assert(simulation.advance(20));
  assert(simulation.finished >= 20 && simulation.finished < 50);
  assert(!simulation.advance());
  assertEquals(simulation.finished, 50);
});
