import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  chunkedPrefill,
  continuousBatching,
  fixedLengths,
  layeredPrefill,
  logNormalLengths,
  makeRequests,
  pagedBatching,
  poissonArrivals,
  publicTraffic,
  simulate,
  staticBatching,
  StepCost,
  StepTotals,
} from "@fewer-bytes/serving";

const model = findModel("llama-3.1-8b");
const deployment = new StepCost({ model, hardware: findHardware("nvidia-h100-sxm") });
const { prompt, output } = publicTraffic.azureConversation;
const requests = makeRequests({
  count: 20_000,
  arrivals: poissonArrivals(15),
  prompt: logNormalLengths({ ...prompt, maximum: 16_384 }),
  output: logNormalLengths(output),
});

// One iteration is 20,000 requests of chat: a second would be 20,000 requests a second.
const group = "20,000 chat requests, Llama-3.1-8B on one H100, 15 a second";
for (
  const policy of [
    continuousBatching(),
    pagedBatching(),
    chunkedPrefill(),
    layeredPrefill(model),
    staticBatching({ batch: 32 }),
  ]
) {
  Deno.bench(policy.name, { group, baseline: policy.name === "continuous" }, () => {
    simulate({ deployment, requests, policy });
  });
}

const queue = makeRequests({
  count: 100_000,
  arrivals: poissonArrivals(10),
  prompt: fixedLengths(1000),
  output: fixedLengths(1),
});
Deno.bench("100,000 requests one after the other (M/D/1)", { group: "queue" }, () => {
  simulate({ deployment, requests: queue, policy: continuousBatching({ batch: 1 }) });
});

const mixture = new StepCost({
  model: findModel("qwen3-30b-a3b"),
  hardware: findHardware("nvidia-h100-sxm"),
});
const totals = new StepTotals();
for (
  const [name, cost] of Object.entries({ "Llama-3.1-8B": deployment, "Qwen3-30B-A3B": mixture })
) {
  const load = cost.load();
  for (let index = 0; index < 64; index++) load.decode(1000 + index);
  load.prefill(448, 2000, false);
  let ahead = 0;
  Deno.bench(`time of one mixed step, ${name}`, { group: "steps" }, () => {
    cost.evaluate(load, totals, ahead = (ahead + 1) % 100);
  });
}
