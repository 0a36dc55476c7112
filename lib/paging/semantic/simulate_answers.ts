import { requireAtLeast, requirePositive, type Seconds } from "../../units/mod.ts";
import { AnswerCache, type CachePolicy } from "./answer_cache.ts";
import type { AskedQuestion } from "./question_category.ts";

/** What a cache of answers did for some questions, in shares of them. */
export interface AnsweredQuestions {
  /** Answered from the cache, rightly or not. */
  readonly hitRate: number;
  /** Answered with what was asked by another question. */
  readonly wrong: number;
  /** Answered with what was true once. */
  readonly stale: number;
  /** Left to the model. */
  readonly uncached: number;
}

/**
 * What does a policy make of these questions? The time is the number of questions so far.
 *
 * One policy cannot suit all kinds. Where things lie close together a low threshold gives the answer to another question;
 * where each thing is put in many ways, a high one misses. Where answers change, a long lifetime gives old ones; where they
 * last, a short one wastes hits. So each category has its own. (Wang et al. 2025.)
 *
 * @throws {RangeError} without questions.
 * @example A threshold that suits conversation gives wrong answers for code
 * ```ts
 * import { assert } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { codeQuestions, drawQuestions, simulateAnswers } from "@fewer-bytes/paging";
 *
 * const questions = drawQuestions(codeQuestions, 1000, seeded(1));
 * const policy = { lifetime: Infinity, quota: 1000 };
 * const loose = simulateAnswers(questions, { ...policy, threshold: 0.8 });
 * const strict = simulateAnswers(questions, { ...policy, threshold: 0.995 });
 * assert(loose.wrong > 0.3 && strict.wrong < 0.05);
 * ```
 */
export function simulateAnswers(
  questions: readonly AskedQuestion[],
  policy: CachePolicy,
): AnsweredQuestions {
  if (questions.length === 0) {
    throw new RangeError("Cannot simulate answers as there must be a question: there is none");
  }
  const cache = new AnswerCache<Pick<AskedQuestion, "intent" | "version">>(policy);
  let hits = 0, wrong = 0, stale = 0;
  questions.forEach(({ vector, intent, version }, time) => {
    const found = cache.find(vector, time);
    if (!found) {
      cache.store(vector, { intent, version }, time);
      return;
    }
    hits++;
    if (found.answer.intent !== intent) wrong++;
    else if (found.answer.version !== version) stale++;
  });
  const { length } = questions;
  return {
    hitRate: hits / length,
    wrong: wrong / length,
    stale: stale / length,
    uncached: 1 - hits / length,
  };
}

/** A part of all questions, and how it fares with a cache. */
export interface CategoryTraffic {
  /** Its share of all questions. */
  readonly share: number;
  readonly hitRate: number;
  /** Seconds that the model takes for one. */
  readonly model: Seconds;
}

/**
 * Which categories are worth looking up, with a search of this cost? Those whose hit rate is above break-even. A cheaper
 * search lets categories in that a dear one has to leave out.
 *
 * @returns The share of questions in categories that are left out, and the time saved per question over all.
 * @throws {RangeError} when a share or rate is not from 0 to 1, or a time is not above zero.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { worthwhileCategories } from "@fewer-bytes/paging";
 *
 * const categories = [
 *   { share: 0.75, hitRate: 0.5, model: 0.2 },
 *   { share: 0.25, hitRate: 0.1, model: 0.2 },
 * ];
 * assertEquals(worthwhileCategories(categories, 0.030).leftOut, 0.25);
 * assertEquals(worthwhileCategories(categories, 0.002).leftOut, 0);
 * assertAlmostEquals(worthwhileCategories(categories, 0.002).saved, 0.078);
 * ```
 */
export function worthwhileCategories(
  categories: readonly CategoryTraffic[],
  search: Seconds,
): { readonly leftOut: number; readonly saved: Seconds } {
  requireAtLeast(search, 0, "choose categories", "the search");
  let leftOut = 0, saved = 0;
  for (const { share, hitRate, model } of categories) {
    for (const [name, value] of Object.entries({ share, hitRate })) {
      if (!(requireAtLeast(value, 0, "choose categories", name) <= 1)) {
        throw new RangeError(
          `Cannot choose categories as ${name} must be <= 1: current value is ${value}`,
        );
      }
    }
    requirePositive(model, "choose categories", "the model's time");
    const gain = hitRate * model - search;
    if (gain > 0) saved += share * gain;
    else leftOut += share;
  }
  return { leftOut, saved };
}
