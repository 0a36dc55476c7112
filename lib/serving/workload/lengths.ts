import type { Random } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, requirePositive, type Tokens } from "../../units/mod.ts";

/** Draws the length of a prompt or of an answer: a whole number from 1. */
export type Lengths = (random: Random) => Tokens;

/** A log-normal law, given by what one reads off a table: the middle, and what one in ten exceeds. */
export interface LogNormalFit {
  readonly median: Tokens;
  readonly p90: Tokens;
  /** Longer draws are drawn again, as traces are cut at the longest context that is served. Default: none. */
  readonly maximum?: Tokens;
}

/** The 90th percentile of the standard Gaussian. */
const gaussianP90 = 1.2815515655446004;

/**
 * Lengths as in real traffic: their logarithms are close to Gaussian, so most are short and a few are very long.
 *
 * @throws {RangeError} when the 90th percentile is below the median, or the longest is below it.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { seeded, summarize } from "@fewer-bytes/numeric";
 * import { logNormalLengths } from "@fewer-bytes/serving";
 *
 * const random = seeded(1);
 * const lengths = logNormalLengths({ median: 1020, p90: 2735 });
 * const drawn = summarize(Array.from({ length: 20_000 }, () => lengths(random)));
 * assertAlmostEquals(drawn.median, 1020, 30);
 * assertAlmostEquals(drawn.p90, 2735, 120);
 * ```
 */
export function logNormalLengths({ median, p90, maximum = 2 ** 31 - 1 }: LogNormalFit): Lengths {
  requireAtLeast(median, 1, "draw lengths", "the median");
  requireAtLeast(p90, median, "draw lengths", "the 90th percentile");
  requireAtLeast(maximum, median, "draw lengths", "the maximum");
  const center = Math.log(median);
  const deviation = Math.log(p90 / median) / gaussianP90;
  return (random) => {
    while (true) {
      const length = Math.max(1, Math.round(random.logNormal(center, deviation)));
      if (length <= maximum) return length;
    }
  };
}

/** Every length the same. */
export function fixedLengths(tokens: Tokens): Lengths {
  requireInteger(tokens, 1, "draw lengths", "the length");
  return () => tokens;
}

/** Lengths spread evenly from one to another. */
export function uniformLengths(least: Tokens, most: Tokens): Lengths {
  requireInteger(least, 1, "draw lengths", "the least");
  requireInteger(most, least, "draw lengths", "the most");
  return (random) => least + random.integer(most - least + 1);
}

/**
 * Geometric lengths, when each token ends the answer with the same probability: the memoryless law.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { geometricLengths } from "@fewer-bytes/serving";
 *
 * const random = seeded(1);
 * const lengths = Array.from({ length: 1000 }, () => geometricLengths(2)(random));
 * assertEquals(Math.round(10 * lengths.filter((length) => length === 1).length / 1000), 5);
 * ```
 */
export function geometricLengths(mean: Tokens): Lengths {
  requireAtLeast(mean, 1, "draw lengths", "the mean");
  if (mean === 1) return () => 1;
  const goOn = Math.log1p(-1 / mean);
  return (random) => 1 + Math.floor(Math.log1p(-random.uniform()) / goOn);
}

/** What prompts and answers of one kind of traffic look like. */
export interface Traffic {
  readonly prompt: LogNormalFit;
  readonly output: LogNormalFit;
  /** Where the percentiles come from. */
  readonly source: string;
}

/**
 * Public traces in four numbers each. The percentiles were counted in the published files where the source says so; a
 * log-normal law through two percentiles is a fit, and its tail is not that of the trace.
 */
export const publicTraffic = {
  /** Conversations people shared, cut at 8,192 tokens. */
  shareGpt: {
    prompt: { median: 1730, p90: 5696, maximum: 8192 },
    output: { median: 415, p90: 834, maximum: 8192 },
    source:
      "sharegpt_8k_filtered_stats_llama2_tokenizer.csv of Sarathi-Serve, 30,731 requests, counted",
  },
  /** A chat service on one day of November 2023. */
  azureConversation: {
    prompt: { median: 1020, p90: 2735 },
    output: { median: 129, p90: 424 },
    source: "AzureLLMInferenceTrace_conv.csv, 19,366 requests, counted",
  },
  /** Code completion on the same day: long prompts, very short answers. */
  azureCode: {
    prompt: { median: 1469, p90: 5194 },
    output: { median: 13, p90: 55 },
    source: "AzureLLMInferenceTrace_code.csv, 8,819 requests, counted",
  },
  /** Long stories: answers longer than prompts. */
  creativeWriting: {
    prompt: { median: 1037, p90: 1453 },
    output: { median: 1601, p90: 2149 },
    source: "bwb_stats_llama2_tokenizer_filtered_v2.csv of Etalon, 33,768 requests, counted",
  },
  /** Summaries of papers, cut at 16,384 tokens. */
  arxivSummary: {
    prompt: { median: 7059, p90: 12_985, maximum: 16_384 },
    output: { median: 208, p90: 371, maximum: 16_384 },
    source: "Sarathi-Serve (OSDI 2024), Table 2, recalled",
  },
  /** The same papers without that cut, as in the evaluation of layered prefill: 9,194 tokens in the mean. */
  arxivPaper: {
    prompt: { median: 7059, p90: 17_920, maximum: 32_768 },
    output: { median: 208, p90: 371, maximum: 16_384 },
    source: "mean of arXiv 2510.08055 with the median of Sarathi-Serve, recalled",
  },
} as const satisfies Readonly<Record<string, Traffic>>;

/**
 * The mean of a log-normal law without its cut: median times e^(σ²/2).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { logNormalMean } from "@fewer-bytes/serving";
 *
 * assertAlmostEquals(logNormalMean({ median: 1000, p90: 3000 }), 1444, 1);
 * ```
 */
export function logNormalMean({ median, p90 }: LogNormalFit): Tokens {
  requirePositive(median, "find the mean length", "the median");
  requireAtLeast(p90, median, "find the mean length", "the 90th percentile");
  return median * Math.exp((Math.log(p90 / median) / gaussianP90) ** 2 / 2);
}
