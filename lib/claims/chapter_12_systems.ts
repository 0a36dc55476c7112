import { findHardware, findModel } from "../catalog/mod.ts";
import {
  chunkedPrefill,
  continuousBatching,
  pagedBatching,
  pauseWaste,
  promptExpertTraffic,
  type Requests,
  requests,
  type ServingSetup,
  simulate,
  swapInBlocks,
} from "../serving/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";

const two: Requests = requests([
  { arrival: 0, promptTokens: 300, outputTokens: 20 },
  { arrival: 0.01, promptTokens: 800, outputTokens: 10 },
]);
const served = (policy: ServingSetup["policy"]): ServingSetup => ({
  deployment: { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") },
  requests: two,
  policy,
});

/**
 * Systems of chapter 12, serving, and what models each. The engine "deepspeed-inference" is kernels, and a model split over
 * devices, which chapter 13 treats.
 */
export const chapter12Systems: Readonly<Record<string, ModeledSystem>> = {
  "continuous-batching": modeled(simulate, (run) => run(served(continuousBatching()))),
  // Prompts in steps of their own, 4,096 tokens at most, and room for the whole answer before one begins.
  "hf-tgi": modeled(
    simulate,
    (run) => run(served(continuousBatching({ promptTokens: 4096, reserve: "answer" }))),
  ),
  "apiserve": modeled(pauseWaste, (run) =>
    run({
      context: 2000,
      others: 50_000,
      seconds: 0.1,
      recompute: 0.06,
      swap: 0.005,
    })),
  "vllm-v1": modeled(simulate, (run) => run(served(chunkedPrefill({ budget: 8192 })))),
  "fastswitch": modeled(swapInBlocks, (run) =>
    run({
      bytesPerToken: 131_072,
      layers: 32,
      blocksPerCopy: 20,
      bandwidth: 32e9,
      launch: 5e-6,
    })),
  // Its scheduler lets in as many as ever fit, and sends away whom it must.
  "tensorrt-llm": modeled(simulate, (run) => run(served(pagedBatching()))),
  "layered-prefill": modeled(promptExpertTraffic, (run) =>
    run(findModel("qwen3-30b-a3b"), {
      promptTokens: 8192,
      chunkTokens: 512,
      decodes: 16,
    })),
  "chunked-prefill": modeled(simulate, (run) => run(served(chunkedPrefill()))),
};
