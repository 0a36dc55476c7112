import qwen3Config from "../../data/models/qwen3-235b-a22b.json" with { type: "json" };
import { findHardware, findModel, fromHuggingFaceConfig, hardwareCatalog } from "../catalog/mod.ts";
import {
  attainableRate,
  estimate,
  footprint,
  growthPerGeneration,
  shoreline,
  stepTime,
} from "../roofline/mod.ts";
import {
  cacheBytes,
  cacheBytesPerToken,
  cachedValues,
  expectedDistinctExperts,
  operators,
} from "../transformer/mod.ts";
import type { LibraryFunction } from "./derivation.ts";
import { chapterOf, systems } from "./system.ts";

/** A function that models a system, with values on which it shows that it does. */
export interface ModeledSystem {
  readonly by: LibraryFunction;
  readonly show: () => unknown;
}

function modeled<Values extends unknown[]>(
  by: (...values: Values) => unknown,
  ...example: Values
): ModeledSystem {
  return { by, show: () => by(...example) };
}

const qwen3 = findModel("qwen3-8b");
const decode = { phase: "decode", batch: 1, newTokens: 1, context: 4096 } as const;
const onH100 = (name: string) => ({
  model: findModel(name),
  hardware: findHardware("nvidia-h100-sxm"),
});

/**
 * Which systems does the library model today, and by which function?
 *
 * A system that is not listed is not modeled: its chapter has not come yet, or there is nothing in it to compute, as in
 * a survey. A device is modeled when the catalog holds it, for all times and bounds follow from its entry.
 */
export const modeledSystems: Readonly<Record<string, ModeledSystem>> = {
  // 01 memory wall
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
  // 02 transformer arithmetic
  "gpt-3": modeled(footprint, onH100("gpt-3-175b"), { promptTokens: 256, outputTokens: 256 }),
  "qwen3-8b": modeled(operators, qwen3, decode),
  "long-context-peak-analysis": modeled(
    estimate,
    { model: findModel("yi-34b"), hardware: findHardware("nvidia-a100-sxm-80gb"), devices: 2 },
    { promptTokens: 50_000, outputTokens: 100 },
  ),
  "llama-family": modeled(findModel, "llama-2-7b"),
  // the catalog lacks some members, such as Qwen3-4B; what is modeled is the architecture, from any configuration of it
  "qwen-gemma-family": modeled(fromHuggingFaceConfig, qwen3Config),
  "kv-cache": modeled(cacheBytes, qwen3, 1_000_000),
  // later chapters, where the arithmetic of the first two covers the system already
  "multi-head-attention": modeled(cacheBytesPerToken, findModel("llama-2-7b")),
  "grouped-query-attention": modeled(cacheBytesPerToken, qwen3),
  "cross-layer-attention": modeled(cachedValues, {
    kind: "heads",
    queryHeads: 32,
    keyValueHeads: 8,
    headDimension: 128,
    sharesCache: true,
    extraParameters: 0,
  }),
  "mla": modeled(operators, findModel("deepseek-v3"), decode),
  "deepseek-v3": modeled(operators, findModel("deepseek-v3"), decode),
  "opt-13b": modeled(cacheBytesPerToken, findModel("opt-13b")),
  "rtx-4090": modeled(findHardware, "nvidia-rtx-4090"),
  "mixture-of-experts": modeled(expectedDistinctExperts, 8, 2, 64),
};

/** Whether a system is modeled. */
export interface SystemStatus {
  readonly id: string;
  /** The number of the chapter, or "out-of-scope". */
  readonly chapter: string;
  readonly works: boolean;
  /** The name of the function that models it; null when none does. */
  readonly by: string | null;
}

/** Every system of the source documents, in the order of the chapters: is it modeled, and by what? */
export function systemStatuses(): SystemStatus[] {
  return systems
    .map((system) => {
      const model = modeledSystems[system.id];
      return {
        id: system.id,
        chapter: chapterOf(system),
        works: model !== undefined,
        by: model?.by.name ?? null,
      };
    })
    .toSorted((a, b) => a.chapter < b.chapter ? -1 : a.chapter > b.chapter ? 1 : 0);
}
