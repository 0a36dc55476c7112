import type { Model } from "../../catalog/mod.ts";
import type { Random } from "../../numeric/mod.ts";
import {
  type FlopPerSecond,
  requireInteger,
  requirePositive,
  type Seconds,
  type Tokens,
} from "../../units/mod.ts";
import { modelFlops, trainingForward } from "../steps/training_operators.ts";

/**
 * Lengths of sequences for training with long contexts: four in five below 4,096 tokens, a few that fill the context.
 *
 * The law is a guess that has ByteScale's two figures, 80 % below 4K and 0.05 % at 2M: a log-normal one with a median of
 * 1,100 tokens and a spread of 1.55, and one in two thousand at the full length.
 *
 * @throws {RangeError} when a count is out of range.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { longTailedLengths } from "@fewer-bytes/training";
 *
 * const lengths = longTailedLengths(10_000, 2 ** 21, seeded(18));
 * assertAlmostEquals(lengths.filter((tokens) => tokens < 4096).length / 10_000, 0.8, 0.02);
 * ```
 */
export function longTailedLengths(count: number, context: Tokens, random: Random): Tokens[] {
  requireInteger(count, 1, "draw lengths", "the count");
  requireInteger(context, 1, "draw lengths", "the context");
  return Array.from(
    { length: count },
    () =>
      random.uniform() < 0.0005
        ? context
        : Math.min(context, Math.ceil(random.logNormal(Math.log(1100), 1.55))),
  );
}

/**
 * How long does one device compute on a sequence, forward and backward? The operations grow with the length and, for
 * attention, with the pairs of tokens: both numbers are read from the operator table once. Where a window keeps attention
 * from growing, the table is asked each time.
 *
 * @param rate Operations a second that the device reaches.
 * @returns Seconds for a number of tokens.
 * @throws {RangeError} when the rate is not above zero.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { modelFlops, sequenceSeconds, trainingForward } from "@fewer-bytes/training";
 *
 * const model = findModel("llama-2-7b"), tokens = 5000;
 * const seconds = sequenceSeconds(model, 1e15)(tokens);
 * assertAlmostEquals(seconds, modelFlops(trainingForward(model, { sequences: 1, tokens })) / 1e15, 1e-9);
 * ```
 */
export function sequenceSeconds(model: Model, rate: FlopPerSecond): (tokens: Tokens) => Seconds {
  requirePositive(rate, "time a sequence", "the rate");
  const flops = (tokens: Tokens) => modelFlops(trainingForward(model, { sequences: 1, tokens }));
  if (model.layers.some(({ attention }) => attention.kind === "heads" && attention.window)) {
    return (tokens) => flops(tokens) / rate;
  }
  const one = flops(1), two = flops(2);
  const pair = two - 2 * one, token = one - pair;
  return (tokens) => (token * tokens + pair * tokens * (tokens + 1) / 2) / rate;
}
