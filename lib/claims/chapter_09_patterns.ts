import {
  bigBirdPattern,
  blockDensity,
  blockListOf,
  deepSpeedFixedPattern,
  hybridCacheSaving,
  hybridGain,
  keptForSaving,
  lengthGain,
  listedPairs,
  scalingExponent,
  sinkPattern,
  sparseSpeedup,
  stridedPattern,
  timeSaved,
  unionOf,
  windowPattern,
  withWindows,
} from "../attention/mod.ts";
import { layerCount } from "../catalog/mod.ts";
import { operators, sumOperators } from "../transformer/mod.ts";
import { findClaim } from "./claim.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { prefillStep, shown } from "./measures.ts";

const [usual, far, longest] = [4096, 65_536, 131_072];
/** What sparse layers of LongGen keep, if the cache shrinks as it is said to. */
const kept = Math.round(
  keptForSaving(Number(findClaim("d-longgen-kv-62pct").stated) / 100, 2 / 3, longest),
);
const longGen = `Llama 2 7B on A100 80 GB, one sequence of 131,072 tokens; sparse layers keep ${
  kept.toLocaleString("en-US")
} tokens each, as many as the claimed 62 % less cache say`;

/** Chapter 09, patterns: which tokens are seen is decided by where they stand. */
export const chapter09Patterns: readonly Derivation[] = [
  derive("a-sparse-attention-linear", {
    assumptions: () => [
      "a causal window of 8 blocks and 1 global block, from 64 to 512 blocks: the slope of a line through the logarithms of size and pairs",
      `the strided pattern of the Sparse Transformer, with a stride of the root of n, gives ${
        shown(patternExponent((blocks) => stridedPattern(Math.round(Math.sqrt(blocks)))), 2)
      }: n times its root, and not n log n`,
    ],
    by: [blockListOf, listedPairs, scalingExponent],
    derived: () => patternExponent(() => unionOf(windowPattern({ before: 7 }), sinkPattern(1))),
  }),
  derive("a-sparse-models-10x-longer", {
    assumptions: () => [
      `BigBird's pattern in blocks of 64, at the ${
        usual.toLocaleString("en-US")
      } tokens of both models' papers; over the length of a dense attention that stores as many scores`,
      `both papers compare with 512 tokens, 8 times fewer: but there the pattern stores ${
        shown(bigBird(usual).pairs / 512 ** 2, 2)
      } times as many scores. The "ten times" is DeepSpeed's`,
      "how good the answers are is not derived",
    ],
    by: [bigBirdPattern, blockListOf, listedPairs],
    derived: () => longerThanDense(usual),
    otherwise: {
      condition: `the input has ${
        far.toLocaleString("en-US")
      } tokens: the gain is the dense length over the keys that a query sees, and grows with it`,
      derived: () => longerThanDense(far),
    },
  }),
  derive("a-deepspeed-sparse-6x", {
    assumptions: [
      "16,384 tokens in DeepSpeed's own default pattern, fixed: windows of 4 blocks, the last of each seen by all, not causal; as a bound, with kernels as fast as dense ones",
      "a quarter of all blocks is global, so 4 times is the most at any length",
    ],
    by: [deepSpeedFixedPattern, blockDensity, sparseSpeedup],
    relation: "at least",
    derived: () =>
      sparseSpeedup({
        density: blockDensity(
          blockListOf(deepSpeedFixedPattern({ blocks: 256 }), square(16_384)),
        ),
      }),
    otherwise: {
      condition:
        `the number of blocks that are seen does not grow with the length, as in BigBird's pattern: at ${
          usual.toLocaleString("en-US")
        } tokens`,
      derived: () => sparseSpeedup({ density: bigBird(usual).density }),
    },
  }),
  derive("a-deepspeed-sparse-10x-context", {
    assumptions: [
      "training GPT-2, which is as large as BERT-base, on V100 32 GB, one sequence; scores alone fill the memory: 5 bytes each are kept for the backward pass: two for the weight, two for what dropout leaves of it, one for its mask",
      "BigBird's pattern in blocks of 64; the gain is the dense length over the keys that a query sees",
      "kernels that never store scores, as FlashAttention, have no such limit",
    ],
    by: [blockListOf, listedPairs, lengthGain],
    derived: ({ hardware, model }) => {
      const shape = model("gpt2");
      const heads = shape.layers[0]!.attention.queryHeads * layerCount(shape);
      const dense = Math.floor(
        Math.sqrt(hardware("nvidia-v100-sxm-32gb").memory[0].capacity / (5 * heads)),
      );
      return lengthGain(dense, bigBird(far).pairs / far);
    },
  }),
  derive("d-longgen-kv-62pct", {
    assumptions: [
      "two thirds of the layers are sparse and keep as many tokens as the model saw before, 4,096; 131,072 tokens",
      `at most 66.7 %, if those layers kept nothing; 62 % say that they keep ${
        kept.toLocaleString("en-US")
      }`,
    ],
    by: [hybridCacheSaving],
    derived: ({ model }) =>
      100 * hybridCacheSaving(2 / 3, model("llama-2-7b").maximumContext, longest),
  }),
  derive("d-longgen-training-1-55x", {
    assumptions: () => [
      `${longGen}; as a bound: operations of a prompt, whose ratio is that of a training step if both passes are counted alike`,
      `for Llama 2 70B the bound is ${shown(trainingGain(courseCatalog, "llama-2-70b"), 2)} x`,
    ],
    by: [withWindows, operators],
    relation: "at least",
    derived: (catalog) => trainingGain(catalog, "llama-2-7b"),
  }),
  derive("d-longgen-wallclock-36pct", {
    assumptions: ["one minus one over the 1.55 times of the same abstract"],
    by: [timeSaved],
    derived: () => 100 * timeSaved(Number(findClaim("d-longgen-training-1-55x").stated)),
  }),
  derive("d-longgen-prefill-1-67x", {
    assumptions: () => [
      `${longGen}; at the roofline`,
      `for Llama 2 70B it is ${shown(gain(courseCatalog, "llama-2-70b").prefill, 2)} x`,
    ],
    by: [hybridGain],
    derived: (catalog) => gain(catalog, "llama-2-7b").prefill,
  }),
  derive("d-longgen-decode-1-41x", {
    assumptions: () => [
      `${longGen}; as a bound: at the roofline, and the measured gain is below it`,
      `for Llama 2 70B, whose cache is 8 times smaller for its width, the bound is ${
        shown(gain(courseCatalog, "llama-2-70b").decode, 2)
      } x`,
    ],
    by: [hybridGain],
    relation: "at least",
    derived: (catalog) => gain(catalog, "llama-2-7b").decode,
  }),
];

