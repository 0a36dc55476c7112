import qwen3Config from "../../data/models/qwen3-235b-a22b.json" with { type: "json" };
import { findHardware, findModel, fromHuggingFaceConfig, hardwareCatalog } from "../catalog/mod.ts";
import {
  absorbedLatentAttention,
  antidiagonalMasses,
  attendChosen,
  balancedEmulation,
  bigBirdPattern,
  blockListOf,
  cascadePasses,
  deepSpeedFixedPattern,
  dsa,
  flashAttention,
  flashTraffic,
  flatAttention,
  globalPattern,
  headAttention,
  hybridCacheBytes,
  hybridGain,
  hybridStepSeconds,
  indexerScores,
  latentCache,
  meanPoolHeads,
  mobaAttention,
  nativeSparseAttention,
  onePassCascade,
  partOf,
  productTile,
  randomAttentionLayer,
  randomLatentAttention,
  rotateRows,
  rotatingLayers,
  routingSignalToNoise,
  runCrossLayers,
  selectiveScan,
  shareCaches,
  shareRecalled,
  sigmoidAttention,
  smallCacheAttention,
  softmaxAccesses,
  stateSpaceModels,
  tileBound,
  TwoLevelMemory,
  twoPassSoftmax,
  unionOf,
  windowPattern,
} from "../attention/mod.ts";
import {
  cascade,
  elastic,
  heavyHitterMethod,
  keyOrder,
  kivi,
  millionTokenSteps,
  offloadedDecode,
  stack,
  turboQuant,
  waterFilling,
  writeConversation,
  xquant,
  xquantCrossLayer,
} from "../cache/mod.ts";
import { Matrix, seeded } from "../numeric/mod.ts";
import {
  awq,
  blockFloatingPoint,
  dynamicMap,
  encodeNvfp4,
  freezeBase,
  ggmlFormat,
  gptq,
  inputStatistics,
  learnRotation,
  lloydMax,
  lookupTableMultiply,
  makeBitStack,
  MixedDecomposition,
  mixedPrecisionThroughput,
  multiplyBitPlanes,
  packSherry,
  packTrits,
  quantize,
  randomHadamard,
  roundActivations,
  roundToNearest,
  sharedExponent,
  signalToNoise,
  smallFloat,
  smallFloats,
  smoothingScales,
  toBitPlanes,
  trainRegression,
} from "../quantization/mod.ts";
import {
  attainableRate,
  estimate,
  footprint,
  growthPerGeneration,
  shoreline,
  stepTime,
} from "../roofline/mod.ts";
import {
  compressTwoFour,
  dynamicAttentionSpeedup,
  learnMask,
  twoFourOperators,
} from "../sparsity/mod.ts";
import {
  cacheBytes,
  cacheBytesPerToken,
  expectedDistinctExperts,
  operators,
} from "../transformer/mod.ts";
import type { LibraryFunction } from "./derivation.ts";
import { chapterOf, systems } from "./system.ts";

/** A function that models a system, with values on which it shows that it does. */
export interface ModeledSystem {
  readonly by: LibraryFunction;
  readonly show: () => unknown;
}

function modeled<Values extends unknown[]>(
  by: (...values: Values) => unknown,
  ...example: Values
): ModeledSystem {
  return { by, show: () => by(...example) };
}

const qwen3 = findModel("qwen3-8b");
const weights = new Matrix(1, 4, Float32Array.of(7, -3.4, 0.5, 0));
const planes = toBitPlanes([3, -1, 0, 2], 4, 3, "twosComplement");
const tokens = Matrix.from(
  [1, 2, 3, 4].map((token) => [1, 2, 3, 4].map((i) => Math.sin(token * i))),
);
const rows = Matrix.zeros(4, 4).map((_, i) => Math.sin(i));
const oneHead = { queries: rows, keys: rows, values: rows };
const latent = randomLatentAttention({
  hiddenSize: 4,
  heads: 2,
  keyValueRank: 2,
  rotaryDimension: 2,
  keyDimension: 2,
  valueDimension: 2,
}, seeded(1));
const decode = { phase: "decode", batch: 1, newTokens: 1, context: 4096 } as const;
const onH100 = (name: string) => ({
  model: findModel(name),
  hardware: findHardware("nvidia-h100-sxm"),
});

/**
 * Which systems does the library model today, and by which function?
 *
 * A system that is not listed is not modeled: its chapter has not come yet, or there is nothing in it to compute, as in
 * a survey. A device is modeled when the catalog holds it, for all times and bounds follow from its entry.
 */
