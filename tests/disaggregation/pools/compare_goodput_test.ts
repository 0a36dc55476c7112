import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  compareGoodput,
  networks,
  simulatePools,
  simulateReplicas,
  trafficLasting,
} from "@fewer-bytes/disaggregation";
import { attainment, fixedLengths, pagedBatching, type ServingResult } from "@fewer-bytes/serving";
import { llama } from "../setups.ts";

const pool = { deployment: llama, servers: 1 };
const policy = () => pagedBatching();
const path = { link: networks["infiniband-ndr"] };
const requestsAt = trafficLasting(8, { prompt: fixedLengths(1500), output: fixedLengths(40) });
const objective = { timeToFirstToken: 0.2, timePerOutputToken: 0.012 };
const setup = {
  prefill: pool,
  decode: pool,
  replicas: { ...pool, servers: 2, policy },
  requestsAt,
  objective,
  path,
  search: { from: 8, tolerance: 0.02 },
};

/** Walks up the rates in small steps, until the promise breaks. */
function walk(simulateAt: (rate: number) => ServingResult): number {
  let rate = 1;
  while (attainment(simulateAt(rate * 1.03), objective) >= 0.9) rate *= 1.03;
  return rate;
}

Deno.test("compareGoodput() finds the rates that a walk through all rates finds", () => {
  const { pools, replicas, gain, warnings } = compareGoodput(setup);
  const split = walk((rate) => simulatePools({ ...setup, requests: requestsAt(rate) }));
  const whole = walk((rate) => simulateReplicas({ ...setup.replicas, requests: requestsAt(rate) }));
  // A walk stops at the first rate that fails by chance, a search may pass it by.
  assertAlmostEquals(pools.rate / split, 1, 0.1);
  assertAlmostEquals(replicas.rate / whole, 1, 0.1);
  assertEquals([pools.devices, replicas.devices], [2, 2]);
  assertEquals(pools.perDevice, pools.rate / 2);
  assertAlmostEquals(gain, pools.rate / replicas.rate, 1e-12);
  assertEquals(warnings, []);
});

Deno.test("compareGoodput() says when requests are over before servers have filled", () => {
  const short = trafficLasting(1e-9, {
    prompt: fixedLengths(1500),
    output: fixedLengths(200),
    atLeast: 60,
  });
  const { warnings } = compareGoodput({
    ...setup,
    requestsAt: short,
    objective: { timeToFirstToken: 0.25, timePerOutputToken: 0.02 },
  });
  assertEquals(warnings.length, 2);
  assert(warnings[0]!.startsWith("The traffic of the pools is too short"));
});

Deno.test("compareGoodput() compares devices: more replicas change nothing but the rate", () => {
  const [two, four] = [2, 4].map((servers) =>
    compareGoodput({
      ...setup,
      replicas: { ...setup.replicas, servers },
      search: { from: 8, tolerance: 0.1 },
    })
  );
  assertEquals(two!.pools, four!.pools);
  assertAlmostEquals(four!.replicas.perDevice / two!.replicas.perDevice, 1, 0.2);
});

Deno.test("compareGoodput() refuses an objective that no lone request meets", () => {
  assertThrows(
    () => compareGoodput({ ...setup, objective: { timeToFirstToken: 1e-6 } }),
    RangeError,
    "when they are alone",
  );
});
