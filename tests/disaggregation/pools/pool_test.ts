import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { promptSeconds } from "@fewer-bytes/disaggregation";
import { blockCount, pagedBatching, simulate, StepCost } from "@fewer-bytes/serving";
import { costOf, promptWork, serversOf } from "../../../lib/disaggregation/pools/pool.ts";
import { pick } from "../../../lib/disaggregation/pools/route.ts";
import { alike, hardware, llama } from "../setups.ts";

const policy = () => pagedBatching();
const traffic = alike(40, 20, 600, 30);
const halves = [0, 1].map((part) =>
  pick(traffic, Array.from({ length: 20 }, (_, at) => 2 * at + part))
);

Deno.test("serversOf() counts all gaps of a pool together, as if each server had counted its own", () => {
  const { simulations, gaps } = serversOf(llama, {}, policy, halves);
  for (const simulation of simulations) simulation.advance();
  const alone = halves.map((requests) =>
    simulate({ deployment: llama, requests, policy: policy() }).timeBetweenTokens
  );
  assertEquals(gaps.count, 40 * 29);
  assertEquals(gaps.count, alone[0]!.count + alone[1]!.count);
  assertEquals(gaps.maximum, Math.max(alone[0]!.maximum, alone[1]!.maximum));
  const mean = (alone[0]!.mean + alone[1]!.mean) / 2; // as many gaps on each
  assertAlmostEquals(gaps.mean, mean, 1e-12);
});

Deno.test("serversOf() leaves out servers without requests, and gives each of the others its own memory", () => {
  const none = pick(traffic, []);
  const { simulations } = serversOf(llama, {}, policy, [halves[0]!, none, halves[1]!]);
  assertEquals(simulations.length, 2);
  const [one, other] = simulations.map(({ server }) => server.memory);
  assertEquals([one!.total, one === other], [blockCount(llama.deployment), false]);
  assertEquals(
    serversOf(llama, { blocks: 99 }, policy, halves).simulations[0]!.server.memory.total,
    99,
  );
});

Deno.test("promptWork() is the first token's time of each prompt, when it is alone", () => {
  const work = promptWork(llama, traffic);
  const { timeToFirstToken } = simulate({
    deployment: llama,
    requests: alike(1, 1, 600, 1),
    policy: policy(),
  });
  assertAlmostEquals(work[7]!, timeToFirstToken.mean, 1e-12);
  assertEquals([work.length, work[7]], [40, promptSeconds(llama, 600)]);
});

Deno.test("costOf() compiles a deployment once, and takes what is compiled as it is", () => {
  assertEquals(costOf({ deployment: llama, servers: 2 }), llama);
  const plain = costOf({ deployment: { model: findModel("llama-3.1-8b"), hardware }, servers: 1 });
  assertEquals(plain instanceof StepCost, true);
  assertThrows(() => costOf({ deployment: llama, servers: 1.5 }), RangeError, "number of servers");
});
