import { findHardware, findModel } from "@fewer-bytes/catalog";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { peakRate, stepTime } from "@fewer-bytes/roofline";
import {
  applyMask,
  magnitudeMask,
  twoFourBytesPerValue,
  twoFourOperators,
  twoOfFour,
  wandaMask,
} from "@fewer-bytes/sparsity";
import { operators, type Step } from "@fewer-bytes/transformer";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** Seeded numbers of either sign, no two of the same magnitude. */
function numbers(seed: number, count: number): number[] {
  const random = seeded(seed);
  return Array.from(
    { length: count },
    (_, index) => (Math.round(900 * random.normal()) + (index + 1) / 1000) / 1000,
  );
}

/** The numbers of a list, in rows. */
function inRows(list: readonly number[], columns: number): number[][] {
  return Array.from(
    { length: list.length / columns },
    (_, row) => list.slice(row * columns, (row + 1) * columns),
  );
}

/** Sets all but the best of each group of four to zero, by a score. */
function keepBest(weights: readonly number[], score: (weight: number) => number): number[] {
  return weights.map((weight, index) => {
    const start = index - index % 4;
    const better = weights.slice(start, start + 4).filter((other, place) =>
      score(other) > score(weight) || score(other) === score(weight) && start + place > index
    );
    return better.length < 2 ? weight : 0;
  });
}

export const keepTwoOfFour = defineExercise({
  id: "05.1",
  title: "Keep two of every four",
  points: 10,
  name: "keepTwoOfFour",
  stub: `/**
 * The weights of a row at 2:4: of every four neighbors the two largest magnitudes stay,
 * the others become 0.
 */
function keepTwoOfFour(weights: number[]): number[] {
  return []; // your turn: the length of a row is a multiple of 4
}`,
  hints: [
    "Take one group of four. How would you find out whether its first weight is among the two that stay?",
    "A weight stays when fewer than two of its group are larger than it in magnitude. Of equal ones, decide by their place, so that exactly two stay.",
    `Sort the places of a group by magnitude, and keep the first two.

\`\`\`ts
function keepTwoOfFour(weights: number[]): number[] {
  const result = weights.map(() => 0);
  for (let start = 0; start < weights.length; start += 4) {
    const places = [start, start + 1, start + 2, start + 3];
    places.sort((a, b) => Math.abs(weights[b]!) - Math.abs(weights[a]!));
    for (const place of places.slice(0, 2)) result[place] = weights[place]!;
  }
  return result;
}
\`\`\``,
  ],
  reference: (weights: number[]): number[] => {
    const row = Matrix.from([weights]);
    return [...applyMask(row, magnitudeMask(row, twoOfFour)).data];
  },
  checks: [
    {
      name: "keeps the two largest of four where they stand",
      run: async (keep) => expectEqual(await keep([0.1, 4, 3, 0.2]), [0, 4, 3, 0]),
    },
    {
      name: "looks at magnitudes, and keeps the signs",
      run: async (keep) =>
        expectEqual(await keep([-5, 1, 2, -3]), [-5, 0, 0, -3], {
          hint: "is a weight of -5 large or small?",
        }),
    },
    {
      name: "chooses in each group of four, not in the whole row",
      run: async (keep) =>
        expectEqual(await keep([9, 8, 7, 6, 1, 2, 3, 4]), [9, 8, 0, 0, 0, 0, 3, 4], {
          hint: "each group of four keeps two of its own, however small they are",
        }),
    },
    {
      name: "keeps two, no more and no fewer, when all four are equal",
      run: async (keep) => {
        const kept = (await keep([1, 1, 1, 1])).filter((weight) => weight !== 0).length;
        expectThat(
          kept === 2,
          `of four equal weights exactly 2 must stay, or they do not fit: ${kept} did`,
        );
      },
    },
    {
      name: "agrees with the library on a longer row",
      run: async (keep) => {
        const row = numbers(1, 32);
        expectEqual(await keep(row), keepBest(row, Math.abs));
      },
    },
  ],
  mistakes: [
    {
      title: "compares values and not magnitudes",
      answer: (weights) => keepBest(weights, (weight) => weight),
      caught: "is a weight of -5 large or small",
    },
    {
      title: "keeps the larger half of the whole row",
      answer: (weights) => {
        const limit = weights.map(Math.abs).toSorted((a, b) => b - a)[weights.length / 2 - 1]!;
        return weights.map((weight) => Math.abs(weight) >= limit ? weight : 0);
      },
      caught: "each group of four keeps two of its own",
    },
    {
      title: "keeps all that equal the second largest",
      answer: (weights) =>
        weights.map((weight, index) => {
          const start = index - index % 4;
          const group = weights.slice(start, start + 4).map(Math.abs);
          return Math.abs(weight) >= group.toSorted((a, b) => b - a)[1]! ? weight : 0;
        }),
      caught: "exactly 2 must stay",
    },
    {
      title: "returns the mask and not the weights",
      answer: (weights) => keepBest(weights, Math.abs).map((weight) => weight === 0 ? 0 : 1),
      caught: "expected 4, got 1",
    },
  ],
});

