import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  decodeSeconds,
  interference,
  networks,
  poolRates,
  promptSeconds,
  simulatePools,
  simulateReplicas,
  trafficLasting,
} from "@fewer-bytes/disaggregation";
import { meanWait, pagedBatching, requests, uniformLengths } from "@fewer-bytes/serving";
import { alike, llama } from "../setups.ts";

const one = { deployment: llama, servers: 1 };
const link = networks["infiniband-ndr"];
const path = { link };
const alone = { ...one, policy: () => pagedBatching({ batch: 1 }) };

Deno.test("simulatePools() waits for prompts as Pollaczek and Khinchine say, one prompt at a time", () => {
  const service = promptSeconds(llama, 1000);
  const rate = 0.5 / service;
  const { timeToFirstToken } = simulatePools({
    prefill: alone,
    decode: one,
    requests: alike(4000, rate, 1000, 2),
    path,
  });
  const wanted = service + meanWait(rate, { mean: service });
  assertAlmostEquals(timeToFirstToken.mean, wanted, 0.1 * wanted);
});

Deno.test("simulatePools() sends one cache after the other over each link", () => {
  const { transfer } = simulatePools({
    prefill: one, // reads both in one step, so that both caches are ready together
    decode: one,
    requests: requests([0, 0].map((arrival) => ({ arrival, promptTokens: 400, outputTokens: 9 }))),
    path,
  });
  const seconds = 400 * 131_072 / link.bandwidth;
  assertAlmostEquals(transfer.p50, 1.5 * seconds, 1e-9);
  assertAlmostEquals(transfer.maximum, 2 * seconds, 1e-9);
});

Deno.test("simulatePools() gives every request all of its tokens, in order of time", () => {
  const traffic = alike(200, 20, 1500, 30);
  const { columns, outputTokens } = simulatePools({
    prefill: { ...one, servers: 2 },
    decode: { ...one, servers: 2 },
    requests: traffic,
    path,
  });
  assertEquals(outputTokens, 200 * 30);
  traffic.arrival.forEach((arrival, at) => {
    assert(arrival < columns.first[at]! && columns.first[at]! < columns.finished[at]!);
  });
});

Deno.test("simulatePools() carries every byte of every prompt's cache over the links, once", () => {
  const traffic = trafficLasting(10, {
    prompt: uniformLengths(1, 3000),
    output: uniformLengths(1, 3), // a third is complete after the first token, and stays
  })(15);
  for (const layerByLayer of [false, true]) {
    const result = simulatePools({
      prefill: { ...one, servers: 3 },
      decode: one,
      requests: traffic,
      path: { link, links: 2, latency: 1e-3 },
      layerByLayer,
    });
    const bytes = result.linkUtilization * result.duration * 3 * 2 * link.bandwidth;
    let wanted = 0, moved = 0;
    traffic.promptTokens.forEach((tokens, at) => {
      if (traffic.outputTokens[at]! === 1) return;
      wanted += tokens * 131_072;
      moved++;
    });
    assertAlmostEquals(bytes / wanted, 1, 1e-9);
    assertEquals(result.transfer.count, moved);
  }
});

Deno.test("simulatePools() is what one works out by hand for two requests", () => {
  const two = requests([
    { arrival: 1, promptTokens: 1000, outputTokens: 3 },
    { arrival: 1.001, promptTokens: 2000, outputTokens: 2 },
  ]);
  const { columns, transfer, pools, timeBetweenTokens } = simulatePools({
    prefill: alone,
    decode: { ...one, servers: 2 },
    requests: two,
    path: { ...path, latency: 2e-3 },
  });
  const first = 1 + promptSeconds(llama, 1000);
  const second = first + promptSeconds(llama, 2000);
  assertAlmostEquals(columns.first[0]!, first, 1e-12);
  assertAlmostEquals(columns.first[1]!, second, 1e-12);
  const come = [
    first + 2e-3 + 1000 * 131_072 / 50e9,
    second + 2e-3 + 2000 * 131_072 / 50e9,
  ] as const;
  const decoded = decodeSeconds(llama, 1, 1000) + decodeSeconds(llama, 1, 1001);
  assertAlmostEquals(columns.finished[0]!, come[0] + decoded, 1e-12);
  assertAlmostEquals(columns.finished[1]!, come[1] + decodeSeconds(llama, 1, 2000), 1e-12);
  assertAlmostEquals(transfer.maximum, come[1] - second, 1e-12);
  assertEquals(timeBetweenTokens.count, 3);
  assertAlmostEquals(timeBetweenTokens.maximum, columns.finished[1]! - second, 1e-12);
  assertEquals(pools.map(({ name, servers }) => [name, servers]), [["prefill", 1], ["decode", 2]]);
});

Deno.test("simulatePools() ends at the prefill when answers are one token long", () => {
  const result = simulatePools({ prefill: one, decode: one, requests: alike(20, 5, 500, 1), path });
  assertEquals(result.columns.first, result.columns.finished);
  assertEquals([result.outputTokens, result.transfer.count], [20, 0]);
});

Deno.test("a prompt stalls those who decode in replicas as interference() says, and nobody in pools", () => {
  const two = requests([
    { arrival: 0, promptTokens: 100, outputTokens: 400 },
    { arrival: 0.5, promptTokens: 8000, outputTokens: 2 },
  ]);
  const together = simulateReplicas({ ...one, policy: () => pagedBatching(), requests: two });
  const apart = simulatePools({
    prefill: one,
    decode: one,
    requests: two,
    path,
    layerByLayer: true,
  });
  const { prompt, decode } = interference(llama, { decodes: 1, context: 300, promptTokens: 8000 });
  assert(together.timeBetweenTokens.maximum > prompt);
  assert(apart.timeBetweenTokens.maximum < 4 * decode);
});

Deno.test("poolRates() bounds what the simulated pools give under overload", () => {
  const traffic = alike(600, 1e4, 1000, 100);
  const limits = { batch: 64 };
  const rates = poolRates(llama, llama, traffic, limits);
  const { requestsPerSecond } = simulatePools({
    prefill: one,
    decode: one,
    requests: traffic,
    path,
  });
  // Batched prompts share their weights, so the pool may be a little faster than prompts one by one.
  assert(requestsPerSecond < 1.05 * rates.prefill && requestsPerSecond > 0.8 * rates.prefill);
});

Deno.test("simulatePools() refuses pools without servers", () => {
  assertThrows(
    () =>
      simulatePools({
        prefill: { ...one, servers: 0 },
        decode: one,
        requests: alike(2, 1, 9, 9),
        path,
      }),
    RangeError,
    "the number of servers",
  );
});
