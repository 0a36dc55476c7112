import { requireInteger, requirePositive } from "../../units/mod.ts";

/** How answers of one category are kept. */
export interface CachePolicy {
  /** The cosine from which on two questions count as the same, from -1 to 1. */
  readonly threshold: number;
  /** How long an answer is good for, in the unit of the clock. */
  readonly lifetime: number;
  /** Answers that are kept at most. */
  readonly quota: number;
}

/** An answer that was found. */
export interface FoundAnswer<Answer> {
  readonly answer: Answer;
  readonly similarity: number;
  /** When it was stored. */
  readonly stored: number;
}

/**
 * A cache of answers, found by the meaning of the question: the vector that an embedding gives it.
 *
 * The answer of the most similar question is taken when it is similar enough and not too old. When the quota is full, the
 * one not used for longest goes. All vectors are compared, as the tests of an approximate index would.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AnswerCache } from "@fewer-bytes/paging";
 *
 * const cache = new AnswerCache<string>({ threshold: 0.9, lifetime: 60, quota: 100 });
 * cache.store([1, 0], "forty-two", 0);
 * assertEquals(cache.find([5, 1], 10)?.answer, "forty-two"); // cosine 0.98
 * assertEquals(cache.find([1, 1], 10), undefined); // 0.71
 * assertEquals(cache.find([1, 0], 70), undefined); // too old
 * ```
 */
export class AnswerCache<Answer> {
  /** In the order of last use, the oldest first. */
  readonly #entries = new Map<
    number,
    { readonly vector: Float64Array; readonly answer: Answer; readonly stored: number }
  >();
  #next = 0;

  /** @throws {RangeError} when the threshold is no cosine, or lifetime or quota are not above zero. */
  constructor(readonly policy: CachePolicy) {
    const { threshold, lifetime, quota } = policy;
    if (!(threshold >= -1 && threshold <= 1)) {
      throw new RangeError(
        `Cannot cache answers as the threshold must be from -1 to 1: current value is ${threshold}`,
      );
    }
    if (lifetime !== Infinity) requirePositive(lifetime, "cache answers", "the lifetime");
    if (quota !== Infinity) requireInteger(quota, 1, "cache answers", "the quota");
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The answer of the most similar question, if there is one. Answers that are too old are dropped. */
  find(question: ArrayLike<number>, now: number): FoundAnswer<Answer> | undefined {
    const vector = unit(question);
    let best = -1;
    let similarity = -Infinity;
    for (const [id, entry] of this.#entries) {
      if (now - entry.stored >= this.policy.lifetime) {
        this.#entries.delete(id);
        continue;
      }
      let cosine = 0;
      for (let i = 0; i < vector.length; i++) cosine += vector[i]! * entry.vector[i]!;
      if (cosine > similarity) [best, similarity] = [id, cosine];
    }
    if (!(similarity >= this.policy.threshold)) return undefined;
    const entry = this.#entries.get(best)!;
    this.#entries.delete(best);
    this.#entries.set(best, entry);
    return { answer: entry.answer, similarity, stored: entry.stored };
  }

  /** Keeps an answer; without room, in the place of the one not used for longest. */
  store(question: ArrayLike<number>, answer: Answer, now: number): void {
    if (this.#entries.size >= this.policy.quota) {
      this.#entries.delete(this.#entries.keys().next().value!);
    }
    this.#entries.set(this.#next++, { vector: unit(question), answer, stored: now });
  }
}

/** A vector of length 1 in the same direction. */
function unit(vector: ArrayLike<number>): Float64Array {
  const length = Math.hypot(...Array.from(vector));
  if (!(length > 0 && Number.isFinite(length))) {
    throw new RangeError(
      `Cannot compare questions as a vector must have a length: current length is ${length}`,
    );
  }
  return Float64Array.from(vector, (value) => value / length);
}
