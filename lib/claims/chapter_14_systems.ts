import { findAccessPath, findHardware, findMemory, findMemoryLink } from "../catalog/mod.ts";
import { prefetchedStep } from "../disaggregation/mod.ts";
import {
  accessLatency,
  adamStep,
  behind,
  bufferedSchedule,
  compareExpansion,
  compositionTime,
  faultingTier,
  mainMemory,
  pagedDecode,
  stackedMemory,
  walkProduct,
  zeroCopy,
} from "../memory/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { onH100 } from "./small_examples.ts";

const deployment = () => onH100("llama-3.1-8b");
const request = { promptTokens: 500, outputTokens: 100 };
const link = () => findMemoryLink("pcie-5-x16");
const host = () => behind(mainMemory(findHardware("amd-epyc-9654")), link());
const box = () => behind(findMemory("samsung-cmm-b"), link());

/** Systems of chapter 14, the memory hierarchy, and what models each. */
export const chapter14Systems: Readonly<Record<string, ModeledSystem>> = {
  "hbm": modeled(stackedMemory, (run) => run(findMemory("hbm3"), 5)),
  "unified-virtual-memory": modeled(
    faultingTier,
    (run) => run(host(), { page: 65_536, latency: 20e-6 }),
  ),
  "cxl": modeled(compareExpansion, (run) => run(deployment(), request, box())),
  "panmnesia-cxl-gpu": modeled(accessLatency, (run) => run(findAccessPath("panmnesia-gpu"))),
  "amd-mi300a": modeled(
    zeroCopy,
    (run) => run(16e9, 1, link().bandwidth, findHardware("amd-mi300a").memory[0].bandwidth),
  ),
  "drepper-memory": modeled(
    walkProduct,
    (run) => run({ order: "ikj", size: 16 }, { capacity: 1024, line: 64, ways: 4 }),
  ),
  "preserve": modeled(
    prefetchedStep,
    (run) =>
      run(
        { ...deployment(), devices: 8 },
        { phase: "decode", batch: 16, newTokens: 1, context: 4000 },
        50e6,
        20e-6,
      ),
  ),
  "sn40l": modeled(compositionTime, (run) =>
    run({
      models: 150,
      bytes: 14e9,
      fast: 512e9,
      bandwidth: 1e12,
      run: 0.06,
    })),
  "nvidia-h800-a800": modeled(findHardware, (run) => run("nvidia-h800-sxm")),
  "fenghuang": modeled(
    pagedDecode,
    (run) => run(deployment(), request, { name: "remote", capacity: 1e12, bandwidth: 4.8e12 }, 0),
  ),
  "cxl-finetuning-allocation": modeled(adamStep, (run) =>
    run(7e9, [
      mainMemory(findHardware("intel-xeon-8480plus")),
      findMemory("micron-cz120"),
    ])),
  "prefetching": modeled(
    bufferedSchedule,
    (run) => run(Array.from({ length: 8 }, () => ({ load: 1e-3, compute: 1e-3 })), 2),
  ),
};
