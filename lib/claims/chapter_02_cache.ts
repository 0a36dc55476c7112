import { findModel, type Model } from "../catalog/mod.ts";
import { footprint, stepTime, weightBytes } from "../roofline/mod.ts";
import {
  cacheBytes,
  cacheBytesPerToken,
  operators,
  ruleOfThumb,
  type Step,
  sumOperators,
  traffic,
} from "../transformer/mod.ts";
import { type Catalog, type Derivation, derive } from "./derivation.ts";
import { decodeStep, exponent, prefillStep, totals } from "./measures.ts";

const example = "qwen3-8b";
const bf16 = "Qwen3-8B in BF16, one sequence";
const longest = () => `${findModel(example).maximumContext.toLocaleString("en-US")} tokens`;
const million = 1_000_000;
/** The operations, or the cache bytes, of attention alone. */
const attention = (model: Model, step: Step) =>
  sumOperators(operators(model, step).filter(({ name }) => name === "attention"));

/** Chapter 02, one model: its weights, its cache, and what a token of it costs. */
export const chapter02Cache: readonly Derivation[] = [
  derive("a-gpt3-on-one-gpu", {
    assumptions: [
      "H100 80 GB, of which 90 % may be filled; 256 tokens of prompt and 256 of answer",
      "4-bit weights in groups of 128 with a 16-bit scale; cache in BF16",
    ],
    by: [footprint],
    relation: "at most",
    derived: (catalog) => gpusForGpt3(catalog, "int4"),
    otherwise: {
      condition: "weights are quantized to 3 bits, scales included 3.125",
      derived: (catalog) => gpusForGpt3(catalog, "int3"),
    },
  }),
  derive("b-caching-vs-recompute", {
    assumptions: ["Llama 3.1 8B on H100 in BF16, one sequence of 4,096 tokens"],
    by: [operators, stepTime],
    relation: "at least",
    proxy: {
      computes:
        "time of one token without a cache, all tokens computed again, over the time with it",
      unit: "x",
      threshold: 1,
    },
    derived: ({ model, hardware }) => {
      const time = (step: Step) =>
        stepTime(operators(model("llama-3.1-8b"), step), hardware("nvidia-h100-sxm")).seconds;
      return time(prefillStep(4096)) / time(decodeStep(4095));
    },
  }),
  derive("c-qwen3-22gb-per-token", {
    assumptions: [
      `${bf16}; the claim states no context: 4,096 tokens`,
      "of the embedding table only one row is read",
    ],
    by: [operators, sumOperators, traffic],
    derived: ({ model }) => traffic(totals(model(example), decodeStep(4096))) / 1e9,
    otherwise: {
      condition: () => `the context is the longest that the model was made for, ${longest()}`,
      derived: ({ model }) =>
        traffic(totals(model(example), decodeStep(model(example).maximumContext))) / 1e9,
    },
  }),
  derive("c-qwen3-16gflop-per-token", {
    assumptions: () => [`${bf16}; the same token that moves 22 GB, so at ${longest()} of context`],
    by: [operators, sumOperators, ruleOfThumb],
    derived: ({ model }) =>
      totals(model(example), decodeStep(model(example).maximumContext)).flops / 1e9,
    otherwise: {
      condition: "attention is left out: two operations a parameter, the embedding table included",
      derived: ({ model }) => ruleOfThumb(model(example), 0).flops / 1e9,
    },
  }),
  derive("c-qwen3-weights-16gb", {
    assumptions: ["Qwen3-8B in BF16"],
    by: [weightBytes],
    derived: ({ model }) => weightBytes(model(example)) / 1e9,
  }),
  derive("c-qwen3-kv-147gb", {
    assumptions: () => [
      `${bf16} of 1,000,000 tokens; a hypothetical length, as the model was made for ${longest()}`,
    ],
    by: [cacheBytes],
    derived: ({ model }) => cacheBytes(model(example), million) / 1e9,
  }),
  derive("c-kv-dwarfs-weights", {
    assumptions: () => [`${bf16} of 1,000,000 tokens`, '"dwarfs" is read as: at least 5 times'],
    by: [cacheBytes, weightBytes],
    relation: "at least",
    proxy: { computes: "cache over weights", unit: "x", threshold: 5 },
    derived: ({ model }) => cacheBytes(model(example), million) / weightBytes(model(example)),
  }),
  derive("c-dense-decode-scans-all", {
    assumptions: () => [
      `${bf16} of 1,000,000 tokens`,
      "cache bytes moved in a decode step, over those of one token",
    ],
    by: [operators, cacheBytesPerToken],
    derived: ({ model }) =>
      totals(model(example), decodeStep(million)).bytes.cache / cacheBytesPerToken(model(example)) /
      1e6,
  }),
  derive("d-no-kv-cache-quadratic", {
    assumptions: [
      "Llama 2 7B; operations of attention when all tokens are computed again, at 4,096 and 8,192 tokens",
    ],
    by: [operators],
    derived: ({ model }) =>
      exponent((length) => attention(model("llama-2-7b"), prefillStep(length)).flops, 4096),
  }),
  derive("d-kv-cache-linear-access", {
    assumptions: [
      "Llama 2 7B; cache bytes moved by attention in a decode step, at 4,096 and 8,192 tokens",
    ],
    by: [operators],
    derived: ({ model }) =>
      exponent((length) => attention(model("llama-2-7b"), decodeStep(length)).bytes.cache, 4096),
  }),
  derive("d-kv-linear-in-length", {
    assumptions: ["Llama 2 7B; the size of the cache at 4,096 and 8,192 tokens"],
    by: [cacheBytes],
    derived: ({ model }) => exponent((length) => cacheBytes(model("llama-2-7b"), length), 4096),
  }),
  derive("d-kv-fully-loaded-per-token", {
    assumptions: [
      "Llama 2 7B, 128,000 tokens of context, one new token that reads itself and is written too",
    ],
    by: [operators, cacheBytes],
    derived: ({ model }) =>
      totals(model("llama-2-7b"), decodeStep(128_000)).bytes.cache /
      cacheBytes(model("llama-2-7b"), 128_000),
  }),
];

/** The fewest H100 that hold GPT-3 with weights of some bits. They split its heads evenly. */
function gpusForGpt3({ model, hardware }: Catalog, format: "int4" | "int3"): number {
  const gpt3 = model("gpt-3-175b");
  const heads = gpt3.layers[0]?.attention.queryHeads ?? 1;
  const formats = {
    weights: { format, groupSize: 128, scaleBits: 16 },
    cache: "bf16",
    activations: "bf16",
  } as const;
  for (let devices = 1; devices <= heads; devices++) {
    if (heads % devices !== 0) continue;
    const deployment = { model: gpt3, hardware: hardware("nvidia-h100-sxm"), devices, formats };
    if (footprint(deployment, { promptTokens: 256, outputTokens: 256 }).fits) return devices;
  }
  throw new RangeError(`Cannot fit ${gpt3.name} on ${heads} devices, one for each head`);
}