export const twoFourBits = defineExercise({
  id: "05.2",
  title: "Bits of a weight at 2:4",
  points: 10,
  name: "twoFourBits",
  stub: `/**
 * Bits that each weight of the dense matrix takes when it is stored at 2:4, all that comes
 * along included. Each groupSize weights of the dense matrix share a scale.
 */
function twoFourBits(valueBits: number, groupSize: number, scaleBits: number): number {
  return NaN; // your turn
}`,
  hints: [
    "Take a group of four weights. What is stored of it? Divide by four at the end.",
    "Two values of `valueBits`, and two places of 2 bits each, for four weights. The scale is shared by `groupSize` weights, kept or not.",
    `Half of the values, one bit for the places, and the share of the scale.

\`\`\`ts
function twoFourBits(valueBits: number, groupSize: number, scaleBits: number): number {
  return (2 * valueBits + 2 * 2) / 4 + scaleBits / groupSize;
}
\`\`\``,
  ],
  reference: (valueBits: number, groupSize: number, scaleBits: number): number =>
    valueBits / 2 + 1 + scaleBits / groupSize,
  checks: [
    {
      name: "gives 9 bits for 16-bit values without scales",
      run: async (bits) => expectNumber(await bits(16, 128, 0), 9, { unit: "bits" }),
    },
    {
      name: "counts the scale of 4-bit values in groups of 128",
      run: async (bits) =>
        expectNumber(
          await bits(4, 128, 16),
          8 * twoFourBytesPerValue({ format: "int4", groupSize: 128, scaleBits: 16 }),
          { unit: "bits" },
        ),
    },
    {
      name: "counts the scale of MXFP8, 8 bits for 32 values",
      run: async (bits) =>
        expectNumber(
          await bits(8, 32, 8),
          8 * twoFourBytesPerValue({ format: "fp8", groupSize: 32, scaleBits: 8 }),
          { unit: "bits" },
        ),
    },
  ],
  mistakes: [
    {
      title: "forgets where the values stood",
      answer: (valueBits, groupSize, scaleBits) => valueBits / 2 + scaleBits / groupSize,
      caught: "expected 9 bits, got 8 bits",
    },
    {
      title: "gives every weight a place, the dropped ones too",
      answer: (valueBits, groupSize, scaleBits) => valueBits / 2 + 2 + scaleBits / groupSize,
      caught: "expected 9 bits, got 10 bits",
    },
    {
      title: "forgets the scales",
      answer: (valueBits) => valueBits / 2 + 1,
      caught: "expected 3.125 bits, got 3 bits",
    },
    {
      title: "halves the scale, too",
      answer: (valueBits, groupSize, scaleBits) => (valueBits + scaleBits / groupSize) / 2 + 1,
      caught: "expected 3.125 bits",
    },
    {
      title: "counts bytes",
      answer: (valueBits, groupSize, scaleBits) => (valueBits / 2 + 1 + scaleBits / groupSize) / 8,
      caught: "bits and bytes",
    },
  ],
});

/** Seconds of an operator: arithmetic and traffic overlap. */
const seconds = (flops: number, bytes: number, peak: number, bandwidth: number) =>
  Math.max(flops / peak, bytes / bandwidth);

