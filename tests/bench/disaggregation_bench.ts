import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  compareLayers,
  findLink,
  networks,
  route,
  simulatePools,
  simulateReplicas,
  trafficLasting,
} from "@fewer-bytes/disaggregation";
import { logNormalLengths, pagedBatching, publicTraffic, StepCost } from "@fewer-bytes/serving";

const hardware = findHardware("nvidia-h100-sxm");
const deployment = new StepCost({ model: findModel("llama-3.1-8b"), hardware });
const { prompt, output } = publicTraffic.azureConversation;
const requests = trafficLasting(400, {
  prompt: logNormalLengths({ ...prompt, maximum: 16_384 }),
  output: logNormalLengths(output),
})(50);

// One iteration is 20,000 requests of chat.
const group = "20,000 chat requests, Llama-3.1-8B on four H100, 50 a second";
Deno.bench("four replicas", { group, baseline: true }, () => {
  simulateReplicas({ deployment, servers: 4, policy: () => pagedBatching(), requests });
});
Deno.bench("two pools of two", { group }, () => {
  const pool = { deployment, servers: 2 };
  simulatePools({
    prefill: pool,
    decode: pool,
    requests,
    path: { link: networks["infiniband-ndr"] },
  });
});
Deno.bench("routing alone", { group }, () => {
  route(requests, 4, new Float64Array(requests.arrival.length).fill(0.01));
});

Deno.bench("compareLayers(), 768 shapes of Mixtral-8x22B", () => {
  compareLayers({
    model: findModel("mixtral-8x22b"),
    context: 650,
    timePerOutputToken: 0.15,
    network: { inside: findLink("NVLink", hardware), between: networks["infiniband-ndr"] },
    whole: { hardware, devices: 8 },
    attention: hardware,
    feedForward: hardware,
  });
});
