import { findMemory } from "../catalog/mod.ts";
import {
  bankCosts,
  compareMemory,
  exchangeBound,
  expertReads,
  favoredComposition,
  feedForwardBank,
  grok1,
  ultraMemV2,
  zaya1,
} from "../experts/mod.ts";
import { expectedDistinctExperts, parameters } from "../transformer/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";

/** Systems of chapter 17, mixtures of experts and memory layers, and what models each. */
export const chapter17Systems: Readonly<Record<string, ModeledSystem>> = {
  "mixture-of-experts": modeled(expectedDistinctExperts, (run) => run(8, 2, 64)),
  "composition-of-experts": modeled(
    favoredComposition,
    (run) => run({ models: 150, bytes: 14e9, fast: 640e9, bandwidth: 64e9, run: 0.04 }, 1),
  ),
  "ultramem-v2": modeled(compareMemory, (run) => run(ultraMemV2, 8, [1, 64])),
  "insights-deepseek-v3": modeled(exchangeBound, (run) =>
    run({
      hiddenSize: 7000,
      layers: 61,
      places: 9,
      tokens: 32,
      bandwidth: 50e9,
    })),
  "hierarchical-memories": modeled(bankCosts, (run) =>
    run({
      anchor: 163_510_016,
      levels: feedForwardBank({
        layers: 35,
        hiddenSize: 512,
        widths: [256, 64, 16, 0],
        tiers: [findMemory("ufs-3.1")],
      }),
    })),
  "zaya1": modeled(parameters, (run) => run(zaya1)),
  "grok-1": modeled(expertReads, (run) => run(grok1, 64)),
};
