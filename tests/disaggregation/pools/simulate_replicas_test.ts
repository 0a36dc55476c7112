import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { simulateReplicas, trafficLasting } from "@fewer-bytes/disaggregation";
import {
  chunkedPrefill,
  largestRate,
  logNormalLengths,
  pagedBatching,
  requests,
  simulate,
} from "@fewer-bytes/serving";
import { alike, llama } from "../setups.ts";

const policy = () => pagedBatching();
const lengths = {
  prompt: logNormalLengths({ median: 700, p90: 1500, maximum: 4000 }),
  output: logNormalLengths({ median: 60, p90: 150, maximum: 400 }),
};

/** Goodput of one of several servers. */
function share(servers: number, requestsAt: ReturnType<typeof trafficLasting>): number {
  return largestRate({
    simulateAt: (rate) =>
      simulateReplicas({ deployment: llama, servers, policy, requests: requestsAt(rate) }),
    objective: { timeToFirstToken: 0.2, timePerOutputToken: 0.02 },
    from: 8 * servers,
    tolerance: 0.05,
  }).rate / servers;
}

Deno.test("simulateReplicas() with one server is simulate(), whatever the scheduler", () => {
  const traffic = trafficLasting(10, lengths)(12);
  for (const policy of [() => pagedBatching(), () => chunkedPrefill()]) {
    const one = simulateReplicas({ deployment: llama, servers: 1, policy, requests: traffic });
    const wanted = simulate({ deployment: llama, requests: traffic, policy: policy() });
    assertEquals(one.columns, wanted.columns);
    assertEquals(one.timeBetweenTokens, wanted.timeBetweenTokens);
    assertAlmostEquals(one.energy, wanted.energy, 1e-9 * wanted.energy);
    assertAlmostEquals(one.utilization, wanted.utilization, 1e-12);
  }
});

Deno.test("simulateReplicas() promises for as much on each of two servers as on each of four and eight", () => {
  const traffic = trafficLasting(30, lengths);
  const [two, four, eight] = [2, 4, 8].map((servers) => share(servers, traffic));
  assertAlmostEquals(four! / two!, 1, 0.15);
  assertAlmostEquals(eight! / two!, 1, 0.15);
});

Deno.test("a fixed number of requests makes each of many servers look better than it is", () => {
  const lasting = share(8, trafficLasting(30, lengths));
  const fixed = share(8, trafficLasting(1e-9, { ...lengths, atLeast: 200 })); // 200 at any rate
  assert(fixed > 1.5 * lasting, `${fixed} is not far above ${lasting}`);
});

Deno.test("simulateReplicas() gives all tokens of all prompts and answers once", () => {
  const traffic = trafficLasting(5, lengths)(30);
  const { outputTokens, promptTokens, columns } = simulateReplicas({
    deployment: llama,
    servers: 3,
    policy,
    requests: traffic,
  });
  const sum = (column: Int32Array) => column.reduce((total, tokens) => total + tokens, 0);
  assertEquals([promptTokens, outputTokens], [traffic.promptTokens, traffic.outputTokens].map(sum));
  assert(columns.finished.every((end, at) => end >= columns.first[at]!));
});

Deno.test("simulateReplicas() counts servers that got nothing to do", () => {
  const one = requests([{ arrival: 0, promptTokens: 500, outputTokens: 20 }]);
  const run = (servers: number) =>
    simulateReplicas({ deployment: llama, servers, policy, requests: one });
  const [alone, three] = [run(1), run(3)];
  assertEquals([three.devices, three.pools[0]!.devices, three.pools[0]!.servers], [3, 3, 3]);
  assertAlmostEquals(three.utilization, alone.utilization / 3, 1e-12);
  assertAlmostEquals(three.memory.mean, alone.memory.mean / 3, 1e-12);
  assert(three.energy > alone.energy && three.energy < 3 * alone.energy);
});

Deno.test("simulateReplicas() refuses a fleet without servers", () => {
  const setup = { deployment: llama, servers: 0, policy, requests: alike(2, 1, 9, 9) };
  assertThrows(() => simulateReplicas(setup), RangeError, "the number of servers");
});
