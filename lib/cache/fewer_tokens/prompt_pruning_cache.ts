import type { CachedTokens, CacheEntry, KeyValueCache } from "../../lm/mod.ts";
import { type Bytes, requireInteger, type Tokens } from "../../units/mod.ts";
import { AttentionSums } from "./attention_sums.ts";
import { type CachedModel, slotBytes, slotsOf, type TokenSlots } from "./token_slots.ts";

/** How a prompt is pruned when it has been read. */
export interface PromptPruningOptions {
  /** Tokens kept after a prompt. */
  readonly budget: Tokens;
  /** The newest of them, which are kept in any case. */
  readonly recent: Tokens;
  /** The last queries of the prompt, by whose attention tokens are judged. Default: all. */
  readonly judges?: number;
  /** A token counts as much as the best one among so many around it, itself in the middle. Default 1: as itself. */
  readonly pool?: number;
  /** What becomes of tokens that must go; see {@linkcode HeavyHitterOptions}. Default "dropped". */
  readonly gone?: "dropped" | "merged";
  /**
   * What becomes of tokens that are generated: they stay until the next prompt is pruned, or each of them takes the place
   * of the oldest of the recent ones, so that evictions always happen at one fixed place. Default "stay".
   */
  readonly generated?: "stay" | "replace";
}

/**
 * What if the prompt is read in full, and pruned afterwards to what its end looked at?
 *
 * The prompt often ends with the question, so the attention of its last queries shows what the answer needs. SnapKV judges
 * by these and pools neighbors, since a token that matters rarely matters alone (Li et al. 2024). Elastic Cache judges by
 * all queries, merges what must go into the nearest token that stays, and while generating evicts at a fixed place (Liu et
 * al. 2024). Both are made of the same parts here.
 *
 * It works as long as there is one question. The cache that knew the first one has thrown away what the second one needs.
 *
 * The peak is the whole prompt: only what comes after it is cheaper.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { forward, loadModel, writeStory } from "@fewer-bytes/lm";
 * import { PromptPruningCache, snapKeyValues } from "@fewer-bytes/cache";
 *
 * const model = await loadModel("target");
 * const cache = new PromptPruningCache(model, snapKeyValues(20));
 * forward(model, [{ tokens: writeStory(1, 60).tokens, cache }]);
 * assertEquals(cache.bytes, 5 * 20 * 2 * 2 * 32 * 4); // of 60 tokens 20 are left
 * ```
 */
export class PromptPruningCache implements KeyValueCache {
  readonly #slots: TokenSlots[];
  readonly #sums: AttentionSums[][];
  readonly #options: Required<PromptPruningOptions>;
  /** Tokens generated since the last pruning, in each layer. */
  readonly #generated: number[];
  #pruned = false;
  #length = 0;

  /** @throws {RangeError} when the budget is smaller than 1 or than `recent`, or the pool is not odd. */
  constructor(readonly model: CachedModel, options: PromptPruningOptions) {
    const { judges = Infinity, pool = 1, gone = "dropped", generated = "stay" } = options;
    this.#options = { ...options, judges, pool, gone, generated };
    const { budget, recent } = options;
    requireInteger(recent, 1, "prune a prompt", "recent");
    requireInteger(budget, recent, "prune a prompt", "the budget");
    requireInteger(pool, 1, "prune a prompt", "pool");
    if (pool % 2 === 0) {
      throw new RangeError(`Cannot prune a prompt as pool must be odd: current value is ${pool}`);
    }
    this.#slots = slotsOf(model);
    this.#sums = model.layers.map(() =>
      Array.from({ length: model.keyValueHeads }, () => new AttentionSums(judges))
    );
    this.#generated = model.layers.map(() => 0);
  }

  get length(): Tokens {
    return this.#length;
  }

  get bytes(): Bytes {
    return slotBytes(this.#slots);
  }

  append(layer: number, entry: CacheEntry): void {
    const slots = this.#slots[layer]!;
    const { budget, recent, generated } = this.#options;
    for (const sums of this.#sums[layer]!) sums.next();
    if (!(this.#pruned && generated === "replace")) return slots.add(entry);
    const slot = budget - recent + this.#generated[layer]!++ % recent;
    for (let head = 0; head < slots.heads; head++) {
      slots.replace(head, slot, entry);
      this.#sums[layer]![head]!.forget(slot);
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

  /** More than one token at once is a prompt, and pruned. */
  advance(tokens: Tokens): void {
    this.#length += tokens;
    const { budget } = this.#options;
    if (tokens === 1 || this.#slots[0]!.count <= budget) return;
    this.#slots.forEach((slots, layer) => {
      const kept = this.#sums[layer]!.map((sums, head) => this.#choose(slots, head, sums));
      slots.keep(kept);
      kept.forEach((chosen, head) => this.#sums[layer]![head]!.keep(chosen));
    });
    this.#pruned = true;
    this.#generated.fill(0);
  }

  /** The slots of a head that stay, in order. */
  #choose(slots: TokenSlots, head: number, sums: AttentionSums): number[] {
    const { budget, recent, pool, gone } = this.#options;
    const old = slots.count - recent;
    const pooled = Array.from({ length: old }, (_, slot) => {
      let best = 0;
      for (let near = slot - (pool - 1) / 2; near <= slot + (pool - 1) / 2; near++) {
        if (near >= 0 && near < old) best = Math.max(best, sums.of(near));
      }
      return best;
    });
    const ranked = pooled.map((_, slot) => slot).sort((a, b) => pooled[b]! - pooled[a]! || b - a);
    const kept = ranked.slice(0, budget - recent).sort((a, b) => a - b);
    for (let slot = old; slot < slots.count; slot++) kept.push(slot);
    if (gone === "merged") mergeRest(slots, head, kept);
    return kept;
  }
}

/** Averages every token that goes into the nearest one that stays: each average is over all that meet there. */
function mergeRest(slots: TokenSlots, head: number, kept: readonly number[]): void {
  const tokens = new Map(kept.map((slot) => [slot, 1]));
  let next = 0; // the first kept slot behind the one that goes
  for (let slot = 0; slot < slots.count; slot++) {
    if (slot === kept[next]) {
      next++;
      continue;
    }
    const [before, behind] = [kept[next - 1], kept[next]];
    const into = before === undefined || behind !== undefined && behind - slot < slot - before
      ? behind!
      : before;
    const both = tokens.get(into)! + 1;
    slots.merge(head, slot, into, 1 / both);
    tokens.set(into, both);
  }
}

/** The parts of SnapKV: judged by the last queries, with neighbors. */
export function snapKeyValues(budget: Tokens, recent = Math.min(16, budget)): PromptPruningOptions {
  return { budget, recent, judges: recent, pool: 7 };
}

/** The parts of Elastic Cache: judged by all queries, merged, and evicting at a fixed place while generating. */
export function elastic(budget: Tokens, recent = Math.min(25, budget)): PromptPruningOptions {
  return { budget, recent, gone: "merged", generated: "replace" };
}
