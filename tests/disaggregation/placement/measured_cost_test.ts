import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  decodeSeconds,
  MeasuredCost,
  promptSeconds,
  simulateReplicas,
  stepProfile,
} from "@fewer-bytes/disaggregation";
import { pagedBatching, requests, StepCost, StepTotals } from "@fewer-bytes/serving";

const deployment = {
  model: findModel("opt-13b"),
  hardware: findHardware("nvidia-a100-sxm-80gb"),
  memoryShare: 0.95,
};
const cost = new MeasuredCost(deployment, stepProfile("distserve", "opt-13b", 1)!);

Deno.test("MeasuredCost takes for prompts and batches what DistServe's simulator takes", () => {
  // simdistserve, get_prefill_time and get_decode_time and add_ray_overhead, by hand; its 1 ms for a stage is left out.
  const prefill = (tokens: number) =>
    18.1 + 0.1019 * tokens + 7.122e-6 * tokens ** 2 + 2 + 1e-4 * tokens;
  for (const tokens of [1, 171, 755, 1738]) {
    assertAlmostEquals(promptSeconds(cost, tokens), prefill(tokens) / 1000, 1e-9);
  }
  const keys = 32 * 901; // the contexts, and the token itself
  const small = 19.93 + 0.0006269 * keys + 0.03851 * 32 + 2 + 1e-4 * keys;
  assertAlmostEquals(decodeSeconds(cost, 32, 900), small / 1000, 1e-9);
  const large = 7.166 + 0.0005798 * 128 * 201 + 0.1583 * 128 + 2 + 1e-4 * 128 * 201;
  assertAlmostEquals(decodeSeconds(cost, 128, 200), large / 1000, 1e-9);
});

Deno.test("MeasuredCost sums prompts of one step, each with its own square", () => {
  const load = cost.load();
  for (const tokens of [300, 500]) load.prefill(tokens, 0, true);
  const { seconds } = cost.evaluate(load, new StepTotals());
  const wanted = 18.1 + 0.1019 * 800 + 7.122e-6 * (300 ** 2 + 500 ** 2) + 2 + 0.08;
  assertAlmostEquals(seconds, wanted / 1000, 1e-9);
});

Deno.test("MeasuredCost counts each sequence beside a prompt as a token more, and its context", () => {
  const load = cost.load();
  load.prefill(300, 0, true);
  for (let sequence = 0; sequence < 10; sequence++) load.decode(899);
  const { seconds } = cost.evaluate(load, new StepTotals());
  const wanted = 18.1 + 0.1019 * 310 + 7.122e-6 * 300 ** 2 + 0.0006269 * 9000 + 2 + 1e-4 * 9300;
  assertAlmostEquals(seconds, wanted / 1000, 1e-9);
});

Deno.test("MeasuredCost makes two pieces of a prompt take one more fixed part than one", () => {
  const time = (pieces: [number, number][]) =>
    pieces.reduce((sum, [tokens, context]) => {
      const load = cost.load();
      load.prefill(tokens, context, true);
      return sum + cost.evaluate(load, new StepTotals()).seconds;
    }, 0);
  assertAlmostEquals(time([[400, 0], [600, 400]]) - time([[1000, 0]]), 20.1e-3, 1e-6);
});

Deno.test("MeasuredCost changes the time of a step, and nothing else of it", () => {
  const plain = new StepCost(deployment);
  const load = plain.load();
  load.decode(700);
  const [bound, measured] = [plain, cost].map((cost) => cost.evaluate(load, new StepTotals()));
  assert(measured!.seconds > bound!.seconds);
  assertEquals({ ...measured!, seconds: 0 }, { ...bound!, seconds: 0 });
});

Deno.test("a simulation with measured steps jumps over equal ones as it does one by one", () => {
  const one = requests([{ arrival: 0, promptTokens: 500, outputTokens: 60 }]);
  const policy = () => pagedBatching();
  const { columns } = simulateReplicas({ deployment: cost, servers: 1, policy, requests: one });
  let wanted = promptSeconds(cost, 500);
  for (let given = 1; given < 60; given++) wanted += decodeSeconds(cost, 1, 500 + given - 1);
  assertAlmostEquals(columns.finished[0]!, wanted, 1e-9);
});
