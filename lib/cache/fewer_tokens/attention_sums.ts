import { requireInteger } from "../../units/mod.ts";

/**
 * How much attention did each token of a head's slots receive, from all queries so far or from the latest ones?
 *
 * All of it is one number for each token. The latest only, which forgets what was important once, needs the shares of each
 * of those steps to take them off again.
 */
export class AttentionSums {
  readonly #sums: number[] = [];
  readonly #history: number[][] = [];
  #step = -1;

  /** @param steps Queries that count. Default: all. */
  constructor(readonly steps = Infinity) {
    if (steps !== Infinity) requireInteger(steps, 1, "sum attention", "steps");
  }

  /** Numbers that it keeps for each slot. */
  get numbersPerSlot(): number {
    return this.steps === Infinity ? 1 : 1 + this.steps;
  }

  /** Begins the next query: the oldest one that counted does not count any more. */
  next(): void {
    if (this.steps === Infinity) return;
    this.#step = (this.#step + 1) % this.steps;
    const oldest = this.#history[this.#step] ?? [];
    for (let slot = 0; slot < oldest.length; slot++) this.#sums[slot]! -= oldest[slot]!;
    this.#history[this.#step] = [];
  }

  /** Adds how one head divided its attention among the slots. */
  add(shares: ArrayLike<number>): void {
    const row = this.#history[this.#step];
    for (let slot = 0; slot < shares.length; slot++) {
      const share = shares[slot]!;
      this.#sums[slot] = (this.#sums[slot] ?? 0) + share;
      if (row) row[slot] = (row[slot] ?? 0) + share;
    }
  }

  /** What a slot received. */
  of(slot: number): number {
    return this.#sums[slot] ?? 0;
  }

  /** Begins anew for a slot that gets another token. */
  forget(slot: number): void {
    this.#sums[slot] = 0;
    for (const row of this.#history) if (slot < (row?.length ?? 0)) row[slot] = 0;
  }

  /** Keeps some slots, in this order. */
  keep(slots: ArrayLike<number>): void {
    const pick = (row: readonly number[]) => Array.from(slots, (slot) => row[slot] ?? 0);
    this.#sums.splice(0, this.#sums.length, ...pick(this.#sums));
    for (const [index, row] of this.#history.entries()) this.#history[index] = pick(row ?? []);
  }
}
