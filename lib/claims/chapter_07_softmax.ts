import {
  CountedArray,
  finishPart,
  mergeParts,
  naiveSoftmax,
  partOf,
  softmaxAccesses,
  type SoftmaxAlgorithm,
  threePassSoftmax,
  twoPassSoftmax,
} from "../attention/mod.ts";
import { Matrix, seeded } from "../numeric/mod.ts";
import { type Derivation, derive } from "./derivation.ts";

const rows = 50;
const printed = `${rows} random rows of 64 scores; one number for each value vector`;
const bound =
  "a bound: where memory is all that counts, four accesses a score take a third longer than three; what is measured must stay below it";

/** Chapter 07, softmax: the recurrence of the notes, and the passes of the algorithms. */
export const chapter07Softmax: readonly Derivation[] = [
  derive("c-online-softmax-max", {
    assumptions: [`${printed}; x is the largest score of a tile of 16`],
    by: [partOf, mergeParts],
    proxy: {
      computes: "largest distance from the maximum of the row",
      unit: "difference",
      threshold: 0,
    },
    derived: () =>
      largest(({ scores, values }) => {
        const tiles = [0, 16, 32, 48].map((from) =>
          partOf(
            scores.subarray(from, from + 16),
            new Matrix(16, 1, values.subarray(from, from + 16)),
          )
        );
        return Math.abs(tiles.reduce(mergeParts).maximum - Math.max(...scores));
      }),
  }),
  derive("c-online-softmax-sum", {
    assumptions: [`${printed}; x is one score, for a tile has a sum of exponentials`],
    by: [partOf],
    relation: "at most",
    proxy: {
      computes: "largest distance from the sum of the row",
      unit: "of it",
      threshold: 1e-12,
    },
    derived: () =>
      largest(({ scores, values }) => {
        const { sum } = partOf(scores, new Matrix(64, 1, values));
        return Math.abs(recurrence(scores, () => 1).sum / sum - 1);
      }),
  }),
  derive("c-online-softmax-output", {
    assumptions: [
      `${printed}; as printed, the output grows by the same terms as the sum, so their ratio is 1 whatever the values are`,
    ],
    by: [partOf, finishPart],
    relation: "at most",
    proxy: {
      computes: "largest distance of O/l from the attention of the row",
      unit: "difference",
      threshold: 1e-12,
    },
    derived: () => largest((row) => outputDistance(row, () => 1)),
    otherwise: {
      condition: "the new term carries the value vector, e^(x-m') v",
      derived: () => largest((row) => outputDistance(row, (key) => row.values[key]!)),
    },
  }),
  derive("c-online-softmax-normalise", {
    assumptions: [`${printed}; O with the value vectors, divided once, after the last key`],
    by: [partOf, finishPart],
    relation: "at most",
    proxy: {
      computes: "largest distance of O/l from the attention of the row",
      unit: "difference",
      threshold: 1e-12,
    },
    derived: () => largest((row) => outputDistance(row, (key) => row.values[key]!)),
  }),
  derive("d-twopass-three-pass-baseline", {
    assumptions: ["counted, by running it on an array that counts its reads: each score's"],
    by: [softmaxAccesses, threePassSoftmax],
    derived: () => softmaxAccesses(threePassSoftmax).loads,
  }),
  derive("d-twopass-exact-no-overflow", {
    assumptions: () => [
      "scores from -1000 to 1000 in 64-bit floats, where e^710 is infinite; compared with the safe softmax of three passes",
      `rounded down to steps of 1e-12: two orders of the same operations differ by ${
        twoPassDifference().toExponential(0)
      }; the softmax of the textbook gives ${naiveWeight()} here`,
    ],
    by: [twoPassSoftmax, threePassSoftmax],
    derived: () => Math.floor(twoPassDifference() / 1e-12) * 1e-12,
  }),
  ...(["d-twopass-avx512-28pct", "d-twopass-avx2-18pct"] as const).map((id) =>
    derive(id, {
      assumptions: [bound],
      by: [softmaxAccesses],
      relation: "at least",
      derived: () =>
        100 * (softmaxAccesses(threePassSoftmax).total / softmaxAccesses(twoPassSoftmax).total - 1),
    })
  ),
];

interface Row {
  readonly scores: Float64Array;
  readonly values: Float64Array;
}

/** The largest of a figure over some random rows. */
function largest(figure: (row: Row) => number): number {
  const random = seeded(7);
  return Math.max(...Array.from({ length: rows }, () =>
    figure({
      scores: Float64Array.from({ length: 64 }, () => 3 * random.normal()),
      values: Float64Array.from({ length: 64 }, () => random.normal()),
    })));
}

/** The recurrence as the notes print it, score by score; what the last term of the output is multiplied with is open. */
function recurrence(scores: Float64Array, factor: (key: number) => number) {
  let maximum = -Infinity, sum = 0, output = 0;
  scores.forEach((x, key) => {
    const larger = Math.max(maximum, x);
    sum = Math.exp(maximum - larger) * sum + Math.exp(x - larger);
    output = Math.exp(maximum - larger) * output + Math.exp(x - larger) * factor(key);
    maximum = larger;
  });
  return { sum, output };
}

function outputDistance({ scores, values }: Row, factor: (key: number) => number): number {
  const { sum, output } = recurrence(scores, factor);
  return Math.abs(output / sum - finishPart(partOf(scores, new Matrix(64, 1, values))).output[0]!);
}

function weightsOf(algorithm: SoftmaxAlgorithm): Float64Array {
  const random = seeded(8);
  const scores = Float64Array.from({ length: 1000 }, () => 2000 * random.uniform() - 1000);
  const weights = new Float64Array(scores.length);
  algorithm(new CountedArray(scores), new CountedArray(weights));
  return weights;
}

function twoPassDifference(): number {
  const safe = weightsOf(threePassSoftmax);
  return Math.max(...weightsOf(twoPassSoftmax).map((weight, i) => Math.abs(weight - safe[i]!)));
}

function naiveWeight(): number {
  return weightsOf(naiveSoftmax).reduce((most, weight) => Math.max(most, weight));
}