export const twoFourGain = defineExercise({
  id: "05.3",
  title: "How much faster at 2:4?",
  points: 15,
  name: "twoFourGain",
  stub: `/**
 * How many times faster an operator is when its 16-bit weights are stored at 2:4 and sparse
 * tensor cores multiply them. Arithmetic and traffic overlap. Other bytes stay as they are.
 */
function twoFourGain(
  flops: number,
  weightBytes: number,
  otherBytes: number,
  peak: number,
  bandwidth: number,
): number {
  return NaN; // your turn: peak is the dense rate, in FLOP/s
}`,
  hints: [
    "An operator takes the longer of two times. Write down both for the dense matrix, then both at 2:4. Which of the four numbers change?",
    "Dense: max(flops / peak, (weightBytes + otherBytes) / bandwidth). At 2:4 the peak doubles and the weights shrink to 9/16. The gain is the first time over the second.",
    `Two times, each a maximum.

\`\`\`ts
function twoFourGain(flops: number, weightBytes: number, otherBytes: number, peak: number, bandwidth: number): number {
  const dense = Math.max(flops / peak, (weightBytes + otherBytes) / bandwidth);
  const sparse = Math.max(flops / (2 * peak), (weightBytes * 9 / 16 + otherBytes) / bandwidth);
  return dense / sparse;
}
\`\`\``,
  ],
  reference: (
    flops: number,
    weightBytes: number,
    otherBytes: number,
    peak: number,
    bandwidth: number,
  ): number =>
    seconds(flops, weightBytes + otherBytes, peak, bandwidth) /
    seconds(flops, weightBytes * 9 / 16 + otherBytes, 2 * peak, bandwidth),
  checks: [
    {
      name: "gains the bytes, 16/9, where weights alone are waited for",
      run: async (gain) =>
        expectNumber(await gain(2e9, 2e9, 0, 989e12, 3.35e12), 16 / 9, {
          unit: "x",
          hint: "one user: the weights are read, and the arithmetic is done long before",
        }),
    },
    {
      name: "gains 2 where arithmetic is waited for",
      run: async (gain) =>
        expectNumber(await gain(2e13, 2e9, 1e8, 989e12, 3.35e12), 2, {
          unit: "x",
          hint: "a long prompt: the bytes are there long before",
        }),
    },
    {
      name: "gains almost nothing where other bytes are waited for",
      run: async (gain) =>
        expectNumber(await gain(1e9, 1e9, 9e9, 989e12, 3.35e12), 10 / 9.5625, {
          unit: "x",
          hint: "only the weights shrink",
        }),
    },
    {
      name:
        "agrees with the library on the way up of Llama 3.1 8B, from 1 to 4,096 tokens on an H100",
      run: async (gain) => {
        const hardware = findHardware("nvidia-h100-sxm");
        for (const newTokens of [1, 64, 300, 400, 4096]) {
          const step: Step = { phase: "prefill", batch: 1, newTokens, context: 0 };
          const dense = operators(findModel("llama-3.1-8b"), step)
            .filter(({ name }) => name === "feed-forward up");
          const { flops, bytes } = dense[0]!;
          const expected = stepTime(dense, hardware).seconds /
            stepTime(twoFourOperators(dense, hardware, "bf16"), hardware).seconds;
          const actual = await gain(
            flops,
            bytes.weights,
            bytes.activations,
            peakRate(hardware, "bf16"),
            hardware.memory[0].bandwidth,
          );
          expectNumber(actual, expected, { unit: "x", hint: `at ${newTokens} tokens` });
        }
      },
    },
  ],
  mistakes: [
    {
      title: "believes the datasheet",
      answer: () => 2,
      caught: "one user",
    },
    {
      title: "halves the bytes of the weights",
      answer: (flops, weights, other, peak, bandwidth) =>
        seconds(flops, weights + other, peak, bandwidth) /
        seconds(flops, weights / 2 + other, 2 * peak, bandwidth),
      caught: "one user",
    },
    {
      title: "shrinks all bytes",
      answer: (flops, weights, other, peak, bandwidth) =>
        seconds(flops, weights + other, peak, bandwidth) /
        seconds(flops, (weights + other) * 9 / 16, 2 * peak, bandwidth),
      caught: "only the weights shrink",
    },
    {
      title: "divides the wrong way round",
      answer: (flops, weights, other, peak, bandwidth) =>
        seconds(flops, weights * 9 / 16 + other, 2 * peak, bandwidth) /
        seconds(flops, weights + other, peak, bandwidth),
      caught: "upside down",
    },
    {
      title: "forgets that arithmetic gains, too",
      answer: (flops, weights, other, peak, bandwidth) =>
        seconds(flops, weights + other, peak, bandwidth) /
        seconds(flops, weights * 9 / 16 + other, peak, bandwidth),
      caught: "a long prompt",
    },
  ],
});

