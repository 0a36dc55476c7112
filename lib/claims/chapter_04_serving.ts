import { bytesPerValue, type Model } from "../catalog/mod.ts";
import { Matrix, seeded } from "../numeric/mod.ts";
import {
  decomposeSigns,
  fineTuningBytes,
  mixedMatrixSpeedup,
  mixedPrecisionFormats,
  mixedPrecisionThroughput,
  quantize,
  roundToNearest,
  signBlockBytes,
  storedBits,
  type UniformGrid,
} from "../quantization/mod.ts";
import { estimate, largestBatch, stepTime } from "../roofline/mod.ts";
import {
  attentionProjections,
  feedForwardProjections,
  operators,
  parameters,
} from "../transformer/mod.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";
import { decodeStep, shown } from "./measures.ts";
import { distancePercent, gaussian } from "./outlier_layer.ts";

const a100 = "nvidia-a100-sxm-80gb";
const llama = "llama-3.1-8b";
/** COMET's own share is not in the document. */
const share8 = 0.2;
const shareWords = "a fifth of the activations in 8 bits, the rest in 4";
const rank = 16;

/** Chapter 04, in a system: what few bits a weight do for size and speed. */
export const chapter04Serving: readonly Derivation[] = [
  derive("a-quant-175b-to-3-4-bit", {
    assumptions: [
      "the wider of the two: 4-bit codes, and for each row of GPT-3's width a 16-bit scale and a zero point, as GPTQ stores them",
      "size alone; the loss of accuracy is a measurement on a trained model",
    ],
    by: [quantize, storedBits],
    derived: ({ model }) =>
      storedBits(
        quantize(Matrix.zeros(1, model("gpt-3-175b").hiddenSize), { bits: 4, symmetric: false }),
      ),
  }),
  derive("a-quant-speedup-2-4x", {
    assumptions: [
      "a bound: the next token of OPT-175B at the bandwidth of A100 80 GB, as many in both cases; FP16 against 3-bit weights, which GPTQ measured, in groups of 128 with a 16-bit scale",
      "the document's range is that of the first version of the paper, 2 x on A100 and 4 x on A6000, a cheaper class; its last version says 3.25 x and 4.5 x",
    ],
    by: [operators, stepTime],
    derived: (catalog) => speedupOfWeights(catalog, "int3"),
    otherwise: {
      condition: "weights have 4 bits, scales included 4.125",
      derived: (catalog) => speedupOfWeights(catalog, "int4"),
    },
  }),
  derive("a-qlora-4bit-base", {
    assumptions: ["NF4 with double quantization: the scales are counted, and have scales"],
    by: [fineTuningBytes],
    derived: ({ model }) => {
      const weights = parameters(model("llama-2-7b")).total;
      return 8 * fineTuningBytes({ weights, trained: 0 }).base / weights;
    },
  }),
  derive("d-bitstack-1-bit-per-iteration", {
    assumptions: [
      `the matrices of the layers of Llama 2 7B, with blocks of rank ${rank}; a wider model is nearer to 1`,
    ],
    by: [signBlockBytes],
    derived: ({ model }) => {
      const blocks = layerBlocks(model("llama-2-7b"));
      const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
      return 8 * sum(blocks.map(({ bytes }) => bytes)) / sum(blocks.map(({ weights }) => weights));
    },
  }),
  derive("d-bitstack-megabyte-steps", {
    assumptions: () => [
      `"megabyte steps" is read as: there are steps of at most 1 MB; the smallest block of Llama 3.1 8B, of rank ${rank}`,
      `its largest takes ${
        shown(
          Math.max(...layerBlocks(courseCatalog.model(llama)).map(({ bytes }) => bytes)) / 1e6,
          1,
        )
      } MB; a whole bit for each weight of its layers, ${
        shown(
          courseCatalog.model(llama).layers[0]!.count *
            layerBlocks(courseCatalog.model(llama)).reduce((sum, { weights }) => sum + weights, 0) /
            8e6,
          1,
        )
      } MB`,
    ],
    by: [signBlockBytes],
    relation: "at most",
    derived: ({ model }) => Math.min(...layerBlocks(model(llama)).map(({ bytes }) => bytes)) / 1e6,
  }),
  derive("d-bitstack-vs-quantization", {
    assumptions: [
      "96 x 96 Gaussian weights at 4 bits: three blocks of rank 1, against 3-bit codes with a 16-bit scale and a zero point for each 16, 4.19 bits",
      "rounding to nearest stands for quantization; better methods are harder to match",
    ],
    by: [decomposeSigns, roundToNearest],
    relation: "at least",
    proxy: {
      computes: "squared error of rounding, over that of a stack that is no larger",
      unit: "x",
      threshold: 1,
    },
    derived: () => roundingOverStack(3, { bits: 3, groupSize: 16, symmetric: false }),
    otherwise: {
      condition:
        "few bits are compared, here 2.67: two blocks, against 2-bit codes with a scale and a zero point for each 24, 2.75 bits",
      derived: () => roundingOverStack(2, { bits: 2, groupSize: 24, symmetric: false }),
    },
  }),
  derive("d-comet-kernel-2-88x", {
    assumptions: () => [
      `a bound, so that it may not be less than what was measured: the matrix units of an A100, ${shareWords}`,
      `Hopper's matrix units have no 4-bit integers: on an H100 the bound is ${
        shown(mixedMatrixSpeedup(courseCatalog.hardware("nvidia-h100-sxm"), share8), 1)
      }`,
    ],
    by: [mixedMatrixSpeedup],
    relation: "at least",
    derived: ({ hardware }) => mixedMatrixSpeedup(hardware(a100), share8),
  }),
  derive("d-comet-e2e-2-02x", {
    assumptions: [
      `a bound: Llama 3.1 8B on one A100 80 GB, 1,024 tokens of prompt and 512 of answer, as many sequences as fit; ${shareWords}`,
      "the baseline has 16 bits for everything; TensorRT-LLM's best has fewer, and gains less over it",
    ],
    by: [mixedPrecisionThroughput, estimate, largestBatch],
    relation: "at least",
    derived: ({ model, hardware }) => {
      const deployment = { model: model(llama), hardware: hardware(a100) };
      const request = { promptTokens: 1024, outputTokens: 512 };
      const batch = largestBatch(deployment, request);
      return mixedPrecisionThroughput(deployment, request, share8).tokensPerSecond /
        estimate(deployment, { ...request, batch }).tokensPerSecond;
    },
  }),
  derive("d-comet-w4a4kv4", {
    assumptions: [
      "the widest of weights, cache and those activations that are not kept in 8 bits; all in groups of 128, their 16-bit scales and the zero points of the cache counted",
    ],
    by: [bytesPerValue],
    derived: () => {
      const { weights, cache } = mixedPrecisionFormats;
      return 8 * Math.max(bytesPerValue(weights), bytesPerValue(cache));
    },
  }),
];

