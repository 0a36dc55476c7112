import { findHardware } from "../catalog/mod.ts";
import { Matrix, seeded } from "../numeric/mod.ts";
import {
  compressTwoFour,
  dynamicAttentionSpeedup,
  learnMask,
  twoFourOperators,
} from "../sparsity/mod.ts";
import { operators } from "../transformer/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { decode, qwen3 } from "./small_examples.ts";

/**
 * Systems of chapter 05, sparsity, and what models each. The system "smash" multiplies two sparse
 * matrices on PIUMA, which the library does not model.
 */
export const chapter05Systems: Readonly<Record<string, ModeledSystem>> = {
  "structured-sparsity-2-4": modeled(
    twoFourOperators,
    (run) => run(operators(qwen3, decode), findHardware("nvidia-h100-sxm"), "bf16"),
  ),
  "nm-mask-learning": modeled(
    learnMask,
    (run) =>
      run(Matrix.from([[3, 2, 2, 1]]), {
        gram: Matrix.from([[4, 0, 0, 0], [0, 9, 0, 0], [0, 0, 4, 0], [0, 0, 0, 4]]),
      }, seeded(1)),
  ),
  "dynamic-2-4-attention": modeled(
    dynamicAttentionSpeedup,
    (run) => run({ length: 1024, headDimension: 64 }, findHardware("nvidia-a100-sxm-80gb")),
  ),
  "accelerating-sparse-dnn": modeled(compressTwoFour, (run) => run(Matrix.from([[0, 7, 0, 5]]))),
};
