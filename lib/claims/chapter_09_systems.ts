import {
  antidiagonalMasses,
  attendChosen,
  bigBirdPattern,
  blockListOf,
  deepSpeedFixedPattern,
  dsa,
  globalPattern,
  hybridGain,
  indexerScores,
  mobaAttention,
  nativeSparseAttention,
  routingSignalToNoise,
  unionOf,
  windowPattern,
} from "../attention/mod.ts";
import { findHardware, findModel } from "../catalog/mod.ts";
import { estimate } from "../roofline/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { oneHead, rows, tokens } from "./small_examples.ts";

/**
 * Systems of chapter 09, sparse attention, and what models each. The survey "thus-spake-long-context"
 * holds nothing to compute.
 */
export const chapter09Systems: Readonly<Record<string, ModeledSystem>> = {
  "longformer": modeled(
    blockListOf,
    (run) =>
      run(unionOf(windowPattern({ before: 2, after: 2 }), globalPattern([0])), {
        queries: 16,
        keys: 16,
        blockSize: 1,
      }),
  ),
  "bigbird": modeled(bigBirdPattern, (run) => run({ blocks: 64 })),
  "deepspeed-sparse-attention": modeled(deepSpeedFixedPattern, (run) => run({ blocks: 64 })),
  "xattention": modeled(antidiagonalMasses, (run) => run(oneHead, { blockSize: 2, stride: 2 })),
  "deepseek-v3-2": modeled(estimate, (run) =>
    run({
      model: findModel("deepseek-v3"),
      hardware: findHardware("nvidia-h100-sxm"),
      devices: 16,
      reads: dsa(),
    }, { promptTokens: 8000, outputTokens: 100 })),
  "nsa": modeled(
    nativeSparseAttention,
    (run) => run({ queries: [rows], keys: rows, values: rows }),
  ),
  "moba": modeled(mobaAttention, (run) => run(oneHead, { blockSize: 2, topK: 1 })),
  "dsa": modeled(indexerScores, (run) => run(rows, [1, 1, 1, 1], tokens)),
  "longgen": modeled(
    hybridGain,
    (run) => run(findModel("llama-2-7b"), findHardware("nvidia-a100-sxm-80gb"), 131_072, 4096),
  ),
  "flashmoba": modeled(routingSignalToNoise, (run) => run({ width: 64, blockSize: 128, gap: 0.8 })),
  "sparse-attention": modeled(attendChosen, (run) => run(oneHead, [[0], [0, 1], [1, 2], [0, 3]])),
};
