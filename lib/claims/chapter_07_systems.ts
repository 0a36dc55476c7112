import {
  balancedEmulation,
  cascadePasses,
  flashAttention,
  flashTraffic,
  flatAttention,
  onePassCascade,
  partOf,
  productTile,
  sigmoidAttention,
  smallCacheAttention,
  softmaxAccesses,
  tileBound,
  TwoLevelMemory,
  twoPassSoftmax,
} from "../attention/mod.ts";
import { findHardware } from "../catalog/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { oneHead, tokens } from "./small_examples.ts";

/** Systems of chapter 07, FlashAttention, and what models each. */
export const chapter07Systems: Readonly<Record<string, ModeledSystem>> = {
  "flashattention": modeled(flashAttention, (run) => run(oneHead)),
  "online-softmax": modeled(partOf, (run) => run([1, 3, 2, 4], tokens)),
  "two-pass-softmax": modeled(softmaxAccesses, (run) => run(twoPassSoftmax)),
  "sigmoid-attention": modeled(sigmoidAttention, (run) => run(oneHead)),
  "flashattention-4": modeled(
    tileBound,
    (run) =>
      run(findHardware("nvidia-b200"), { rows: 128, columns: 128 }, 128, balancedEmulation()),
  ),
  "fusemax": modeled(cascadePasses, (run) => run(onePassCascade, { m1: 32, m0: 128, f: 64 })),
  "flat": modeled(flatAttention, (run) => run(oneHead)),
  "io-complexity-attention": modeled(smallCacheAttention, (run) => run(oneHead)),
  "gpu-sram": { by: TwoLevelMemory, show: () => new TwoLevelMemory(256 * 1024).tile("keys", 64) },
  "data-locality": modeled(productTile, (run) => run(256 * 1024, 4096, 4096)),
  // which of two loops is the outer one, and what that moves
  "mckinley-loop-transformations": modeled(
    flashTraffic,
    (run) =>
      run(
        { queries: 4096, keys: 4096, width: 64, valueWidth: 64 },
        { rows: 128, columns: 16 },
        "keys outer",
      ),
  ),
};
