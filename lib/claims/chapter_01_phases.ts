import { bytesPerValue } from "../catalog/mod.ts";
import { estimate, operatorTime, ridgePoint, stepTime } from "../roofline/mod.ts";
import { arithmeticIntensity, operators, sumOperators } from "../transformer/mod.ts";
import { findClaim } from "./claim.ts";
import { type Catalog, type Derivation, derive } from "./derivation.ts";
import {
  computeOverMemory,
  decodeStep,
  prefillStep,
  smallest,
  totals,
  weightProducts,
} from "./measures.ts";

const gpus = ["nvidia-a100-sxm-80gb", "nvidia-h100-sxm", "nvidia-b200"] as const;
const threeGpus = "A100 80 GB, H100 and B200 in BF16";
const llama = ({ model, hardware }: Catalog) => ({
  model: model("llama-3.1-8b"),
  hardware: hardware("nvidia-h100-sxm"),
});

/** The largest parameter count, in billions, that the document of a claim speaks of. */
function largestModel(): number {
  const { stated } = findClaim("a-llm-parameter-range");
  if (!Array.isArray(stated)) {
    throw new TypeError("Cannot size the largest model as its claim must state a pair");
  }
  return stated[1];
}

/** Chapter 01, prefill and decode: which of the two waits for arithmetic, which for memory. */
export const chapter01Phases: readonly Derivation[] = [
  derive("a-decode-reads-10-1000gb", {
    assumptions: [
      "the upper end: a dense model of a thousand billion parameters, the largest that the document speaks of",
      "16 bits a parameter, as models are published",
    ],
    by: [bytesPerValue],
    derived: () => largestModel() * bytesPerValue("bf16"),
    otherwise: {
      condition: "a parameter takes one byte, as in FP8",
      derived: () => largestModel() * bytesPerValue("fp8"),
    },
  }),
  derive("a-decode-memory-bound", {
    assumptions: [`${threeGpus}; Llama 3.1 70B, one sequence, 1,000 tokens of context`],
    by: [operators, sumOperators, arithmeticIntensity, ridgePoint],
    relation: "at most",
    proxy: {
      computes: "intensity of a decode step over the ridge, on the GPU with the lowest ridge",
      unit: "x",
      threshold: 1,
    },
    derived: ({ model, hardware }) => {
      const intensity = arithmeticIntensity(totals(model("llama-3.1-70b"), decodeStep(1000)));
      return Math.max(...gpus.map((id) => intensity / ridgePoint(hardware(id))));
    },
  }),
  derive("a-prefill-gemm-compute-bound", {
    assumptions: [
      `${threeGpus}; Llama 3.1 70B, one prompt of 1,000 tokens`,
      "products with weights, without attention",
    ],
    by: [operators, sumOperators, arithmeticIntensity, ridgePoint],
    relation: "at least",
    proxy: {
      computes:
        "intensity of the prompt's matrix products over the ridge, on the GPU with the highest",
      unit: "x",
      threshold: 1,
    },
    derived: ({ model, hardware }) => {
      const products = weightProducts(operators(model("llama-3.1-70b"), prefillStep(1000)));
      const intensity = arithmeticIntensity(sumOperators(products));
      return Math.min(...gpus.map((id) => intensity / ridgePoint(hardware(id))));
    },
  }),
  derive("b-inference-memory-bound", {
    assumptions: [
      "Llama 3.1 8B on H100 in BF16, one sequence of 2,000 tokens",
      "inference is both phases: the lesser of the two counts",
    ],
    by: [operators, stepTime],
    relation: "at least",
    proxy: { computes: "memory time over compute time of a step", unit: "x", threshold: 1 },
    derived: (catalog) =>
      Math.min(waits(catalog, prefillStep(2000)), waits(catalog, decodeStep(2000))),
    otherwise: {
      condition: "only decoding is meant, not the prompt",
      derived: (catalog) => waits(catalog, decodeStep(2000)),
    },
  }),
  derive("b-prefill-compute-bound", {
    assumptions: [
      "Llama 3.1 8B on H100 in BF16, one prompt",
      "shorter prompts still wait for memory; 512 tokens is an ordinary one",
    ],
    by: [operators, stepTime],
    relation: "at most",
    proxy: {
      computes: "tokens from which a prompt's arithmetic takes longer than its traffic",
      unit: "tokens",
      threshold: 512,
    },
    derived: (catalog) => smallest((tokens) => waits(catalog, prefillStep(tokens)) <= 1),
  }),
  derive("b-decode-memory-bound", {
    assumptions: [
      "Llama 3.1 8B on H100 in BF16; the feed-forward, which a batch shares, where attention's reads are not shared",
      "64 sequences is an ordinary batch",
    ],
    by: [operators, operatorTime],
    relation: "at least",
    proxy: {
      computes: "sequences decoded together from which the feed-forward waits for arithmetic",
      unit: "sequences",
      threshold: 64,
    },
    derived: (catalog) => {
      const { model, hardware } = llama(catalog);
      return smallest((batch) => {
        const up = operators(model, decodeStep(0, batch)).find(({ name }) =>
          name === "feed-forward up"
        )!;
        return operatorTime(up, hardware).bound === "compute";
      });
    },
  }),
  derive("b-prefill-causes-ttft", {
    assumptions: ["Llama 3.1 8B on H100 in BF16; no queue, nothing lost to launches"],
    by: [estimate],
    relation: "at least",
    proxy: {
      computes: "time to the first token with a prompt of 8,000 tokens over that with one token",
      unit: "x",
      threshold: 10,
    },
    derived: (catalog) => {
      const wait = (promptTokens: number) =>
        estimate(llama(catalog), { promptTokens, outputTokens: 1 }).timeToFirstToken;
      return wait(8000) / wait(1);
    },
  }),
];

/** Memory time over compute time of one step of Llama 3.1 8B on an H100. */
function waits(catalog: Catalog, step: Parameters<typeof operators>[1]): number {
  const { model, hardware } = llama(catalog);
  return 1 / computeOverMemory(operators(model, step), hardware);
}
