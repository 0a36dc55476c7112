import { requireAtLeast, requireInteger } from "../../units/mod.ts";

/** How much of each memory there is. */
export interface EideticMemoryOptions {
  /** Latest tokens that are held as they are. */
  readonly window: number;
  /** Earlier tokens that are held as they are, the most surprising ones. Default 0. */
  readonly eidetic?: number;
  /** The share of the fading memory that each step keeps, from 0 (none) to 1. Default 0. */
  readonly keep?: number;
  /** What similarities are multiplied with before the softmax. Default 16, sharp enough to single out one token. */
  readonly sharpness?: number;
}

interface Entry {
  readonly key: Float64Array;
  readonly value: Float64Array;
  readonly surprise: number;
}

/**
 * What can be recalled with a memory of fixed size? B'MOJO in small (Zancato et al. 2024): a window of latest tokens, a
 * fading state of all tokens, and an eidetic memory for tokens that the state did not foresee.
 *
 * The state predicts each token's value from its key. What it foresees need not be held: it can be told again. What
 * surprises it is held, in place of what surprised less, once it leaves the window. Looking up attends to window and
 * eidetic memory, and to what the state tells as one more entry, which wins where no key is similar. Without the eidetic
 * part it is a hybrid like Jamba, without the state too it is a sliding window.
 *
 * Keys are expected to have length 1. Nothing is learned here: the module of the paper learns what to predict.
 *
 * @example What surprised is recalled after it left the window
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { EideticMemory } from "@fewer-bytes/attention";
 *
 * const memory = new EideticMemory(2, 1, { window: 2, eidetic: 1, keep: 0.9 });
 * memory.write([1, 0], [5]);
 * for (let i = 0; i < 100; i++) memory.write([0, 1], [1]);
 * assertAlmostEquals(memory.recall([1, 0])[0]!, 5, 0.01);
 * ```
 */
export class EideticMemory {
  readonly #options: Required<EideticMemoryOptions>;
  readonly #window: Entry[] = [];
  readonly #eidetic: Entry[] = [];
  /** Key width rows of value width numbers. */
  readonly #state: Float64Array;

  constructor(
    readonly keyWidth: number,
    readonly valueWidth: number,
    { window, eidetic = 0, keep = 0, sharpness = 16 }: EideticMemoryOptions,
  ) {
    requireInteger(keyWidth, 1, "make a memory", "keyWidth");
    requireInteger(valueWidth, 1, "make a memory", "valueWidth");
    requireInteger(window, 0, "make a memory", "the window");
    requireInteger(eidetic, 0, "make a memory", "eidetic");
    requireAtLeast(keep, 0, "make a memory", "keep");
    requireAtLeast(sharpness, 0, "make a memory", "sharpness");
    if (keep > 1) {
      throw new RangeError(`Cannot make a memory as keep must be <= 1: current value is ${keep}`);
    }
    this.#options = { window, eidetic, keep, sharpness };
    this.#state = new Float64Array(keyWidth * valueWidth);
  }

  /** Numbers that are held now. */
  get values(): number {
    const tokens = this.#window.length + this.#eidetic.length;
    return tokens * (this.keyWidth + this.valueWidth) +
      (this.#options.keep > 0 ? this.#state.length : 0);
  }

  /**
   * Remembers a token.
   *
   * @returns How much it surprised: the squared distance of its value from what the state foretold.
   */
  write(key: ArrayLike<number>, value: ArrayLike<number>): number {
    const { window, eidetic, keep } = this.#options;
    const told = this.#foretell(key);
    const surprise = told.reduce((sum, part, j) => sum + (value[j]! - part) ** 2, 0);
    // The delta rule: the state fades, and is then corrected so that it tells this value for this key.
    for (let i = 0; keep > 0 && i < this.keyWidth; i++) {
      const row = this.#state.subarray(i * this.valueWidth, (i + 1) * this.valueWidth);
      for (let j = 0; j < row.length; j++) {
        row[j] = keep * row[j]! + key[i]! * (value[j]! - keep * told[j]!);
      }
    }
    this.#window.push({ key: Float64Array.from(key), value: Float64Array.from(value), surprise });
    if (this.#window.length > window) {
      this.#eidetic.push(this.#window.shift()!);
      if (this.#eidetic.length > eidetic) {
        const least = Math.min(...this.#eidetic.map((entry) => entry.surprise));
        this.#eidetic.splice(this.#eidetic.findIndex((entry) => entry.surprise === least), 1);
      }
    }
    return surprise;
  }

  /** What is remembered for a key: the values of similar keys, and what the state tells. */
  recall(key: ArrayLike<number>): Float64Array {
    const { keep, sharpness } = this.#options;
    const entries = [...this.#window, ...this.#eidetic].map(({ key: held, value }) => ({
      value,
      score: held.reduce((sum, part, i) => sum + part * key[i]!, 0),
    }));
    // The state always has an answer: it is taken where no key is more than half similar.
    if (keep > 0) entries.push({ value: this.#foretell(key), score: 0.5 });
    const weights = entries.map(({ score }) => Math.exp(sharpness * (score - 1)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const result = new Float64Array(this.valueWidth);
    entries.forEach(({ value }, e) =>
      value.forEach((part, j) => result[j]! += weights[e]! / sum * part)
    );
    return result;
  }

  #foretell(key: ArrayLike<number>): Float64Array {
    const told = new Float64Array(this.valueWidth);
    for (let i = 0; i < this.keyWidth; i++) {
      const row = this.#state.subarray(i * this.valueWidth, (i + 1) * this.valueWidth);
      for (let j = 0; j < row.length; j++) told[j]! += key[i]! * row[j]!;
    }
    return told;
  }
}