/** Prunes half of each row by |w| times how loud its input is. */
function pruneHalf(
  weights: readonly number[][],
  inputs: readonly number[][],
  loudness: (channel: readonly number[]) => number,
): number[][] {
  const factors = weights[0]!.map((_, channel) => loudness(inputs.map((row) => row[channel]!)));
  return weights.map((row) => {
    const scores = row.map((weight, channel) => Math.abs(weight) * factors[channel]!);
    const limit = scores.toSorted((a, b) => a - b)[row.length / 2]!;
    return row.map((weight, channel) => scores[channel]! < limit ? 0 : weight);
  });
}

export const wanda = defineExercise({
  id: "05.4",
  title: "What is a weight multiplied with?",
  points: 15,
  name: "wanda",
  stub: `/**
 * The weights with the worse half of each row set to 0. A weight is worth its magnitude times
 * the norm of its input. Weights have a row for each output, inputs one for each token.
 */
function wanda(weights: number[][], inputs: number[][]): number[][] {
  return []; // your turn: both have as many columns
}`,
  hints: [
    "Column `c` of the weights meets column `c` of the inputs. How loud is that column, over all tokens?",
    "The norm of channel c is the root of the sum of its squares over the tokens. The score of a weight is |w| times the norm of its channel. In each row, half of the scores are dropped.",
    `Norms first, then each row by itself.

\`\`\`ts
function wanda(weights: number[][], inputs: number[][]): number[][] {
  const norms = weights[0]!.map((_, channel) => Math.hypot(...inputs.map((row) => row[channel]!)));
  return weights.map((row) => {
    const scores = row.map((weight, channel) => Math.abs(weight) * norms[channel]!);
    const limit = scores.toSorted((a, b) => a - b)[row.length / 2]!;
    return row.map((weight, channel) => scores[channel]! < limit ? 0 : weight);
  });
}
\`\`\``,
  ],
  reference: (weights: number[][], inputs: number[][]): number[][] => {
    const norms = weights[0]!.map((_, channel) =>
      Math.hypot(...inputs.map((row) => row[channel]!))
    );
    const matrix = Matrix.from(weights);
    return applyMask(matrix, wandaMask(matrix, norms, 0.5)).toRows();
  },
  checks: [
    {
      name: "keeps a small weight on a loud channel",
      run: async (prune) =>
        expectEqual(await prune([[3, -1]], [[0.1, 2], [-0.1, 2]]), [[0, -1]], {
          hint: "what is a weight of 3 worth when its input is near zero?",
        }),
    },
    {
      name: "hears a channel that swings about zero",
      run: async (prune) =>
        expectEqual(await prune([[1, 1.5]], [[5, 1], [-5, 1]]), [[1, 0]], {
          hint: "loud is not the same as large on average: signs must not cancel",
        }),
    },
    {
      name: "takes the norm, not its square",
      run: async (prune) =>
        expectEqual(await prune([[8, 1.5]], [[1, 4], [0, 0]]), [[8, 0]], {
          hint: "8 times 1 is more than 1.5 times 4",
        }),
    },
    {
      name: "compares within a row, so that each output loses half",
      run: async (prune) =>
        expectEqual(await prune([[9, 8], [1, 2]], [[1, 1]]), [[9, 0], [0, 2]], {
          hint: "each row is an output, and gives up half of its own",
        }),
    },
    {
      name: "agrees with the library on random weights and inputs",
      run: async (prune) => {
        const weights = inRows(numbers(2, 48), 8);
        const inputs = inRows(numbers(3, 40).map((x, index) => x * (1 + index % 8)), 8);
        expectEqual(await prune(weights, inputs), pruneHalf(weights, inputs, norm));
      },
    },
  ],
  mistakes: [
    {
      title: "looks at the weights alone",
      answer: (weights, inputs) => pruneHalf(weights, inputs, () => 1),
      caught: "near zero",
    },
    {
      title: "adds the inputs up",
      answer: (weights, inputs) =>
        pruneHalf(weights, inputs, (channel) => Math.abs(channel.reduce((sum, x) => sum + x, 0))),
      caught: "signs must not cancel",
    },
    {
      title: "forgets the root",
      answer: (weights, inputs) => pruneHalf(weights, inputs, (channel) => norm(channel) ** 2),
      caught: "8 times 1 is more",
    },
    {
      title: "compares all weights of the matrix",
      answer: (weights, inputs) => {
        const flat = pruneHalf(
          [weights.flat()],
          inputs.map((row) => weights.flatMap(() => row)),
          norm,
        );
        return inRows(flat[0]!, weights[0]!.length);
      },
      caught: "gives up half of its own",
    },
  ],
});

function norm(channel: readonly number[]): number {
  return Math.hypot(...channel);
}
