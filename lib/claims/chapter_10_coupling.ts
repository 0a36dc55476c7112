import {
  acceptance,
  acceptChanceFormula,
  couple,
  draw,
  expectedTokens,
  expectedTokensFormula,
  outputLaw,
  residual,
  roundPaths,
  sequenceLaw,
  speculativeLaw,
  totalVariation,
} from "../decoding/mod.ts";
import { type Random, seeded } from "../numeric/mod.ts";
import { type Derivation, derive } from "./derivation.ts";
import { shown } from "./measures.ts";

type Law = readonly number[];

/** A pair whose tokens are liked by both, by one of them, and by neither more than the other. */
const [wanted, offered]: [Law, Law] = [[0.5, 0.3, 0.15, 0.05], [0.2, 0.3, 0.1, 0.4]];
/** Sums of 64-bit floats differ in their last digits: what is smaller is no difference. */
const rounding = 1e-12;
const rounded = (value: number) => Math.floor(value / rounding) * rounding;
const words = 3;
const texts = 4;

/** Chapter 10, coupling: accepted or replaced, the text stays the target's. */
export const chapter10Coupling: readonly Derivation[] = [
  derive("c-spec-accept-probability", {
    assumptions: ["two laws of four tokens, each token drafted 10,000 times"],
    by: [couple],
    relation: "at most",
    proxy: {
      computes: "the largest difference of the accepted share of a token from min(1, p/q)",
      unit: "of its drafts",
      threshold: 0.02,
    },
    derived: () => {
      const random = seeded(10);
      return Math.max(...offered.map((q, token) => {
        let accepted = 0;
        for (let n = 0; n < 10_000; n++) {
          if (couple(token, wanted, offered, random).accepted) accepted++;
        }
        return Math.abs(accepted / 10_000 - acceptChanceFormula.evaluate({ p: wanted[token]!, q }));
      }));
    },
  }),
  derive("c-spec-residual-distribution", {
    assumptions: () => [
      "two laws of four tokens, 40,000 drafts; counted is what replaces the refused ones",
      `were they drawn from the target again, the text would be ${
        shown(totalVariation(wanted, outputLaw(wanted, offered, wanted)), 2)
      } away from the target's law`,
    ],
    by: [couple, residual],
    relation: "at most",
    proxy: {
      computes: "total variation of the replacements from the normalized positive part of p - q",
      unit: "TV distance",
      threshold: 0.02,
    },
    derived: () => {
      const random = seeded(11);
      const counts = new Float64Array(wanted.length);
      let refused = 0;
      for (let n = 0; n < 40_000; n++) {
        const { token, accepted } = couple(draw(offered, random), wanted, offered, random);
        if (accepted) continue;
        counts[token]!++;
        refused++;
      }
      const positive = wanted.map((p, token) => Math.max(0, p - offered[token]!));
      const sum = positive.reduce((sum, part) => sum + part, 0);
      return totalVariation(counts.map((count) => count / refused), positive.map((p) => p / sum));
    },
  }),
  derive("c-spec-acceptance-is-1-tv", {
    assumptions: [
      "500 random pairs of laws of 2 to 8 tokens: what is accepted, summed over all tokens that may be drafted, against half of the sum of differences",
      "in steps of 1e-12, as floats are added in another order",
    ],
    by: [acceptance, totalVariation],
    proxy: { computes: "the largest difference of the two", unit: "chance", threshold: 0 },
    derived: () =>
      rounded(
        largest(({ target, draft }) => {
          const accepted = draft.reduce(
            (sum, q, token) => sum + (q > 0 ? q * Math.min(1, target[token]! / q) : 0),
            0,
          );
          return Math.abs(accepted - (1 - totalVariation(target, draft)));
        }),
      ),
  }),
  derive("a-spec-decoding-lossless", {
    assumptions: [
      "500 random pairs of laws of 2 to 8 tokens, every path of drafting, accepting and replacing followed, in steps of 1e-12",
      "the course's own pair is tested by chance: 100,000 drafts at places of real texts pass a chi-square test, in the chapter and in the library's tests",
    ],
    by: [outputLaw, totalVariation],
    derived: () =>
      rounded(largest(({ target, draft }) => totalVariation(target, outputLaw(target, draft)))),
  }),
  derive("c-spec-no-quality-loss", {
    assumptions: [
      `all ${
        words ** texts
      } texts of ${texts} words of random models with a memory of one word, drafts of 1 to 3 words, every path followed, in steps of 1e-12`,
      "in exact arithmetic: a target that verifies several tokens in one pass adds in another order, and its own last digits differ",
    ],
    by: [speculativeLaw, sequenceLaw],
    derived: () => {
      const random = seeded(12);
      const [target, draft] = [chain(random), chain(random)];
      const plain = sequenceLaw(target, texts);
      return rounded(Math.max(
        ...[1, 2, 3].map((draftLength) =>
          totalVariation(plain, speculativeLaw({ target, draft, draftLength }, texts))
        ),
      ));
    },
  }),
  derive("c-spec-expected-tokens", {
    assumptions: () => [
      "drafts of 4 tokens that are accepted with the chance 0.7 wherever they stand, all ways of a round followed",
      `where acceptance differs from place to place, the formula of its mean is no more than near: with half of all rounds at 0.6 and half at 1 it says ${
        shown(expectedTokens(0.8, 4), 2)
      }, and ${shown((expectedTokens(0.6, 4) + expectedTokens(1, 4)) / 2, 2)} come`,
      "at a = 1 it is 0/0, and g + 1 tokens come",
    ],
    by: [roundPaths, expectedTokens],
    proxy: {
      computes: "tokens by the formula, over those of all ways of a round",
      unit: "ratio",
      threshold: 1,
    },
    derived: () => {
      const [target, draft] = [[0.6, 0.4], [0.3, 0.7]];
      let mean = 0;
      for (
        const { tokens, chance } of roundPaths({
          target: () => target,
          draft: () => draft,
          draftLength: 4,
        })
      ) mean += chance * tokens.length;
      return expectedTokensFormula.evaluate({ a: acceptance(target, draft), g: 4 }) / mean;
    },
  }),
];

/** The largest of what a function finds in random pairs of laws. */
function largest(of: (pair: { target: number[]; draft: number[] }) => number): number {
  const random = seeded(13);
  let most = 0;
  for (let n = 0; n < 500; n++) {
    const tokens = 2 + n % 7;
    most = Math.max(
      most,
      of({ target: randomLaw(tokens, random), draft: randomLaw(tokens, random) }),
    );
  }
  return most;
}

/** A random law; some tokens may have next to no chance. */
function randomLaw(tokens: number, random: Random): number[] {
  const weights = Array.from({ length: tokens }, () => random.uniform() ** 3);
  const sum = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** A random model that looks at the newest word alone. */
function chain(random: Random): (prefix: readonly number[]) => Law {
  const laws = Array.from({ length: words + 1 }, () => randomLaw(words, random));
  return (prefix) => laws[prefix.at(-1) ?? words]!;
}
