import {
  absorbedLatentAttention,
  headAttention,
  hybridCacheBytes,
  hybridStepSeconds,
  latentCache,
  meanPoolHeads,
  randomAttentionLayer,
  rotateRows,
  rotatingLayers,
  runCrossLayers,
  selectiveScan,
  shareCaches,
  shareRecalled,
  stateSpaceModels,
} from "../attention/mod.ts";
import { findHardware, findModel } from "../catalog/mod.ts";
import { seeded } from "../numeric/mod.ts";
import { operators } from "../transformer/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { decode, latent, tokens } from "./small_examples.ts";

/** Systems of chapter 06, attention variants, and what models each. */
export const chapter06Systems: Readonly<Record<string, ModeledSystem>> = {
  "dense-self-attention": modeled(headAttention, (run) => run(tokens, tokens, tokens)),
  "multi-head-attention": modeled(
    headAttention,
    (run) => run(tokens, tokens, tokens, { queryHeads: 4 }),
  ),
  "grouped-query-attention": modeled(meanPoolHeads, (run) =>
    run(
      {
        name: "keys",
        outputs: 4,
        inputs: 1,
        data: Float32Array.of(1, 3, 5, 7),
      },
      4,
      2,
    )),
  "cross-layer-attention": modeled(runCrossLayers, (run) =>
    run(
      shareCaches(
        [1, 2].map((seed) => randomAttentionLayer(4, { query: 2, keyValue: 1 }, 2, seeded(seed))),
        2,
      ),
      tokens,
      { queryHeads: 2, keyValueHeads: 1 },
    )),
  "mla": modeled(
    absorbedLatentAttention,
    (run) => run(latent, tokens, latentCache(latent, tokens)),
  ),
  "deepseek-v3": modeled(operators, (run) => run(findModel("deepseek-v3"), decode)),
  "rope": modeled(rotateRows, (run) => run(tokens)),
  "nope-rope-hybrid": modeled(rotatingLayers, (run) => run(8, 4)),
  "mamba-ssm": modeled(selectiveScan, (run) =>
    run({
      input: tokens,
      step: tokens.map(Math.abs),
      decay: tokens.map((value) => -Math.abs(value)),
      write: tokens,
      read: tokens,
    })),
  "jamba": modeled(hybridCacheBytes, (run) => run(stateSpaceModels["jamba-v0.1"], 262_144)),
  "bmojo": modeled(
    shareRecalled,
    (run) =>
      run({ facts: 4, distance: 20, width: 8 }, { window: 8, eidetic: 4, keep: 0.9 }, seeded(1)),
  ),
  "ssm-characterization": modeled(
    hybridStepSeconds,
    (run) => run(stateSpaceModels["mamba2-780m"], decode, findHardware("nvidia-rtx-4090")),
  ),
};
