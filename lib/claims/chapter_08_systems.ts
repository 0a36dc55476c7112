import {
  cascade,
  elastic,
  heavyHitterMethod,
  keyOrder,
  kivi,
  millionTokenSteps,
  offloadedDecode,
  stack,
  turboQuant,
  waterFilling,
  writeConversation,
  xquant,
  xquantCrossLayer,
} from "../cache/mod.ts";
import { findHardware, findModel } from "../catalog/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { onH100 } from "./small_examples.ts";

/**
 * Systems of chapter 08, cache compression, and what models each. The survey of cache management sorts
 * what others made.
 */
export const chapter08Systems: Readonly<Record<string, ModeledSystem>> = {
  "kivi": modeled(kivi, (run) => run(2)),
  "rate-distortion": modeled(waterFilling, (run) => run([4, 1], 2)),
  "turboquant": { by: turboQuant, show: () => turboQuant(4, 32).roundTrip(new Float32Array(32)) },
  "kv-stacking": modeled(stack, (run) => run(onH100("qwen3-8b"), 1_000_000, millionTokenSteps())),
  "alisa": modeled(offloadedDecode, (run) =>
    run({
      model: findModel("opt-6.7b"),
      hardware: findHardware("nvidia-v100-sxm-16gb"),
      batch: 16,
      promptTokens: 128,
      outputTokens: 8,
    }, { kind: "sparse", needed: 0.2 })),
  // several questions about one context; its tasks and models are not here
  "scbench": modeled(writeConversation, (run) => run(3, { context: 300, turns: 2 })),
  "bfp-rearrangement": modeled(keyOrder, (run) => run([1, 2, 9, 3], 4)),
  "xquant": modeled(xquant, (run) => run(4)),
  "xquant-cl": modeled(xquantCrossLayer, (run) => run(3, findModel("llama-2-7b"))),
  // its merging and its fixed place of eviction, on words; images are not modeled
  "elastic-cache": modeled(elastic, (run) => run(64)),
  // its pruning and its two steps of bits; the accelerator is not modeled
  "spatten": modeled(cascade, (run) => run([1, 0.9, 0.8])),
  "state-eviction-kv-dropping": modeled(heavyHitterMethod, (run) => run({ heavy: 32, recent: 32 })),
};
