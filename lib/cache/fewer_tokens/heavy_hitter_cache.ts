import type { CachedTokens, CacheEntry, KeyValueCache } from "../../lm/mod.ts";
import type { CacheMethod } from "../../transformer/mod.ts";
import { type Bytes, requireInteger, type Tokens } from "../../units/mod.ts";
import { AttentionSums } from "./attention_sums.ts";
import { type CachedModel, slotBytes, slotsOf, type TokenSlots } from "./token_slots.ts";

/** Which tokens are kept for their weight. */
export interface HeavyHitterOptions {
  /** Tokens kept because they received most attention. */
  readonly heavy: Tokens;
  /** The newest tokens, the one that asks included, which are kept in any case. */
  readonly recent: Tokens;
  /** The latest queries whose attention counts. Default: all, as in H2O; sparse window attention (ALISA) counts few. */
  readonly steps?: number;
  /**
   * What becomes of a token that must go: it is forgotten, or averaged into the kept one that stands nearest to it, which
   * is how Elastic Cache merges. Default "dropped".
   */
  readonly gone?: "dropped" | "merged";
}

/**
 * What if the tokens are kept that attention has looked at most?
 *
 * Attention is far from even: a few tokens, the heavy hitters, receive most of it, again and again. So each key-value
 * head adds up what each of its tokens received, and when a token comes for which there is no room, the one with the
 * smallest sum goes that is not among the newest. Of equal ones the oldest goes. Every token keeps its place in the
 * sequence. (Zhang et al. 2023, H2O.)
 *
 * The judgment looks back, not ahead: a fact that nobody has asked for yet received little, and is gone when it is asked
 * for. Besides keys and values it costs one number for each kept token of each head; when only the latest queries count,
 * one more for each of these.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { denseCache, forward, loadModel, writeStory } from "@fewer-bytes/lm";
 * import { HeavyHitterCache } from "@fewer-bytes/cache";
 *
 * const model = await loadModel("target");
 * const cache = new HeavyHitterCache(model, { heavy: 10, recent: 20 });
 * const dense = denseCache(model);
 * for (const each of [cache, dense]) forward(model, [{ tokens: writeStory(1, 90).tokens, cache: each }]);
 * assert(cache.bytes < dense.bytes / 2.9); // 30 of 90 tokens, and their sums
 * ```
 */
export class HeavyHitterCache implements KeyValueCache {
  /** Tokens kept at most. */
  readonly budget: Tokens;
  readonly #recent: number;
  readonly #slots: TokenSlots[];
  /** By layer, then by key-value head. */
  readonly #sums: AttentionSums[][];
  /** How many tokens each slot stands for, where they are merged: by layer, then by head. */
  readonly #merged: number[][][] | undefined;
  #length = 0;

  /** @throws {RangeError} when fewer than no token is heavy, fewer than one recent, or fewer than one step counts. */
  constructor(readonly model: CachedModel, options: HeavyHitterOptions) {
    const { recent, steps, gone = "dropped" } = options;
    this.budget = requireBudget(options);
    this.#recent = recent;
    this.#slots = slotsOf(model);
    const perHead = <T>(make: () => T): T[][] =>
      model.layers.map(() => Array.from({ length: model.keyValueHeads }, make));
    this.#sums = perHead(() => new AttentionSums(steps));
    this.#merged = gone === "merged" ? perHead(() => []) : undefined;
  }

  get length(): Tokens {
    return this.#length;
  }

  get bytes(): Bytes {
    const { keyValueHeads } = this.model;
    const numbers = this.#slots.reduce(
      (sum, { count }, layer) => sum + count * this.#sums[layer]![0]!.numbersPerSlot,
      0,
    );
    return slotBytes(this.#slots) + 4 * keyValueHeads * numbers * (this.#merged ? 2 : 1);
  }

  /** The positions of the tokens that a head keeps, in order. */
  kept(layer: number, head: number): number[] {
    const { positions, count } = this.#slots[layer]!;
    return Array.from(positions[head]!.subarray(0, count)).sort((a, b) => a - b);
  }

  append(layer: number, entry: CacheEntry): void {
    const slots = this.#slots[layer]!;
    const full = slots.count === this.budget;
    if (!full) slots.add(entry);
    for (let head = 0; head < slots.heads; head++) {
      const sums = this.#sums[layer]![head]!;
      let slot = slots.count - 1;
      if (full) {
        slot = lightest(slots.positions[head]!, slots.count, sums, entry.position - this.#recent);
        if (this.#merged) this.#merge(layer, head, slot);
        slots.replace(head, slot, entry);
        sums.forget(slot);
      }
      if (this.#merged) this.#merged[layer]![head]![slot] = 1;
      sums.next();
    }
  }

  read(layer: number): CachedTokens {
    const { count, keys, values } = this.#slots[layer]!;
    return { count, keys, values };
  }

  observe(layer: number, head: number, shares: Float32Array): void {
    const { queryHeads, keyValueHeads } = this.model;
    this.#sums[layer]![Math.floor(head * keyValueHeads / queryHeads)]!.add(shares);
  }

  advance(tokens: Tokens): void {
    this.#length += tokens;
  }

  /** Averages the token of a slot into the one that stands nearest, each counting as many as it stands for. */
  #merge(layer: number, head: number, slot: number): void {
    const slots = this.#slots[layer]!;
    const into = nearest(slots.positions[head]!, slots.count, slot);
    if (into === undefined) return;
    const tokens = this.#merged![layer]![head]!;
    const both = tokens[into]! + tokens[slot]!;
    slots.merge(head, slot, into, tokens[slot]! / both);
    tokens[into] = both;
  }
}

/** The slot with the smallest sum, up to a position; of equal ones the oldest. */
function lightest(
  positions: Int32Array,
  count: number,
  sums: AttentionSums,
  upTo: number,
): number {
  let found = -1;
  for (let slot = 0; slot < count; slot++) {
    if (positions[slot]! > upTo) continue;
    const less = found < 0 ? -1 : sums.of(slot) - sums.of(found);
    if (less < 0 || less === 0 && positions[slot]! < positions[found]!) found = slot;
  }
  return found;
}

/** The other slot whose token stands nearest, the earlier of two. */
function nearest(positions: Int32Array, count: number, slot: number): number | undefined {
  let found: number | undefined;
  const distance = (other: number) => Math.abs(positions[other]! - positions[slot]!);
  for (let other = 0; other < count; other++) {
    if (other === slot) continue;
    const less = found === undefined ? -1 : distance(other) - distance(found);
    if (less < 0 || less === 0 && positions[other]! < positions[found!]!) found = other;
  }
  return found;
}

function requireBudget({ heavy, recent }: HeavyHitterOptions): Tokens {
  requireInteger(heavy, 0, "keep heavy hitters", "heavy");
  requireInteger(recent, 1, "keep heavy hitters", "recent");
  return heavy + recent;
}

/** A cache of heavy hitters, as the operator table sees it: its budget, and what it writes stays. */
export function heavyHitterMethod(options: HeavyHitterOptions): CacheMethod {
  return { name: options.steps === undefined ? "H2O" : "SWA", budget: requireBudget(options) };
}
