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
  "autoregressive-decoding": modeled(estimate, onH100("llama-3.1-8b"), {
    promptTokens: 1000,
    outputTokens: 100,
  }),
  "nvidia-h100": modeled(findHardware, "nvidia-h100-sxm"),
  "nvidia-a100": modeled(findHardware, "nvidia-a100-sxm-80gb"),
  "nvidia-b200": modeled(findHardware, "nvidia-b200"),
  "nvidia-v100": modeled(findHardware, "nvidia-v100-sxm-32gb"),
  "amd-mi300x": modeled(findHardware, "amd-mi300x"),
  "roofline-model": modeled(attainableRate, findHardware("nvidia-b200"), 1),
  // its claims say which phase and which sublayer waits for what
  "aussie-ai-memory-page": modeled(
    stepTime,
    operators(qwen3, decode),
    findHardware("nvidia-h100-sxm"),
  ),
  "ai-and-memory-wall": modeled(
    growthPerGeneration,
    hardwareCatalog,
    ({ memory }) => memory[0].bandwidth,
  ),
  "llm-inference-unveiled": modeled(
    stepTime,
    operators(findModel("llama-2-7b"), decode),
    findHardware("nvidia-rtx-a6000"),
  ),
  "shoreline": modeled(shoreline, 2),
};
