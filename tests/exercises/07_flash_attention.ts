import {
  emptyPart,
  finishPart,
  flashFormula,
  mergeParts,
  partOf,
  smallCacheFormula,
  softmaxAccesses,
  softmaxAlgorithms,
  type SoftmaxPart,
  tileFootprint,
} from "@fewer-bytes/attention";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

type Algorithm = "three passes" | "online";

export const softmaxBytes = defineExercise({
  id: "07.1",
  title: "What a softmax moves",
  points: 10,
  name: "softmaxBytes",
  stub: `/**
 * Bytes that the softmax of one head moves when scores and weights are kept in memory.
 * There are as many queries as keys; each algorithm reads scores and writes weights.
 */
function softmaxBytes(
  algorithm: "three passes" | "online",
  tokens: number,
  bytesPerValue: number,
): number {
  return NaN; // your turn
}`,
  hints: [
    "How many scores does one head have? And how often is each of them touched, the result included?",
    "There are `tokens * tokens` scores. Three passes read each score three times: for the maximum, for the sum, for the weight. The online softmax needs one pass for maximum and sum together. Both write each weight once.",
    `Four accesses against three, for each pair of a query and a key.

\`\`\`ts
function softmaxBytes(algorithm: "three passes" | "online", tokens: number, bytesPerValue: number): number {
  const accesses = algorithm === "three passes" ? 3 + 1 : 2 + 1;
  return accesses * tokens * tokens * bytesPerValue;
}
\`\`\``,
  ],
  reference: (algorithm: Algorithm, tokens: number, bytesPerValue: number): number =>
    softmaxAccesses(softmaxAlgorithms[algorithm]!).total * tokens ** 2 * bytesPerValue,
  checks: [
    {
      name: "gives 64 bytes for three passes over a 2 by 2 matrix of 4-byte values",
      points: 4,
      run: async (bytes) =>
        expectNumber(await bytes("three passes", 2, 4), 64, {
          unit: "B",
          hint: "is the result written, too?",
        }),
    },
    {
      name: "gives the online softmax three quarters of that",
      points: 3,
      run: async (bytes) =>
        expectNumber(await bytes("online", 2, 4), 48, {
          unit: "B",
          hint: "one pass for maximum and sum together, one for the weights",
        }),
    },
    {
      name: "grows with the square of the tokens",
      points: 3,
      run: async (bytes) =>
        expectNumber(await bytes("online", 4096, 2), 3 * 4096 ** 2 * 2, {
          unit: "B",
          hint: "every query has a score for every key",
        }),
    },
  ],
  mistakes: [
    {
      title: "counts passes, and not accesses",
      answer: (algorithm, tokens, bytes) =>
        (algorithm === "three passes" ? 3 : 2) * tokens ** 2 * bytes,
      caught: "is the result written, too",
    },
    {
      title: "takes one row for the matrix",
      answer: (algorithm, tokens, bytes) => (algorithm === "three passes" ? 4 : 3) * tokens * bytes,
      caught: "2 times too small",
    },
    {
      title: "gives both the same",
      answer: (_algorithm, tokens, bytes) => 4 * tokens ** 2 * bytes,
      caught: "one pass for maximum and sum together",
    },
    {
      title: "squares the sum of one row's accesses",
      answer: (algorithm, tokens, bytes) =>
        algorithm === "online" ? 3 * 2 * tokens * bytes : 4 * tokens ** 2 * bytes,
      caught: "a score for every key",
    },
  ],
});

/** A part as plain data: lists of numbers pass to an answer and back. */
interface Part {
  maximum: number;
  sum: number;
  weighted: number[];
}

const plain = ({ maximum, sum, weighted }: SoftmaxPart): Part => ({
  maximum,
  sum,
  weighted: [...weighted],
});

/** The part of some random keys; the scores of later seeds are larger. */
function randomPart(seed: number, keys: number): SoftmaxPart {
  const random = seeded(seed);
  const scores = Float64Array.from({ length: keys }, () => random.normal() + seed);
  return partOf(scores, Matrix.zeros(keys, 3).map(() => random.normal()));
}

/** Merges with chosen factors for the sums and for the weighted values. */
function merged(
  a: Part,
  b: Part,
  factor: (from: number, to: number) => number,
  weightedFactor = factor,
): Part {
  const maximum = Math.max(a.maximum, b.maximum);
  return {
    maximum,
    sum: a.sum * factor(a.maximum, maximum) + b.sum * factor(b.maximum, maximum),
    weighted: a.weighted.map((value, i) =>
      value * weightedFactor(a.maximum, maximum) +
      b.weighted[i]! * weightedFactor(b.maximum, maximum)
    ),
  };
}

