import { findHardware, findModel, findPim } from "../catalog/mod.ts";
import { seeded } from "../numeric/mod.ts";
import {
  assignOperators,
  balanceChannels,
  breakEvenIntensity,
  crossbarProducts,
  fastestBands,
  interleaveStep,
  internalBandwidth,
  layerPipeline,
  lookupProducts,
  pimTime,
  placeSpeedup,
  probableSum,
  scanRate,
  severalPims,
  withUnits,
} from "../pim/mod.ts";
import { operators } from "../transformer/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";

const h100 = () => findHardware("nvidia-h100-sxm");
const attAcc = () => findPim("attacc-bank");
const matrix = { rows: 1, columns: 4, bits: 4, data: Int32Array.of(-8, 7, 3, -1) };
const vector = Int32Array.of(1, 2, 3, 4);
const table = () =>
  operators(findModel("llama-2-7b"), {
    phase: "decode",
    batch: 32,
    newTokens: 1,
    context: 2048,
  });
const attention = () => table().find(({ name }) => name === "attention")!;

/** Systems of chapter 15, processing in memory, and what models each. */
export const chapter15Systems: Readonly<Record<string, ModeledSystem>> = {
  "upmem": modeled(scanRate, (run) => run(severalPims(findPim("upmem-dimm"), 20), 1 / 8)),
  "samsung-hbm-pim": modeled(internalBandwidth, (run) => run(findPim("samsung-hbm-pim"))),
  "breakthrough-memory-solutions": modeled(
    pimTime,
    (run) => run(attention(), findPim("sk-hynix-gddr6-aim")),
  ),
  "attacc": modeled(
    assignOperators,
    (run) => run(table(), { processor: h100(), device: attAcc() }),
  ),
  "neupims": modeled(
    interleaveStep,
    (run) =>
      run({ model: findModel("opt-13b"), batch: 512, context: 376 }, {
        processor: findHardware("nvidia-a100-sxm-40gb"),
        device: findPim("neupims-memory"),
      }),
  ),
  "cent": modeled(layerPipeline, (run) =>
    run({
      model: findModel("llama-2-70b"),
      device: findPim("cent-device"),
      devices: 32,
      context: 2304,
      channels: 32,
    })),
  "duplex": modeled(
    fastestBands,
    (run) => run([h100(), findPim("duplex-logic-pim"), attAcc()], "fp16"),
  ),
  "pim-gpt": modeled(
    placeSpeedup,
    (run) =>
      run({ model: findModel("gpt2"), context: 512 }, {
        baseline: findHardware("nvidia-t4"),
        device: findPim("pim-gpt"),
      }, 137),
  ),
  "lol-pim": modeled(balanceChannels, (run) => run([32_000, 8000, 8000, 4000], 16)),
  "h2-llm": modeled(withUnits, (run) =>
    run(findPim("h2-llm"), {
      bytesPerCycle: 32,
      flopsPerCycle: 128,
      clock: 600e6,
    })),
  "sail": modeled(lookupProducts, (run) => run(matrix, vector, 2)),
  "pacim": modeled(probableSum, (run) => run(128, 100, 256)),
  "compute-in-memory": modeled(crossbarProducts, (run) =>
    run(matrix, vector, 4, {
      rows: 128,
      converterBits: 7,
    })),
  "rram-benchmark": modeled(crossbarProducts, (run) =>
    run(matrix, vector, 4, {
      rows: 128,
      converterBits: 8,
      noise: { deviation: 0.05, random: seeded(1) },
    })),
  "processing-in-memory": modeled(breakEvenIntensity, (run) => run(h100(), attAcc())),
};