/** Claims of chapter 09 that are choices, or results of training large models. */
export const chapter09Citations: readonly Citation[] = [
  cite("d-longgen-one-third-full", "how the architecture was chosen"),
  cite("d-longgen-two-thirds-sparse", "how the architecture was chosen"),
  cite("d-longgen-5b-tokens", "a report of training runs of 7 and 70 billion parameters"),
  cite("d-longgen-4k-128k", "the lengths that the authors trained from and to"),
  cite("d-moba-matches-dense", "a report of models that were trained from scratch"),
];

function square(tokens: number, blockSize = 64) {
  return { queries: tokens, keys: tokens, blockSize };
}

/** Pairs of BigBird's pattern at a length, and their share. */
function bigBird(tokens: number): { pairs: number; density: number } {
  const list = blockListOf(bigBirdPattern({ blocks: tokens / 64 }), square(tokens));
  return { pairs: listedPairs(list), density: blockDensity(list) };
}

function longerThanDense(tokens: number): number {
  return tokens / Math.sqrt(bigBird(tokens).pairs);
}

function patternExponent(
  pattern: (blocks: number) => ReturnType<typeof windowPattern>,
): number {
  return scalingExponent([64, 128, 256, 512].map((blocks) => [
    blocks,
    listedPairs(blockListOf(pattern(blocks), { ...square(blocks, 1), causal: true })),
  ]));
}

function gain({ model, hardware }: Catalog, name: string) {
  return hybridGain(model(name), hardware("nvidia-a100-sxm-80gb"), longest, kept);
}

/** Operations of a training step over those with one full layer in three. */
function trainingGain({ model }: Catalog, name: string): number {
  const flops = (which: Parameters<typeof operators>[0]) =>
    sumOperators(operators(which, prefillStep(longest))).flops;
  const full = model(name);
  return flops(full) / flops(withWindows(full, { window: kept, globalEvery: 3 }));
}
