import {
  findComputingDrive,
  findHardware,
  findMeasuredNode,
  findMemory,
  findModel,
} from "../catalog/mod.ts";
import { behind, mainMemory } from "../memory/mod.ts";
import {
  batteryLife,
  cacheForms,
  coActivation,
  driveAsMemory,
  expertDecode,
  flashLoads,
  inFlashDecode,
  levelReads,
  linkNeurons,
  lockLayers,
  measuredNode,
  mixedDecode,
  pinnedOrBatch,
  searchPolicy,
  storedAttention,
} from "../offload/mod.ts";
import { cacheBytesPerToken } from "../transformer/mod.ts";
import { consumerCpu } from "./chapter_16_experts.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";

const opt30b = () => findModel("opt-30b");
const drive = () => findMemory("samsung-990-pro");
const pcie3 = { name: "PCIe 3.0 x16", bandwidth: 16e9 };

/** Systems of chapter 16, offload and flash, and what models each. */
export const chapter16Systems: Readonly<Record<string, ModeledSystem>> = {
  "kv-partial-recomputation": modeled(
    mixedDecode,
    (run) => run({ model: opt30b(), hardware: findHardware("nvidia-a100-sxm-40gb") }, 32, 1024),
  ),
  "activation-checkpoint-hybrid-cache": modeled(cacheForms, (run) => run(findModel("opt-13b"))),
  "flexinfer": modeled(
    lockLayers,
    (run) => run(Array.from({ length: 8 }, () => ({ load: 2e-3, compute: 1e-3 })), 0.5, "balanced"),
  ),
  "dram-ssd-multilevel-cache": modeled(levelReads, (run) =>
    run(1e9, [
      { tier: mainMemory(findHardware("nvidia-rtx-4090")), hits: 0.5 },
      { tier: behind(mainMemory(findHardware("amd-epyc-9654")), pcie3), hits: 0.9 },
      { tier: drive(), hits: 1 },
    ])),
  "ripple": modeled(linkNeurons, (run) => run(coActivation([[0, 2], [0, 2], [1, 3], [2, 3]], 4))),
  "melting-point": modeled(batteryLife, (run) => run(15 * 3600, 0.16e-3 * 3600, 13.6)),
  "llm-in-a-flash": modeled(flashLoads, (run) =>
    run({
      model: findModel("opt-6.7b"),
      storage: "fp16",
      flash: drive(),
      depth: 32,
      activity: 0.1,
      window: { loaded: 0.024, resident: 0.24 },
    })),
  "flexgen": modeled(
    searchPolicy,
    (run) =>
      run(opt30b(), measuredNode(findMeasuredNode("flexgen-t4")), {
        promptTokens: 512,
        outputTokens: 32,
      }, { overlap: "chained", gpuBatches: [48], batches: [3] }),
  ),
  "deepspeed-zero-inference": modeled(
    pinnedOrBatch,
    (run) =>
      run(
        { model: opt30b(), hardware: findHardware("nvidia-v100-sxm-32gb") },
        { promptTokens: 512, outputTokens: 32 },
        behind(mainMemory(findHardware("amd-epyc-9654")), pcie3),
        [0, 0.4],
      ),
  ),
  "smallthinker": modeled(expertDecode, (run) =>
    run(
      {
        model: findModel("qwen3-30b-a3b"),
        hardware: consumerCpu(),
        formats: { weights: "int4", cache: "fp16", activations: "fp16" },
      },
      1000,
      { drive: drive(), depth: 8, memory: 12e9, routed: "before attention" },
    )),
  "cambricon-llm": modeled(
    inFlashDecode,
    (run) => run(findModel("llama-2-70b"), findComputingDrive("cambricon-llm-l"), 1000, 40e9),
  ),
  "instinfer": modeled(storedAttention, (run) =>
    run(
      {
        model: findModel("opt-13b"),
        hardware: findHardware("nvidia-rtx-a6000"),
        formats: { weights: "fp16", cache: "fp16", activations: "fp16" },
      },
      64,
      1536,
      { drive: findComputingDrive("instinfer-csd"), path: 1.6e9 },
    )),
  "computational-storage": modeled(
    driveAsMemory,
    (run) => run(findComputingDrive("instinfer-csd")),
  ),
  "opt-13b": modeled(cacheBytesPerToken, (run) => run(findModel("opt-13b"))),
  "rtx-4090": modeled(findHardware, (run) => run("nvidia-rtx-4090")),
};
