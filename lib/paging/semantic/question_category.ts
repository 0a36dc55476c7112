import type { Random } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, requirePositive } from "../../units/mod.ts";
import { drawByShares, zipfShares } from "../zipf.ts";

/** What the questions of one kind are like. */
export interface QuestionCategory {
  readonly name: string;
  /** Different things that are asked. */
  readonly intents: number;
  /** How unequal they are: the exponent of {@linkcode zipfShares}. */
  readonly repetition: number;
  /** How far apart things lie that are not the same: 1 is anywhere, small is close together. */
  readonly separation: number;
  /** How far apart two ways to ask for the same lie. */
  readonly paraphrase: number;
  /** After how many questions a true answer becomes another one, on average. */
  readonly stable: number;
}

/** A question, as it comes. */
export interface AskedQuestion {
  readonly vector: Float64Array;
  readonly intent: number;
  /** Which version of the true answer holds now. */
  readonly version: number;
}

/** Code: much is asked again, things lie close together, answers last. Wang et al. 2025, in words; the numbers are ours. */
export const codeQuestions: QuestionCategory = {
  name: "code",
  intents: 10_000,
  repetition: 1,
  separation: 0.35,
  paraphrase: 0.08,
  stable: 1e6,
};

/** Conversation: anything, put in many ways, little of it twice. */
export const chatQuestions: QuestionCategory = {
  name: "conversation",
  intents: 20_000,
  repetition: 0.6,
  separation: 1,
  paraphrase: 0.45,
  stable: 1e6,
};

/** Prices and news: popular questions whose answers change. */
export const newsQuestions: QuestionCategory = {
  name: "news",
  intents: 500,
  repetition: 0.9,
  separation: 1,
  paraphrase: 0.2,
  stable: 400,
};

/**
 * Draws questions of a kind: what is asked, by its popularity; how it is put, as a vector near that of the thing asked; and
 * which answer is true by now.
 *
 * @param dimensions Of the vectors. Default 16.
 * @throws {RangeError} when a number is out of range.
 */
export function drawQuestions(
  category: QuestionCategory,
  count: number,
  random: Random,
  dimensions = 16,
): AskedQuestion[] {
  const { intents, repetition, separation, paraphrase, stable } = category;
  requireInteger(count, 0, "draw questions", "count");
  requireInteger(dimensions, 1, "draw questions", "dimensions");
  requireAtLeast(separation, 0, "draw questions", "separation");
  requireAtLeast(paraphrase, 0, "draw questions", "paraphrase");
  requirePositive(stable, "draw questions", "stable");
  const draw = drawByShares(zipfShares(intents, repetition), random);
  // Of length 1 on average, so that spreads can be compared with it.
  const vector = (spread: number, around?: Float64Array) =>
    Float64Array.from(
      { length: dimensions },
      (_, i) => (around?.[i] ?? 0) + spread * random.normal() / Math.sqrt(dimensions),
    );
  const center = vector(1);
  const things = Array.from(
    { length: intents },
    () => separation >= 1 ? vector(1) : vector(separation, center),
  );
  // The answers to all things change now and then, each at moments of its own.
  const phases = Array.from({ length: intents }, () => random.uniform());
  return Array.from({ length: count }, (_, time) => {
    const intent = draw();
    return {
      vector: vector(paraphrase * Math.min(1, separation), things[intent]),
      intent,
      version: Math.floor(time / stable + phases[intent]!),
    };
  });
}
