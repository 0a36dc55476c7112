import { bytesPerValue, type Storage } from "../catalog/mod.ts";
import { Matrix } from "../numeric/mod.ts";
import { quantize, storedBits } from "../quantization/mod.ts";
import { footprint, stepTime } from "../roofline/mod.ts";
import { operators, sumOperators, traffic } from "../transformer/mod.ts";
import { type Citation, cite, type Derivation, derive } from "./derivation.ts";
import { decodeStep, movingWeights, weightProducts } from "./measures.ts";

const int4 = { format: "int4", groupSize: 128, scaleBits: 16 } as const;
const withWeights = (
  weights: Storage,
) => ({ weights, cache: "bf16", activations: "bf16" } as const);

/** Chapter 03, bits and bytes: how many a weight takes, and what follows for memory and speed. */
export const chapter03Bits: readonly Derivation[] = [
  derive("a-quant-bit-widths", {
    assumptions: [
      "the wider of the two: codes of 8 bits in groups of 128 with a 16-bit scale, which is counted",
    ],
    by: [quantize, storedBits],
    derived: () => storedBits(quantize(Matrix.zeros(1, 128), { bits: 8, groupSize: 128 })),
  }),
  derive("c-bits-equal-bytes", {
    assumptions: [
      "weights of a decode step of Llama 3.1 8B; 4-bit codes in groups of 128 with a 16-bit scale, so 4.125 bits",
      "smaller groups have more scales, and save less",
    ],
    by: [operators, sumOperators, bytesPerValue],
    proxy: {
      computes: "bytes of weights moved in BF16, over those at 4 bits",
      unit: "x",
      threshold: 16 / 4,
    },
    derived: ({ model }) => {
      const moved = (weights: Storage) =>
        sumOperators(
          operators(model("llama-3.1-8b"), decodeStep(4096), { formats: withWeights(weights) }),
        ).bytes.weights;
      return moved("bf16") / moved(int4);
    },
  }),
  derive("b-model-compression-saves-memory", {
    assumptions: [
      "Llama 3.1 8B, one sequence of 4,096 tokens; 4-bit weights in groups of 128 with a 16-bit scale stand for all compression",
      '"main" is read as: at least half of the memory is saved',
    ],
    by: [footprint],
    relation: "at least",
    proxy: { computes: "share of the footprint that is saved", unit: "%", threshold: 50 },
    derived: ({ model, hardware }) => {
      const needs = (weights: Storage) =>
        footprint({
          model: model("llama-3.1-8b"),
          hardware: hardware("nvidia-h100-sxm"),
          formats: withWeights(weights),
        }, { promptTokens: 4000, outputTokens: 96 }).total;
      return 100 * (1 - needs(int4) / needs("bf16"));
    },
  }),
  derive("d-quanteval-slower", {
    assumptions: [
      "decode of Llama 3.1 8B on H100, one sequence of 4,096 tokens",
      "no kernel that takes 4-bit weights: each matrix is unpacked to BF16 in memory before it is multiplied",
    ],
    by: [operators, stepTime],
    relation: "at least",
    proxy: {
      computes: "time of a step with 4-bit weights over that with BF16 weights",
      unit: "x",
      threshold: 1,
    },
    derived: ({ model, hardware }) => {
      const rows = operators(model("llama-3.1-8b"), decodeStep(4096));
      const products = new Set(weightProducts(rows));
      const unpacked = rows.map((row) =>
        products.has(row)
          ? movingWeights(row, (bytes) => bytes * (2 + bytesPerValue(int4) / 2))
          : row
      );
      const h100 = hardware("nvidia-h100-sxm");
      return stepTime(unpacked, h100).seconds / stepTime(rows, h100).seconds;
    },
  }),
  derive("d-apllm-inference-6-7x", {
    assumptions: [
      "the best that memory traffic allows: decode of Llama 2 7B, 128 tokens of context, FP16 against 2-bit weights with a 16-bit scale for 4,096",
    ],
    by: [operators, traffic],
    relation: "at least",
    derived: ({ model }) => {
      const moved = (weights: Storage) =>
        traffic(sumOperators(
          operators(model("llama-2-7b"), decodeStep(128), { formats: withWeights(weights) }),
        ));
      return moved("fp16") / moved({ format: "int2", groupSize: 4096, scaleBits: 16 });
    },
  }),
];

const measured = "a measurement of kernels on a GPU, which follows from no datasheet";
const synthesized = "area and energy of synthesized circuits, which the library does not model";

/** Claims of chapter 03 that are only cited. */
export const chapter03Citations: readonly Citation[] = [
  cite(
    "a-outlier-fraction",
    "an observation on large trained models; the chapter on outliers plants them in a small one",
  ),
  cite("d-tpe-area-gains", synthesized),
  cite("d-tpe-energy-gains", synthesized),
  cite("d-tpe-bitslice-energy", synthesized),
  cite("d-tpe-bitslice-area", synthesized),
  cite("d-sherry-zero-accuracy-loss", "a score on five benchmarks after training with the method"),
  cite("d-apllm-matmul-2-4x", measured),
  cite("d-tilus-triton", measured),
  cite("d-tilus-ladder", measured),
  cite("d-tilus-quantllm", measured),
  cite("d-tilus-marlin", measured),
  cite(
    "d-tilus-arbitrary-bits",
    "what other compilers accept is theirs to say; that any width packs and multiplies exactly, the library shows with packCodes() and multiplyBitPlanes()",
  ),
  cite(
    "d-quanteval-4bit-retains",
    "a score on ten benchmarks of trained models; the chapter measures the course's model at 8, 4, 3 and 2 bits",
  ),
  cite(
    "d-quanteval-larger-beats-smaller",
    "it takes models of two sizes, trained alike and then scored",
  ),
  cite("d-quanteval-ppl-proxy", "a comparison of ten benchmarks over many models"),
];
