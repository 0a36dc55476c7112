import { findModel } from "../catalog/mod.ts";
import {
  networks,
  pingPong,
  poolRates,
  redundantPair,
  searchPlacement,
  simulatePools,
  splitLayers,
  tensorParallelStep,
  trafficLasting,
} from "../disaggregation/mod.ts";
import { fixedLengths, requests, StepCost } from "../serving/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { onH100 } from "./small_examples.ts";

const deployment = () => onH100("llama-3.1-8b");
const pool = () => ({ deployment: deployment(), servers: 1 });
const two = requests([
  { arrival: 0, promptTokens: 1000, outputTokens: 20 },
  { arrival: 0.1, promptTokens: 2000, outputTokens: 10 },
]);

/** Systems of chapter 13, disaggregation, and what models each. */
export const chapter13Systems: Readonly<Record<string, ModeledSystem>> = {
  "distserve": modeled(searchPlacement, (run) =>
    run({
      candidates: [{ name: "one H100", deployment: deployment() }],
      requestsAt: trafficLasting(1, {
        prompt: fixedLengths(500),
        output: fixedLengths(10),
        atLeast: 20,
      }),
      objective: { timeToFirstToken: 0.1, timePerOutputToken: 0.02 },
      rate: 50,
      search: { from: 32, tolerance: 0.5 },
    })),
  "vllm-disaggregated-prefill": modeled(simulatePools, (run) =>
    run({
      prefill: pool(),
      decode: pool(),
      requests: two,
      path: { link: networks["ethernet-100g"] },
    })),
  "prefill-decode-disaggregation": modeled(
    poolRates,
    (run) =>
      run(new StepCost(deployment()), new StepCost(deployment()), two, {
        timePerOutputToken: 0.02,
      }),
  ),
  "attention-ffn-disaggregation": modeled(splitLayers, (run) => {
    const { hardware } = deployment();
    return run({
      model: findModel("mixtral-8x22b"),
      attention: { hardware, devices: 1, servers: 4 },
      feedForward: { hardware, devices: 8 },
      batch: 128,
      context: 600,
      link: networks["infiniband-ndr"],
    });
  }),
  "megascale-infer": modeled(
    pingPong,
    (run) => run({ attention: 1e-3, feedForward: 1e-3, transfer: 0.4e-3 }, 3, 60),
  ),
  "accellm": modeled(
    redundantPair,
    (run) => run(new StepCost(deployment()), [3000, 3000, 3000], [500]),
  ),
  "tensor-parallelism": modeled(
    tensorParallelStep,
    (run) =>
      run(
        { ...deployment(), devices: 8 },
        { phase: "decode", batch: 1, newTokens: 1, context: 1000 },
        2e-6,
      ),
  ),
};