/** How many times faster a token comes with weights of a few bits, when both wait for the same bandwidth. */
function speedupOfWeights({ model, hardware }: Catalog, format: "int3" | "int4"): number {
  const step = decodeStep(512);
  const time = (weights: "fp16" | { format: "int3" | "int4"; groupSize: 128; scaleBits: 16 }) =>
    stepTime(
      operators(model("opt-175b"), step, {
        formats: { weights, cache: "fp16", activations: "fp16" },
      }),
      hardware(a100),
    ).seconds;
  return time("fp16") / time({ format, groupSize: 128, scaleBits: 16 });
}

/** The blocks of one layer's matrices: their sizes, and how many weights each stands for. */
function layerBlocks(model: Model): { bytes: number; weights: number }[] {
  const { attention, feedForward } = model.layers[0]!;
  return [
    ...attentionProjections(model, attention),
    ...feedForwardProjections(model.hiddenSize, feedForward.intermediateSize, feedForward.gated),
  ].map(({ outputs, inputs }) => ({
    bytes: signBlockBytes(outputs, inputs, rank),
    weights: outputs * inputs,
  }));
}

/** Squared error of rounding a Gaussian matrix, over that of some blocks of rank 1, which take 4/3 bits a weight each. */
function roundingOverStack(levels: number, grid: UniformGrid): number {
  const weights = gaussian(96, 96, seeded(9));
  stackErrors ??= decomposeSigns(weights, 1, 3).errors;
  const rounded = distancePercent(roundToNearest(weights, grid), weights) / 100;
  return rounded ** 2 * stackErrors[0]! / stackErrors[levels]!;
}

/** Singular values take a while, and these depend on nothing that a catalog could change. */
let stackErrors: readonly number[] | undefined;