export const modeledSystems: Readonly<Record<string, ModeledSystem>> = {
  // 01 memory wall
  "autoregressive-decoding": modeled(estimate, onH100("llama-3.1-8b"), {
    promptTokens: 1000,
    outputTokens: 100,
  }),
  "nvidia-h100": modeled(findHardware, "nvidia-h100-sxm"),
  "nvidia-a100": modeled(findHardware, "nvidia-a100-sxm-80gb"),
  "nvidia-b200": modeled(findHardware, "nvidia-b200"),
  "nvidia-v100": modeled(findHardware, "nvidia-v100-sxm-32gb"),
  "amd-mi300x": modeled(findHardware, "amd-mi300x"),
  "roofline-model": modeled(attainableRate, findHardware("nvidia-b200"), 1),
  // its claims say which phase and which sublayer waits for what
  "aussie-ai-memory-page": modeled(
    stepTime,
    operators(qwen3, decode),
    findHardware("nvidia-h100-sxm"),
  ),
  "ai-and-memory-wall": modeled(
    growthPerGeneration,
    hardwareCatalog,
    ({ memory }) => memory[0].bandwidth,
  ),
  "llm-inference-unveiled": modeled(
    stepTime,
    operators(findModel("llama-2-7b"), decode),
    findHardware("nvidia-rtx-a6000"),
  ),
  "shoreline": modeled(shoreline, 2),
  // 02 transformer arithmetic
  "gpt-3": modeled(footprint, onH100("gpt-3-175b"), { promptTokens: 256, outputTokens: 256 }),
  "qwen3-8b": modeled(operators, qwen3, decode),
  "long-context-peak-analysis": modeled(
    estimate,
    { model: findModel("yi-34b"), hardware: findHardware("nvidia-a100-sxm-80gb"), devices: 2 },
    { promptTokens: 50_000, outputTokens: 100 },
  ),
  "llama-family": modeled(findModel, "llama-2-7b"),
  // the catalog lacks some members, such as Qwen3-4B; what is modeled is the architecture, from any configuration of it
  "qwen-gemma-family": modeled(fromHuggingFaceConfig, qwen3Config),
  "kv-cache": modeled(cacheBytes, qwen3, 1_000_000),
  // 03 number formats
  "uniform-symmetric-quantization": modeled(quantize, weights, { bits: 4 }),
  "uniform-asymmetric-quantization": modeled(quantize, weights, { bits: 4, symmetric: false }),
  "non-uniform-quantization": modeled(lloydMax, weights.data, 3),
  "weight-only-vs-weight-activation": modeled(roundActivations, { bits: 8 }),
  "ptq": modeled(roundToNearest, weights, { bits: 4, groupSize: 2 }),
  "qat": modeled(trainRegression, {
    inputs: Matrix.from([[1, 0], [0, 1], [1, 1]]),
    targets: [2, -1, 1],
  }, { grid: { bits: 3 } }),
  "dynamic-tree-quantization": modeled(dynamicMap),
  // one scale for a whole tensor, a power of two as the recipe allows; its choice from past maxima is not modeled
  "transformer-engine": modeled(sharedExponent, "FP8, one scale", smallFloats.fp8E4M3, 4096),
  "fp4-e2m1": modeled(smallFloat, "FP4 E2M1", 2, 1, "numbers"),
  "nvfp4": modeled(encodeNvfp4, new Float32Array(16).fill(3)),
  "mxfp8": modeled(sharedExponent, "MXFP8 E4M3", smallFloats.fp8E4M3, 32),
  "sherry": modeled(packSherry, Int8Array.of(1, -1, 0, 1)),
  "arbitrary-precision-tensor-cores": modeled(multiplyBitPlanes, planes, planes),
  "q4-0": modeled(ggmlFormat, "Q4_0"),
  // weights of any width times activations, exactly; the code that it writes for a GPU is not modeled
  "tilus": modeled(
    lookupTableMultiply,
    { rows: 1, columns: 4, data: [10, -20, 30, 40] },
    planes,
    2,
  ),
  "block-floating-point": modeled(blockFloatingPoint, 4, 16),
  "ternary-quantization": modeled(packTrits, [1, 0, -1, -1, 1]),
  "activation-outliers": modeled(signalToNoise, 8, 60),
  "model-compression": modeled(footprint, {
    ...onH100("llama-3.1-70b"),
    formats: {
      weights: { format: "int4", groupSize: 128, scaleBits: 16 },
      cache: "bf16",
      activations: "bf16",
    },
  }, { promptTokens: 1000, outputTokens: 100 }),
  // 04 outliers
  "round-to-nearest": modeled(roundToNearest, weights, { bits: 3 }),
  "llm-int8": { by: MixedDecomposition, show: () => new MixedDecomposition().multiply },
  "smoothquant": modeled(smoothingScales, Float64Array.of(64, 1), Float64Array.of(1, 1), 0.5),
  "awq": modeled(awq, weights, inputStatistics(weights), { bits: 3, symmetric: false }),
  "gptq": modeled(
    gptq,
    weights,
    Matrix.from([0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => i === j ? 2 : 1))),
    {
      bits: 3,
    },
  ),
  "hadamard-rotation": modeled(randomHadamard, 192, seeded(1)),
  "spinquant": modeled(
    learnRotation,
    { weights: Matrix.from([[1, 9], [2, 1]]), inputs: Matrix.from([[3, 1], [40, 2]]) },
    randomHadamard(2, seeded(1)),
    { steps: 2 },
  ),
  "qlora": modeled(freezeBase, Matrix.zeros(1, 64).map((_, i) => Math.sin(i))),
  "bitstack": modeled(makeBitStack, [{
    name: "w",
    outputs: 2,
    inputs: 4,
    data: Float32Array.of(1, -2, 3, 4, -5, 6, 7, 8),
  }], { levels: 2 }),
  "comet": modeled(
    mixedPrecisionThroughput,
    { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-a100-sxm-80gb") },
    { promptTokens: 1024, outputTokens: 512 },
    0.2,
  ),
  // 05 sparsity; the system "smash" multiplies two sparse matrices on PIUMA, which the library does not model
  "structured-sparsity-2-4": modeled(
    twoFourOperators,
    operators(qwen3, decode),
    findHardware("nvidia-h100-sxm"),
    "bf16",
  ),
  "nm-mask-learning": modeled(
    learnMask,
    Matrix.from([[3, 2, 2, 1]]),
    { gram: Matrix.from([[4, 0, 0, 0], [0, 9, 0, 0], [0, 0, 4, 0], [0, 0, 0, 4]]) },
    seeded(1),
  ),
  "dynamic-2-4-attention": modeled(
    dynamicAttentionSpeedup,
    { length: 1024, headDimension: 64 },
    findHardware("nvidia-a100-sxm-80gb"),
  ),
  "accelerating-sparse-dnn": modeled(compressTwoFour, Matrix.from([[0, 7, 0, 5]])),
  // 06 attention variants
  "dense-self-attention": modeled(headAttention, tokens, tokens, tokens),
  "multi-head-attention": modeled(headAttention, tokens, tokens, tokens, { queryHeads: 4 }),
  "grouped-query-attention": modeled(
    meanPoolHeads,
    {
      name: "keys",
      outputs: 4,
      inputs: 1,
      data: Float32Array.of(1, 3, 5, 7),
    },
    4,
    2,
  ),
  "cross-layer-attention": modeled(
    runCrossLayers,
    shareCaches(
      [1, 2].map((seed) => randomAttentionLayer(4, { query: 2, keyValue: 1 }, 2, seeded(seed))),
      2,
    ),
    tokens,
    { queryHeads: 2, keyValueHeads: 1 },
  ),
  "mla": modeled(absorbedLatentAttention, latent, tokens, latentCache(latent, tokens)),
  "deepseek-v3": modeled(operators, findModel("deepseek-v3"), decode),
  "rope": modeled(rotateRows, tokens),
  "nope-rope-hybrid": modeled(rotatingLayers, 8, 4),
  "mamba-ssm": modeled(selectiveScan, {
    input: tokens,
    step: tokens.map(Math.abs),
    decay: tokens.map((value) => -Math.abs(value)),
    write: tokens,
    read: tokens,
  }),
  "jamba": modeled(hybridCacheBytes, stateSpaceModels["jamba-v0.1"], 262_144),
  "bmojo": modeled(
    shareRecalled,
    { facts: 4, distance: 20, width: 8 },
    { window: 8, eidetic: 4, keep: 0.9 },
    seeded(1),
  ),
  "ssm-characterization": modeled(
    hybridStepSeconds,
    stateSpaceModels["mamba2-780m"],
    decode,
    findHardware("nvidia-rtx-4090"),
  ),
  // 07 FlashAttention
  "flashattention": modeled(flashAttention, oneHead),
  "online-softmax": modeled(partOf, [1, 3, 2, 4], tokens),
  "two-pass-softmax": modeled(softmaxAccesses, twoPassSoftmax),
  "sigmoid-attention": modeled(sigmoidAttention, oneHead),
  "flashattention-4": modeled(
    tileBound,
    findHardware("nvidia-b200"),
    { rows: 128, columns: 128 },
    128,
    balancedEmulation(),
  ),
  "fusemax": modeled(cascadePasses, onePassCascade, { m1: 32, m0: 128, f: 64 }),
  "flat": modeled(flatAttention, oneHead),
  "io-complexity-attention": modeled(smallCacheAttention, oneHead),
  "gpu-sram": { by: TwoLevelMemory, show: () => new TwoLevelMemory(256 * 1024).tile("keys", 64) },
  "data-locality": modeled(productTile, 256 * 1024, 4096, 4096),
  // which of two loops is the outer one, and what that moves
  "mckinley-loop-transformations": modeled(
    flashTraffic,
    { queries: 4096, keys: 4096, width: 64, valueWidth: 64 },
    { rows: 128, columns: 16 },
    "keys outer",
  ),
  // 08 cache compression; the survey of cache management sorts what others made
  "kivi": modeled(kivi, 2),
  "rate-distortion": modeled(waterFilling, [4, 1], 2),
  "turboquant": { by: turboQuant, show: () => turboQuant(4, 32).roundTrip(new Float32Array(32)) },
  "kv-stacking": modeled(stack, onH100("qwen3-8b"), 1_000_000, millionTokenSteps()),
  "alisa": modeled(offloadedDecode, {
    model: findModel("opt-6.7b"),
    hardware: findHardware("nvidia-v100-sxm-16gb"),
    batch: 16,
    promptTokens: 128,
    outputTokens: 8,
  }, { kind: "sparse", needed: 0.2 }),
  // several questions about one context; its tasks and models are not here
  "scbench": modeled(writeConversation, 3, { context: 300, turns: 2 }),
  "bfp-rearrangement": modeled(keyOrder, [1, 2, 9, 3], 4),
  "xquant": modeled(xquant, 4),
  "xquant-cl": modeled(xquantCrossLayer, 3, findModel("llama-2-7b")),
  // its merging and its fixed place of eviction, on words; images are not modeled
  "elastic-cache": modeled(elastic, 64),
  // its pruning and its two steps of bits; the accelerator is not modeled
  "spatten": modeled(cascade, [1, 0.9, 0.8]),
  "state-eviction-kv-dropping": modeled(heavyHitterMethod, { heavy: 32, recent: 32 }),
  // 09 sparse attention; the survey "thus-spake-long-context" holds nothing to compute
  "longformer": modeled(
    blockListOf,
    unionOf(windowPattern({ before: 2, after: 2 }), globalPattern([0])),
    { queries: 16, keys: 16, blockSize: 1 },
  ),
  "bigbird": modeled(bigBirdPattern, { blocks: 64 }),
  "deepspeed-sparse-attention": modeled(deepSpeedFixedPattern, { blocks: 64 }),
  "xattention": modeled(antidiagonalMasses, oneHead, { blockSize: 2, stride: 2 }),
  "deepseek-v3-2": modeled(
    estimate,
    {
      model: findModel("deepseek-v3"),
      hardware: findHardware("nvidia-h100-sxm"),
      devices: 16,
      reads: dsa(),
    },
    { promptTokens: 8000, outputTokens: 100 },
  ),
  "nsa": modeled(nativeSparseAttention, { queries: [rows], keys: rows, values: rows }),
  "moba": modeled(mobaAttention, oneHead, { blockSize: 2, topK: 1 }),
  "dsa": modeled(indexerScores, rows, [1, 1, 1, 1], tokens),
  "longgen": modeled(
    hybridGain,
    findModel("llama-2-7b"),
    findHardware("nvidia-a100-sxm-80gb"),
    131_072,
    4096,
  ),
  "flashmoba": modeled(routingSignalToNoise, { width: 64, blockSize: 128, gap: 0.8 }),
  "sparse-attention": modeled(attendChosen, oneHead, [[0], [0, 1], [1, 2], [0, 3]]),
  // later chapters, where the arithmetic of the first two covers the system already
  "opt-13b": modeled(cacheBytesPerToken, findModel("opt-13b")),
  "rtx-4090": modeled(findHardware, "nvidia-rtx-4090"),
  "mixture-of-experts": modeled(expectedDistinctExperts, 8, 2, 64),
};

/** Whether a system is modeled. */
export interface SystemStatus {
  readonly id: string;
  /** The number of the chapter, or "out-of-scope". */
  readonly chapter: string;
  readonly works: boolean;
  /** The name of the function that models it; null when none does. */
  readonly by: string | null;
}

/** Every system of the source documents, in the order of the chapters: is it modeled, and by what? */
export function systemStatuses(): SystemStatus[] {
  return systems
    .map((system) => {
      const model = modeledSystems[system.id];
      return {
        id: system.id,
        chapter: chapterOf(system),
        works: model !== undefined,
        by: model?.by.name ?? null,
      };
    })
    .toSorted((a, b) => a.chapter < b.chapter ? -1 : a.chapter > b.chapter ? 1 : 0);
}