const shrink = (from: number, to: number) => from === to ? 1 : Math.exp(from - to);

export const mergeSoftmax = defineExercise({
  id: "07.2",
  title: "Merge two parts of a softmax",
  points: 20,
  name: "mergeSoftmax",
  stub:
    `/** What is known of a softmax after some keys: sums of e^(score - maximum), and of that times the value. */
interface Part {
  maximum: number;
  sum: number;
  weighted: number[];
}
/**
 * The part that two parts make together. Nothing is divided yet.
 * A part that has seen no key has a maximum of -Infinity, a sum of 0 and zeros.
 */
function mergeSoftmax(a: Part, b: Part): Part {
  return { maximum: NaN, sum: NaN, weighted: [] }; // your turn
}`,
  hints: [
    "Both sums are relative to a maximum of their own. To what must both be relative, before they can be added?",
    "The new maximum is the larger one. Each part's sum and each of its weighted values is multiplied by e^(its maximum - the new maximum); then they are added. For the part that has the maximum, the factor is 1: say so, for -Infinity minus -Infinity is NaN.",
    `One factor for each part, for its sum and for its values alike.

\`\`\`ts
interface Part {
  maximum: number;
  sum: number;
  weighted: number[];
}
function mergeSoftmax(a: Part, b: Part): Part {
  const maximum = Math.max(a.maximum, b.maximum);
  const shrinkA = a.maximum === maximum ? 1 : Math.exp(a.maximum - maximum);
  const shrinkB = b.maximum === maximum ? 1 : Math.exp(b.maximum - maximum);
  return {
    maximum,
    sum: shrinkA * a.sum + shrinkB * b.sum,
    weighted: a.weighted.map((value, i) => shrinkA * value + shrinkB * b.weighted[i]!),
  };
}
\`\`\``,
  ],
  reference: (a: Part, b: Part): Part =>
    plain(mergeParts(
      { ...a, weighted: Float64Array.from(a.weighted) },
      { ...b, weighted: Float64Array.from(b.weighted) },
    )),
  checks: [
    {
      name: "adds up parts that have the same maximum",
      run: async (merge) =>
        expectEqual(
          await merge({ maximum: 1, sum: 2, weighted: [6] }, { maximum: 1, sum: 1, weighted: [5] }),
          { maximum: 1, sum: 3, weighted: [11] },
          { hint: "with one maximum nothing needs a factor, and nothing is divided" },
        ),
    },
    {
      name: "makes the sum of the part with the smaller maximum smaller",
      run: async (merge) => {
        const { sum } = await merge(
          { maximum: 0, sum: 4, weighted: [0] },
          { maximum: Math.log(2), sum: 1, weighted: [0] },
        );
        expectNumber(sum, 3, {
          hint: "a sum of 4 relative to 0 is a sum of 2 relative to ln 2",
        });
      },
    },
    {
      name: "makes its values smaller by the same factor",
      run: async (merge) => {
        const { weighted } = await merge(
          { maximum: Math.log(2), sum: 1, weighted: [3, 1] },
          { maximum: 0, sum: 4, weighted: [8, 2] },
        );
        expectEqual(weighted, [7, 2], {
          hint: "the values were weighted relative to the old maximum, too",
        });
      },
    },
    {
      name: "is not changed by a part that has seen nothing",
      run: async (merge) => {
        const part = plain(randomPart(1, 4));
        const nothing = plain(emptyPart(3));
        expectEqual(await merge(part, nothing), part);
        expectEqual(await merge(nothing, nothing), nothing, {
          hint: "-Infinity minus -Infinity is NaN",
        });
      },
    },
    {
      name: "gives attention over all keys when three parts are merged and divided",
      run: async (merge) => {
        const parts = [1, 2, 3].map((seed) => randomPart(seed, 5));
        const [a, b, c] = parts.map(plain);
        const whole = await merge(await merge(a!, b!), c!);
        const { output } = finishPart(parts.reduce(mergeParts));
        expectEqual(whole.weighted.map((value) => value / whole.sum), [...output], {
          hint: "divide only once, after the last part",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "adds the sums as they are",
      answer: (a, b) => merged(a, b, () => 1, shrink),
      caught: "a sum of 2 relative to ln 2",
    },
    {
      title: "forgets to rescale the values",
      answer: (a, b) => merged(a, b, shrink, () => 1),
      caught: "the values were weighted relative to the old maximum",
    },
    {
      title: "divides at every merge",
      answer: (a, b) => {
        const { maximum, sum, weighted } = merged(a, b, shrink);
        return { maximum, sum, weighted: weighted.map((value) => sum ? value / sum : 0) };
      },
      caught: "nothing is divided",
    },
    {
      title: "adds the exponentials without their values, as the notes print it",
      answer: (a, b) => {
        const { maximum, sum } = merged(a, b, shrink);
        const [old, more] = [shrink(a.maximum, maximum), shrink(b.maximum, maximum)];
        return { maximum, sum, weighted: a.weighted.map((value) => value * old + b.sum * more) };
      },
      caught: "at weighted[0]",
    },
    {
      title: "does not think of a part without keys",
      answer: (a, b) => merged(a, b, (from, to) => Math.exp(from - to)),
      caught: "-Infinity minus -Infinity is NaN",
    },
    {
      title: "rescales the wrong way round",
      answer: (a, b) => merged(a, b, (from, to) => from === to ? 1 : Math.exp(to - from)),
      caught: "a sum of 2 relative to ln 2",
    },
  ],
});

/** Queries that fit, with another count of what one of them needs and of what the keys need. */
function fitting(
  fastBytes: number,
  keys: number,
  needs: { readonly query: number; readonly key: number },
): number {
  return Math.max(0, Math.floor((fastBytes / 4 - keys * needs.key) / needs.query));
}

export const queriesThatFit = defineExercise({
  id: "07.3",
  title: "The largest tile that fits",
  points: 15,
  name: "queriesThatFit",
  stub: `/**
 * Queries that a tile can hold next to some keys, in a fast memory of this many bytes. All
 * values take 4 bytes; queries, keys, values and results have the same width.
 */
function queriesThatFit(fastBytes: number, keys: number, width: number): number {
  return NaN; // your turn
}`,
  hints: [
    "Write down everything that lies in the fast memory at once. What of it does each query bring? What does each key bring?",
    "A key brings itself and its value: 2 · width. A query brings itself and its unfinished result, 2 · width, a score for each key, and a running maximum and sum: 2 · width + keys + 2. All of that must fit.",
    `Divide what the keys leave by what a query needs, and round down.

\`\`\`ts
function queriesThatFit(fastBytes: number, keys: number, width: number): number {
  const room = fastBytes / 4 - keys * 2 * width;
  return Math.max(0, Math.floor(room / (2 * width + keys + 2)));
}
\`\`\``,
  ],
  reference: (fastBytes: number, keys: number, width: number): number =>
    fitting(fastBytes, keys, { key: 2 * width, query: 2 * width + keys + 2 }),
  checks: [
    {
      name: "gives 161 queries next to 16 keys in 100 KiB, for heads of 64",
      run: async (fit) =>
        expectNumber(await fit(100 * 1024, 16, 64), 161, {
          unit: "queries",
          hint: "queries, keys, values, unfinished results, scores, and two numbers a query",
        }),
    },
    {
      name: "leaves no room for one more, and exceeds none",
      run: async (fit) => {
        for (const [fastBytes, keys, width] of [[16384, 8, 32], [4096, 4, 16], [49152, 64, 64]]) {
          const rows = await fit(fastBytes!, keys!, width!);
          const bytes = (rows: number) =>
            4 * tileFootprint({ rows, columns: keys! }, { width: width!, valueWidth: width! });
          expectThat(
            bytes(rows) <= fastBytes!,
            `${rows} queries and ${keys} keys of ${width} need ${
              bytes(rows)
            } B, more than the ${fastBytes} B that there are`,
          );
          expectThat(
            bytes(rows + 1) > fastBytes!,
            `next to ${keys} keys of ${width} there is room for more than ${rows} queries in ${fastBytes} B`,
          );
        }
      },
    },
    {
      name: "is a whole number, and 0 where the keys alone do not fit",
      run: async (fit) => {
        expectNumber(await fit(1000, 16, 64), 0, {
          unit: "queries",
          hint: "there are no negative queries",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "forgets the scores",
      answer: (fastBytes, keys, width) =>
        fitting(fastBytes, keys, { key: 2 * width, query: 2 * width + 2 }),
      caught: "unfinished results, scores",
    },
    {
      title: "forgets the unfinished results",
      answer: (fastBytes, keys, width) =>
        fitting(fastBytes, keys, { key: 2 * width, query: width + keys + 2 }),
      caught: "unfinished results, scores",
    },
    {
      title: "takes bytes for values",
      answer: (fastBytes, keys, width) =>
        fitting(4 * fastBytes, keys, { key: 2 * width, query: 2 * width + keys + 2 }),
      caught: "expected 161 queries",
    },
    {
      title: "lets the memory overflow",
      answer: (fastBytes, keys, width) =>
        Math.max(0, Math.round((fastBytes / 4 - 2 * keys * width) / (2 * width + keys + 2))),
      caught: "more than the",
    },
    {
      title: "gives a negative count",
      answer: (fastBytes, keys, width) =>
        Math.floor((fastBytes / 4 - 2 * keys * width) / (2 * width + keys + 2)),
      caught: "there are no negative queries",
    },
  ],
});

/** The gain, from the width over the root of the memory. */
const gainOf = (u: number) => (4 * u + 1) / (4 * u ** 2);

export const fusedGain = defineExercise({
  id: "07.4",
  title: "When does tiling pay?",
  points: 15,
  name: "fusedGain",
  stub: `/**
 * How many times more values move when the scores are stored than with FlashAttention. The memory
 * is counted in values, too: length queries and keys of this width, one head.
 */
function fusedGain(length: number, width: number, memory: number): number {
  return NaN; // your turn
}`,
  hints: [
    "There are two formulas above. Which of their terms has the length in it, and does that matter for their ratio?",
    "Stored scores: 4 · length² · width / √memory for two products, and length² to write the scores. FlashAttention: 4 · length² · width² / memory. Divide the first by the second.",
    `Where the ratio is below 1, storing the scores is better after all.

\`\`\`ts
function fusedGain(length: number, width: number, memory: number): number {
  const stored = 4 * length ** 2 * width / Math.sqrt(memory) + length ** 2;
  const tiled = 4 * length ** 2 * width ** 2 / memory;
  return stored / tiled;
}
\`\`\``,
  ],
  reference: (length: number, width: number, memory: number): number =>
    smallCacheFormula.evaluate({ length, width, memory }) /
    flashFormula.evaluate({ length, width, memory }),
  checks: [
    {
      name: "is 1.25 where the memory holds width squared values",
      run: async (gain) => expectNumber(await gain(4096, 64, 4096), 1.25, { unit: "x" }),
    },
    {
      name: "falls below 1 where it holds a sixteenth of that: then storing is better",
      run: async (gain) =>
        expectNumber(await gain(4096, 64, 256), 0.265625, {
          unit: "x",
          hint: "in a small memory a tile of full width leaves room for few queries",
        }),
    },
    {
      name: "is 3 where it holds four times that, and grows with the memory",
      run: async (gain) => {
        expectNumber(await gain(4096, 64, 16_384), 3, { unit: "x" });
        expectThat(
          await gain(4096, 64, 65_536) > await gain(4096, 64, 16_384),
          "more memory must favor FlashAttention: its traffic falls with the memory, the other's with its root",
        );
      },
    },
    {
      name: "does not depend on the length",
      run: async (gain) => {
        const [short, long] = [await gain(1000, 128, 50_000), await gain(64_000, 128, 50_000)];
        expectNumber(short, (4 * 128 / Math.sqrt(50_000) + 1) / (4 * 128 ** 2 / 50_000), {
          unit: "x",
        });
        expectNumber(long, short, {
          unit: "x",
          hint: "both sides grow with the square of the length",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "divides the wrong way round",
      answer: (_length, width, memory) => 1 / gainOf(width / Math.sqrt(memory)),
      caught: "upside down",
    },
    {
      title: "forgets that the scores are written",
      answer: (_length, width, memory) => Math.sqrt(memory) / width,
      caught: "expected 1.25 x, got 1 x",
    },
    {
      title: "takes the memory to be in bytes",
      answer: (_length, width, memory) => gainOf(width / Math.sqrt(memory / 4)),
      caught: "expected 1.25 x",
    },
    {
      title: "forgets the root of the memory",
      answer: (_length, width, memory) => (4 * width / memory + 1) / (4 * width ** 2 / memory),
      caught: "expected 1.25 x",
    },
    {
      title: "lets the tiled traffic grow with the length alone",
      answer: (length, width, memory) => length * gainOf(width / Math.sqrt(memory)),
      caught: "times too large",
    },
    {
      title: "believes that tiling always pays the same",
      answer: () => 1.25,
      caught: "room for few queries",
    },
  ],
});
