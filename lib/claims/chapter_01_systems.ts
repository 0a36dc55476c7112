import { findHardware, findModel, hardwareCatalog } from "../catalog/mod.ts";
import {
  attainableRate,
  estimate,
  growthPerGeneration,
  shoreline,
  stepTime,
} from "../roofline/mod.ts";
import { operators } from "../transformer/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { decode, onH100, qwen3 } from "./small_examples.ts";

/** Systems of chapter 01, memory wall, and what models each. */
export const chapter01Systems: Readonly<Record<string, ModeledSystem>> = {
  "autoregressive-decoding": modeled(estimate, (run) =>
    run(onH100("llama-3.1-8b"), {
      promptTokens: 1000,
      outputTokens: 100,
    })),
  "nvidia-h100": modeled(findHardware, (run) => run("nvidia-h100-sxm")),
  "nvidia-a100": modeled(findHardware, (run) => run("nvidia-a100-sxm-80gb")),
  "nvidia-b200": modeled(findHardware, (run) => run("nvidia-b200")),
  "nvidia-v100": modeled(findHardware, (run) => run("nvidia-v100-sxm-32gb")),
  "amd-mi300x": modeled(findHardware, (run) => run("amd-mi300x")),
  "roofline-model": modeled(attainableRate, (run) => run(findHardware("nvidia-b200"), 1)),
  // its claims say which phase and which sublayer waits for what
  "aussie-ai-memory-page": modeled(
    stepTime,
    (run) => run(operators(qwen3, decode), findHardware("nvidia-h100-sxm")),
  ),
  "ai-and-memory-wall": modeled(
    growthPerGeneration,
    (run) => run(hardwareCatalog, ({ memory }) => memory[0].bandwidth),
  ),
  "llm-inference-unveiled": modeled(
    stepTime,
    (run) => run(operators(findModel("llama-2-7b"), decode), findHardware("nvidia-rtx-a6000")),
  ),
  "shoreline": modeled(shoreline, (run) => run(2)),
};
