import { findHardware, findModel } from "../catalog/mod.ts";
import { Matrix, seeded } from "../numeric/mod.ts";
import {
  awq,
  freezeBase,
  gptq,
  inputStatistics,
  learnRotation,
  makeBitStack,
  MixedDecomposition,
  mixedPrecisionThroughput,
  randomHadamard,
  roundToNearest,
  smoothingScales,
} from "../quantization/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { weights } from "./small_examples.ts";

/** Systems of chapter 04, outliers, and what models each. */
export const chapter04Systems: Readonly<Record<string, ModeledSystem>> = {
  "round-to-nearest": modeled(roundToNearest, (run) => run(weights, { bits: 3 })),
  "llm-int8": { by: MixedDecomposition, show: () => new MixedDecomposition().multiply },
  "smoothquant": modeled(
    smoothingScales,
    (run) => run(Float64Array.of(64, 1), Float64Array.of(1, 1), 0.5),
  ),
  "awq": modeled(
    awq,
    (run) => run(weights, inputStatistics(weights), { bits: 3, symmetric: false }),
  ),
  "gptq": modeled(
    gptq,
    (run) =>
      run(weights, Matrix.from([0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => i === j ? 2 : 1))), {
        bits: 3,
      }),
  ),
  "hadamard-rotation": modeled(randomHadamard, (run) => run(192, seeded(1))),
  "spinquant": modeled(
    learnRotation,
    (run) =>
      run(
        { weights: Matrix.from([[1, 9], [2, 1]]), inputs: Matrix.from([[3, 1], [40, 2]]) },
        randomHadamard(2, seeded(1)),
        { steps: 2 },
      ),
  ),
  "qlora": modeled(freezeBase, (run) => run(Matrix.zeros(1, 64).map((_, i) => Math.sin(i)))),
  "bitstack": modeled(makeBitStack, (run) =>
    run([{
      name: "w",
      outputs: 2,
      inputs: 4,
      data: Float32Array.of(1, -2, 3, 4, -5, 6, 7, 8),
    }], { levels: 2 })),
  "comet": modeled(
    mixedPrecisionThroughput,
    (run) =>
      run({ model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-a100-sxm-80gb") }, {
        promptTokens: 1024,
        outputTokens: 512,
      }, 0.2),
  ),
};
