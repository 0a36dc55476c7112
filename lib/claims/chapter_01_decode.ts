import { findModel, type Model } from "../catalog/mod.ts";
import { attainableRate, operatorTime, peakRate, stepTime, weightBytes } from "../roofline/mod.ts";
import {
  arithmeticIntensity,
  cacheBytes,
  operators,
  sumOperators,
  traffic,
} from "../transformer/mod.ts";
import { type Derivation, derive } from "./derivation.ts";
import { computeOverMemory, decodeStep, prefillStep, totals, weightProducts } from "./measures.ts";

/** The worked example of the reading notes: one token of Qwen3-8B, at the longest context that it was made for. */
const example = "qwen3-8b";
const atItsLongest = () =>
  `Qwen3-8B in BF16, one sequence, at its longest context: ${
    findModel(example).maximumContext.toLocaleString("en-US")
  } tokens`;
const longest = (model: Model) => decodeStep(model.maximumContext);

/** Chapter 01, the decode step: how far it lies below the ridge. */
export const chapter01Decode: readonly Derivation[] = [
  derive("b-decode-underfills-gpu", {
    assumptions: [
      "Llama 3.1 8B on H100 in BF16, one sequence, 1,000 tokens of context",
      "nothing lost: a real step reaches less",
    ],
    by: [operators, sumOperators, stepTime, peakRate],
    relation: "at most",
    proxy: { computes: "share of the peak that a decode step reaches", unit: "%", threshold: 10 },
    derived: ({ model, hardware }) => {
      const gpu = hardware("nvidia-h100-sxm");
      const rows = operators(model("llama-3.1-8b"), decodeStep(1000));
      return 100 * sumOperators(rows).flops / stepTime(rows, gpu).seconds / peakRate(gpu, "bf16");
    },
  }),
  derive("c-decode-is-memory-traffic", {
    assumptions: () => [`${atItsLongest()}; one B200`],
    by: [operators, stepTime],
    relation: "at least",
    proxy: {
      computes: "memory time over compute time of one decode step",
      unit: "x",
      threshold: 10,
    },
    derived: ({ model, hardware }) =>
      1 /
      computeOverMemory(
        operators(model(example), longest(model(example))),
        hardware("nvidia-b200"),
      ),
  }),
  derive("c-arithmetic-intensity-definition", {
    assumptions: [
      "every operator of a decode step of Qwen3-8B that computes, on one B200",
      "the one that deviates most",
    ],
    by: [arithmeticIntensity, attainableRate, operatorTime],
    proxy: {
      computes:
        "operations over the rate attainable at their intensity, over the time of the operator",
      unit: "x",
      threshold: 1,
    },
    derived: ({ model, hardware }) => {
      const gpu = hardware("nvidia-b200");
      const ratios = operators(model(example), decodeStep(1000)).filter(({ flops }) => flops > 0)
        .map((row) =>
          row.flops / attainableRate(gpu, arithmeticIntensity(row), row.precision) /
          operatorTime(row, gpu).seconds
        );
      return ratios.reduce(
        (worst, ratio) => Math.abs(ratio - 1) > Math.abs(worst - 1) ? ratio : worst,
        1,
      );
    },
  }),
  derive("c-prefill-intensity-lctx", {
    assumptions: [
      "Qwen3-8B in BF16, a prompt of 1,024 tokens",
      "all bytes of the step: weights, cache, and activations between operators",
      "the head serves the last token only",
    ],
    by: [operators, sumOperators, arithmeticIntensity],
    proxy: {
      computes: "intensity of the prompt's step over the number of its tokens",
      unit: "FLOP/byte",
      threshold: 1,
    },
    derived: ({ model }) => arithmeticIntensity(totals(model(example), prefillStep(1024))) / 1024,
    otherwise: {
      condition: "only weights are counted: neither activations nor attention",
      derived: ({ model }) => {
        const { flops, bytes } = sumOperators(
          weightProducts(operators(model(example), prefillStep(1024))),
        );
        return flops / bytes.weights / 1024;
      },
    },
  }),
  derive("c-decode-intensity-below-1", {
    assumptions: () => [atItsLongest()],
    by: [operators, sumOperators, arithmeticIntensity],
    relation: "at most",
    derived: ({ model }) => arithmeticIntensity(totals(model(example), longest(model(example)))),
    otherwise: {
      condition: "the operations of attention are left out, while its bytes are counted",
      derived: ({ model }) => {
        const rows = operators(model(example), longest(model(example)));
        const { flops } = sumOperators(rows.filter(({ name }) => name !== "attention"));
        return arithmeticIntensity({ flops, bytes: sumOperators(rows).bytes });
      },
    },
  }),
  derive("c-decode-below-1pct-peak", {
    assumptions: () => [`${atItsLongest()}; one B200 against its BF16 peak`],
    by: [arithmeticIntensity, attainableRate, peakRate],
    relation: "at most",
    derived: ({ model, hardware }) => {
      const gpu = hardware("nvidia-b200");
      const intensity = arithmeticIntensity(totals(model(example), longest(model(example))));
      return 100 * attainableRate(gpu, intensity) / peakRate(gpu, "bf16");
    },
  }),
  derive("c-decode-streams-weights-and-kv", {
    assumptions: () => [
      atItsLongest(),
      "of the embedding table only one row is read, which is why it stays below 1",
    ],
    by: [operators, sumOperators, traffic, weightBytes, cacheBytes],
    proxy: {
      computes: "bytes moved in a decode step over all weights and the whole cache",
      unit: "x",
      threshold: 1,
    },
    derived: ({ model }) => {
      const qwen = model(example);
      return traffic(totals(qwen, longest(qwen))) /
        (weightBytes(qwen) + cacheBytes(qwen, qwen.maximumContext));
    },
  }),
  derive("d-llmviewer-roofline", {
    assumptions: [
      "Llama 2 7B on RTX A6000 in FP16, one sequence, 2,048 tokens of context",
      "the operator that comes closest to the ridge",
    ],
    by: [operators, operatorTime],
    relation: "at most",
    proxy: {
      computes: "compute time over memory time of an operator of a decode step",
      unit: "x",
      threshold: 1,
    },
    derived: ({ model, hardware }) => {
      const gpu = hardware("nvidia-rtx-a6000");
      const times = operators(model("llama-2-7b"), decodeStep(2048)).map((row) =>
        operatorTime(row, gpu)
      );
      return Math.max(...times.map(({ compute, memory }) => compute / memory));
    },
  }),
];
