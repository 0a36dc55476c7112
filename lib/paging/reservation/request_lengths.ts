import type { Random } from "../../numeric/mod.ts";
import { requireInteger, requirePositive, type Tokens } from "../../units/mod.ts";

/** Tokens that a request comes with, and those that it will be answered with. */
export interface RequestLengths {
  readonly prompt: Tokens;
  readonly output: Tokens;
}

/** What is known of the lengths of requests: a log-normal law for each, and the longest that is served. */
export interface LengthLaw {
  readonly meanPrompt: Tokens;
  readonly meanOutput: Tokens;
  /** Standard deviation over mean. */
  readonly promptSpread: number;
  readonly outputSpread: number;
  /** Requests whose prompt and output together are longer are drawn again. */
  readonly maximum: Tokens;
}

/**
 * Conversations with a chat model, as in Kwon et al. 2023, figure 11a: means of 161.31 and 337.99 tokens. The law is such
 * that these are the means of what is left after the longest are left out.
 *
 * The spreads are not published. That of outputs follows from figure 2: with the maximum reserved, 13.3 % of the memory
 * waits for tokens to come, 299 for each of seven requests. That is half the mean of the squares over the mean, so the
 * spread of what is left is 0.88. That of prompts is ours; it hardly matters.
 */
export const shareGpt: LengthLaw = {
  meanPrompt: 165.4,
  meanOutput: 361.2,
  promptSpread: 1.2,
  outputSpread: 1.06,
  maximum: 2048,
};

/** Instructions with short answers (figure 11b): means of 19.31 and 58.45 tokens. The spreads are ours. */
export const alpaca: LengthLaw = {
  meanPrompt: 19.31,
  meanOutput: 58.45,
  promptSpread: 0.6,
  outputSpread: 0.9,
  maximum: 2048,
};

/**
 * Draws requests of such lengths.
 *
 * @throws {RangeError} when a mean or spread is not above zero, or the count is no whole number.
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { drawLengths, shareGpt } from "@fewer-bytes/paging";
 *
 * const requests = drawLengths(shareGpt, 1000, seeded(1));
 * assertEquals(requests.length, 1000);
 * assert(requests.every(({ prompt, output }) => prompt + output <= 2048));
 * ```
 */
export function drawLengths(law: LengthLaw, count: number, random: Random): RequestLengths[] {
  requireInteger(count, 0, "draw requests", "count");
  requireInteger(law.maximum, 2, "draw requests", "maximum");
  const draw = (mean: number, spread: number, name: string) => {
    requirePositive(mean, "draw requests", `the mean ${name}`);
    // The mean of a log-normal law is e^(mu + sigma^2 / 2), its spread the root of e^(sigma^2) - 1.
    const variance = Math.log1p(requirePositive(spread, "draw requests", "the spread") ** 2);
    const center = Math.log(mean) - variance / 2;
    return () => Math.max(1, Math.round(random.logNormal(center, Math.sqrt(variance))));
  };
  const prompt = draw(law.meanPrompt, law.promptSpread, "prompt");
  const output = draw(law.meanOutput, law.outputSpread, "output");
  return Array.from({ length: count }, () => {
    for (;;) {
      const lengths = { prompt: prompt(), output: output() };
      if (lengths.prompt + lengths.output <= law.maximum) return lengths;
    }
  });
}
