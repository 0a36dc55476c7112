import { Matrix, seeded } from "../numeric/mod.ts";
import {
  hadamardTransform,
  incoherence,
  randomHadamard,
  rotateInputs,
  rotateOutputs,
} from "../quantization/mod.ts";
import { operators, sumOperators } from "../transformer/mod.ts";
import { type Citation, cite, type Derivation, derive } from "./derivation.ts";
import { decodeStep } from "./measures.ts";
import { gaussian } from "./outlier_layer.ts";

const [loud, times] = [6, 100];

/** Chapter 04, rotations: outliers spread over all channels, at no cost or a small one. */
export const chapter04Rotations: readonly Derivation[] = [
  derive("a-rotation-removes-outliers", {
    assumptions: [
      `a token of Llama 3.1 8B's width with Gaussian values, ${loud} of them ${times} times larger; a Hadamard rotation`,
      "the largest value over the root mean square; Gaussian values alone have 3 to 4",
    ],
    by: [incoherence, hadamardTransform],
    relation: "at least",
    proxy: {
      computes: "max-to-rms ratio before the rotation over that after it",
      unit: "x",
      threshold: 2,
    },
    derived: ({ model }) => {
      const token = gaussian(1, model("llama-3.1-8b").hiddenSize, seeded(4)).data;
      for (let i = 0; i < loud; i++) token[Math.floor((i + 0.5) * token.length / loud)]! *= times;
      const before = incoherence(token);
      hadamardTransform(token, token.length);
      return before / incoherence(token);
    },
  }),
  derive("a-spinquant-rotation-absorbed", {
    assumptions: [
      "two layers of 16 channels with whole numbers, and a Hadamard matrix over 4, so that no sum is rounded; in floating point a rounding error is left",
      "norms keep no gain of their own: they are folded into the weights first",
    ],
    by: [randomHadamard, rotateOutputs, rotateInputs],
    derived: () => {
      const [first, second] = [wholeNumbers(1), wholeNumbers(2)];
      const rotation = randomHadamard(16, seeded(3));
      const product = (one: typeof first, two: typeof first) =>
        new Matrix(16, 16, two.data).multiply(new Matrix(16, 16, one.data)).data;
      const before = product(first, second);
      const after = product(rotateOutputs(first, rotation), rotateInputs(second, rotation));
      return Math.max(...before.map((value, i) => Math.abs(value - after[i]!)));
    },
  }),
  derive("a-spinquant-hadamard-online", {
    assumptions: [
      "decode of Llama 3.1 8B, 4,096 tokens of context; queries and new keys of each head are rotated, d log2(d) additions for d channels",
      '"inserted" is read as: affordable, at most 1 % of the operations of the step',
    ],
    by: [operators, sumOperators],
    relation: "at most",
    proxy: { computes: "additions of the rotation over all operations", unit: "%", threshold: 1 },
    derived: ({ model }) => {
      const llama = model("llama-3.1-8b");
      const additions = llama.layers.reduce((sum, { attention, count }) => {
        if (attention.kind !== "heads") return sum;
        const { queryHeads, keyValueHeads, headDimension } = attention;
        return sum +
          count * (queryHeads + keyValueHeads) * headDimension * Math.log2(headDimension);
      }, 0);
      return 100 * additions / sumOperators(operators(llama, decodeStep(4096))).flops;
    },
  }),
];

const planted =
  "a finding on trained models; in a layer with planted outliers the share is what was planted";

/** Claims of chapter 04 that are only cited. */
export const chapter04Citations: readonly Citation[] = [
  cite("a-awq-salient-fraction", planted),
  cite("c-awq-1pct-salient", planted),
  cite(
    "a-spinquant-4bit-gap",
    "names the widths that the method is for; how well it does there is a score of trained models",
  ),
];

/** A weight matrix of whole numbers from −3 to 3. */
function wholeNumbers(seed: number) {
  const random = seeded(seed);
  const data = Float32Array.from({ length: 256 }, () => random.integer(7) - 3);
  return { name: "w", outputs: 16, inputs: 16, data };
}
