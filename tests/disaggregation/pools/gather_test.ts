import { assertAlmostEquals, assertEquals } from "@std/assert";
import { energyModel, energyOf, pagedBatching, resultOf, simulate } from "@fewer-bytes/serving";
import { gather } from "../../../lib/disaggregation/pools/gather.ts";
import { serversOf } from "../../../lib/disaggregation/pools/pool.ts";
import { alike, hardware, llama } from "../setups.ts";

const traffic = alike(60, 12, 800, 40);
const policy = () => pagedBatching();

/** One pool of so many servers, of which only the first has requests. */
function gathered(servers: number) {
  const { simulations, gaps } = serversOf(llama, {}, policy, [traffic]);
  simulations[0]!.advance();
  const { first, finished } = simulations[0]!.recorder;
  const pools = [{ name: "all", servers, simulations }];
  const result = gather("a pool", traffic, { first, finished }, pools, gaps);
  return { result, part: resultOf(simulations[0]!) };
}

Deno.test("gather() of one server is its own result", () => {
  const { result } = gathered(1);
  const wanted = simulate({ deployment: llama, requests: traffic, policy: policy() });
  for (const key of ["timeToFirstToken", "latency", "timeBetweenTokens", "prefix"] as const) {
    assertEquals(result[key], wanted[key], key);
  }
  for (const key of ["steps", "outputTokens", "promptTokens", "flops", "columns"] as const) {
    assertEquals(result[key], wanted[key], key);
  }
  for (
    const key of [
      "duration",
      "requestsPerSecond",
      "tokensPerSecond",
      "utilization",
      "placeUtilization",
      "meanBatch",
      "meanPresent",
      "energy",
    ] as const
  ) assertAlmostEquals(result[key] / wanted[key], 1, 1e-9, key);
  assertAlmostEquals(result.memory.mean, wanted.memory.mean, 1e-12);
  assertEquals(result.memory.peak, wanted.memory.peak);
  assertEquals(result.timeline, []);
});

Deno.test("gather() spreads use over all servers of a pool, and lets the idle ones draw power", () => {
  const [one, four] = [1, 4].map((servers) => gathered(servers).result);
  assertAlmostEquals(four!.utilization, one!.utilization / 4, 1e-12);
  assertAlmostEquals(four!.pools[0]!.utilization, one!.utilization / 4, 1e-12);
  assertAlmostEquals(four!.memory.mean, one!.memory.mean / 4, 1e-12);
  assertEquals([four!.devices, four!.pools[0]!.servers], [4, 4]);
  assertEquals([four!.meanBatch, four!.memory.peak], [one!.meanBatch, one!.memory.peak]);
  const idle = energyOf(energyModel(hardware, "bf16"), {
    seconds: one!.duration,
    bytes: 0,
    flops: 0,
  }, 1);
  assertAlmostEquals(four!.energy - one!.energy, 3 * idle, 1e-6 * idle);
});

Deno.test("gather() names the pool of each warning", () => {
  const crowded = alike(400, 1e4, 800, 40);
  const { simulations, gaps } = serversOf(llama, {}, policy, [crowded]);
  simulations[0]!.advance();
  const { first, finished } = simulations[0]!.recorder;
  const pools = [{ name: "readers", servers: 1, simulations }];
  const { warnings } = gather("a pool", crowded, { first, finished }, pools, gaps);
  assertEquals(warnings.map((warning) => warning.slice(0, 32)), [
    "readers: The load is not stable:",
  ]);
});
