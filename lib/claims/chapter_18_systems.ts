import { findHardware, findModel } from "../catalog/mod.ts";
import {
  activationBytes,
  binomialForwards,
  countAdapters,
  fastestOfAll,
  frontierLevels,
  fusedSublayers,
  groupsByNeed,
  halfPackage,
  halvingSchedule,
  hostBuffers,
  multistage,
  offloadTraffic,
  optimalSchedule,
  partitionTraffic,
  segmentSchedule,
  snapshotSeconds,
  stateBytes,
  studiedModels,
  survivalProbability,
  t3Machine,
  tokenWiseSwap,
  trainingStep,
  uniformChain,
} from "../training/mod.ts";
import { parameters } from "../transformer/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";

const hardware = () => findHardware("nvidia-a100-sxm-80gb");
const llama = findModel("llama-2-7b");
const chain = uniformChain(5);
const long = () => ({
  model: llama,
  hardware: hardware(),
  batch: { sequences: 1, tokens: 65_536 },
  devices: 8,
});

/** Systems of chapter 18, training memory, and what models each. */
export const chapter18Systems: Readonly<Record<string, ModeledSystem>> = {
  "lora": modeled(countAdapters, (run) => run(llama, { rank: 8 })),
  "recomputation": modeled(optimalSchedule, (run) => run(chain, 3)),
  "gradient-checkpointing-sublinear": modeled(segmentSchedule, (run) => run(uniformChain(100))),
  "gruslys-bptt": modeled(binomialForwards, (run) => run(100, 10)),
  "bulatov-checkpointing": modeled(halvingSchedule, (run) => run(chain)),
  "beaumont-heterogeneous-chains": modeled(optimalSchedule, (run) => run(chain, 3)),
  "checkmate": modeled(fastestOfAll, (run) => run(chain, 3)),
  "kukreja-long-sequences": modeled(multistage, (run) =>
    run({
      steps: 1000,
      stepSeconds: 1e-3,
      stateBytes: 1e8,
      bandwidth: 5e9,
      states: 5,
    })),
  "reducing-activation-recomputation": modeled(
    activationBytes,
    (run) =>
      run(findModel("gpt-3-175b"), {
        sequences: 1,
        tokens: 2048,
      }, { attention: "scores", dropout: true, recompute: "attention" }),
  ),
  "memo-training": modeled(tokenWiseSwap, (run) => run(long(), 250e9)),
  "parackpt": modeled(snapshotSeconds, (run) => run(1e9, [25e9, 12.5e9, 3e9])),
  "in-memory-fault-tolerance": modeled(
    survivalProbability,
    (run) => run({ machines: 10, parities: 1 }, 10, 1e-3),
  ),
  "memascend": modeled(hostBuffers, (run) => run({ model: llama })),
  "frontier-low-bandwidth-partitioning": modeled(
    partitionTraffic,
    (run) => run(20e9, { name: "three levels", weights: 1, gradients: 2 }, frontierLevels(48)),
  ),
  "zero-plus-plus": modeled(
    partitionTraffic,
    (run) =>
      run(20e9, {
        name: "ZeRO++",
        weights: 3,
        secondary: 2,
        gradients: 3,
        weightBytes: 1,
        gradientBytes: 0.5,
      }, frontierLevels(48)),
  ),
  "frontier-supercomputer": modeled(halfPackage, (run) => run(findHardware("amd-mi250x"))),
  "t3": modeled(
    fusedSublayers,
    (run) =>
      run(
        { model: studiedModels.turing, hardware: t3Machine.hardware, devices: 8 },
        { sequences: 8, tokens: 1024 },
        t3Machine.link,
        t3Machine.latency,
      ),
  ),
  "zero": modeled(stateBytes, (run) => run(7.5e9, { stage: 3, dataParallel: 64 })),
  "zero-infinity": modeled(offloadTraffic, (run) =>
    run({
      model: studiedModels.trillion,
      batch: { sequences: 1, tokens: 1024 },
      recompute: "layers",
    })),
  "turing-nlg": modeled(parameters, (run) => run(studiedModels.turing)),
  "megatron-lm": modeled(trainingStep, (run) =>
    run({
      model: studiedModels.megatron,
      hardware: hardware(),
      batch: { sequences: 1, tokens: 1024 },
      devices: 8,
    })),
  "bytescale": modeled(groupsByNeed, (run) =>
    run({
      lengths: [65_536, 4096, 4096],
      devices: 16,
      tokensPerDevice: 8192,
      context: 65_536,
      seconds: (tokens) => 1e-4 * tokens,
      exchangedBytes: 5e5,
      bandwidth: 25e9,
    })),
};
