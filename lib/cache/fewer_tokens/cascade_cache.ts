import {
  type CachedTokens,
  type CacheEntry,
  DenseCache,
  type KeyValueCache,
  requireHeads,
} from "../../lm/mod.ts";
import { topIndices } from "../../attention/mod.ts";
import { type Bytes, requireInteger, type Tokens } from "../../units/mod.ts";
import type { CachedModel } from "./token_slots.ts";

/** How many tokens and heads a cascade leaves in each layer. */
export interface CascadeOptions {
  /** For each layer, the tokens that it keeps at most; never more than the layer below. */
  readonly tokens: readonly Tokens[];
  /** The newest tokens, which no layer prunes. Default 1: the one that asks. */
  readonly recent?: Tokens;
  /** For each layer, the query heads that it keeps; never more than the layer below. Default: all. */
  readonly heads?: readonly number[];
}

/** What a layer tells the next one about a query: which tokens and heads are left, and what they have received so far. */
interface Handed {
  readonly tokens: Uint32Array;
  readonly importance: Float64Array;
  readonly heads: Uint32Array;
  readonly headImportance: Float64Array;
}

/**
 * What if a token that one layer finds unimportant is left out by all layers above?
 *
 * SpAtten adds up the attention that a token receives over heads, queries and layers. A layer keeps the tokens with the
 * largest sums, among those that the layer below kept: pruned stays pruned, in layers above and for queries to come. Heads
 * are pruned likewise, by the sum of the magnitudes of what they return. (Wang et al. 2020, equations of its algorithm 1
 * and 2.)
 *
 * A layer judges by the layers below it, the present query included, and by its own earlier queries. So a prompt gives the
 * same in one piece or token by token, and nothing looks ahead.
 *
 * Where several query heads share keys and values, as here, a pruned head saves traffic only when all heads of its group
 * are pruned.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { forward, loadModel, writeStory } from "@fewer-bytes/lm";
 * import { CascadeCache } from "@fewer-bytes/cache";
 *
 * const model = await loadModel("target");
 * const cache = new CascadeCache(model, { tokens: [60, 40, 30, 20, 10], recent: 4 });
 * forward(model, [{ tokens: writeStory(1, 60).tokens, cache }]);
 * assertEquals(cache.kept(4).length, 10);
 * assertEquals(cache.kept(4).filter((token) => !cache.kept(3).includes(token)), []);
 * ```
 */
export class CascadeCache implements KeyValueCache {
  readonly #all: DenseCache;
  readonly #recent: number;
  readonly #heads: readonly number[];
  readonly #layers: {
    kept: number[];
    seen: number;
    /** What this layer's own queries gave to each token and head so far; by position. */
    readonly own: number[];
    readonly ownHeads: Float64Array;
    /** For queries that the layer above has not met yet. */
    readonly handed: Handed[];
    current: { readonly places: Uint32Array; readonly heads: Uint32Array; from?: Handed };
  }[];
  #length = 0;

  /** @throws {RangeError} unless there is a number for each layer, each at least `recent` and none above the one before. */
  constructor(readonly model: CachedModel, readonly options: CascadeOptions) {
    const { tokens, recent = 1, heads = model.layers.map(() => model.queryHeads) } = options;
    requireInteger(recent, 1, "cascade", "recent");
    requireFalling(tokens, model.layers.length, recent, "tokens");
    requireFalling(heads, model.layers.length, 1, "heads");
    if (heads[0]! > model.queryHeads) {
      throw new RangeError(
        `Cannot cascade as heads must be <= ${model.queryHeads}: current value is ${heads[0]}`,
      );
    }
    for (const layer of model.layers) requireHeads(layer, "cascade");
    this.#recent = recent;
    this.#heads = heads;
    this.#all = new DenseCache(model.layers.length, model.keyValueHeads * model.headDimension);
    this.#layers = model.layers.map(() => ({
      kept: [],
      seen: 0,
      own: [],
      ownHeads: new Float64Array(model.queryHeads),
      handed: [],
      current: { places: new Uint32Array(0), heads: new Uint32Array(0) },
    }));
  }

  get length(): Tokens {
    return this.#length;
  }

  /** Keys and values of what each layer keeps, and the sums by which tokens are judged. */
  get bytes(): Bytes {
    const { keyValueHeads, headDimension } = this.model;
    const token = 4 * (2 * keyValueHeads * headDimension + 1);
    return this.#layers.reduce((sum, { kept }) => sum + kept.length * token, 0);
  }

  /** The positions that a layer keeps, in order. */
  kept(layer: number): readonly number[] {
    return this.#layers[layer]!.kept;
  }

  append(layer: number, entry: CacheEntry): void {
    // The storage below keeps every row, so that positions are places; what is pruned is never read or counted again.
    this.#all.append(layer, entry);
    const state = this.#layers[layer]!;
    const position = state.seen++;
    const from = layer > 0 ? this.#layers[layer - 1]!.handed.shift()! : undefined;
    state.kept.push(position);
    if (from) {
      const left = new Set(from.tokens);
      state.kept = state.kept.filter((token) => left.has(token));
    }
    const below = new Map<number, number>();
    from?.tokens.forEach((token, index) => below.set(token, from.importance[index]!));
    const old = state.kept.filter((token) => token <= position - this.#recent);
    const places = this.options.tokens[layer]! - (state.kept.length - old.length);
    if (old.length > places) {
      const sums = old.map((token) => (below.get(token) ?? 0) + (state.own[token] ?? 0));
      const best = Array.from(topIndices(sums, places), (index) => old[index]!);
      state.kept = [...best, ...state.kept.slice(old.length)];
    }
    state.current = {
      places: Uint32Array.from(state.kept),
      heads: this.#chooseHeads(layer, from),
      ...(from ? { from } : {}),
    };
  }

  read(layer: number): CachedTokens {
    const { queryHeads, keyValueHeads, headDimension } = this.model;
    const { places, heads } = this.#layers[layer]!.current;
    const left = new Set(heads);
    const none = new Uint32Array(0);
    const chosen = Array.from({ length: queryHeads }, (_, head) => left.has(head) ? places : none);
    const groups = new Set(
      Array.from(heads, (head) => Math.floor(head * keyValueHeads / queryHeads)),
    );
    const token = 2 * 4 * headDimension;
    return {
      ...this.#all.read(layer),
      chosen,
      traffic: token * (groups.size * places.length + keyValueHeads),
    };
  }

  observe(layer: number, head: number, shares: Float32Array): void {
    const { queryHeads, keyValueHeads, headDimension, layers } = this.model;
    const state = this.#layers[layer]!;
    const { places, heads, from } = state.current;
    shares.forEach((share, index) => {
      state.own[places[index]!] = (state.own[places[index]!] ?? 0) + share;
    });
    if (this.#prunesHeads && shares.length > 0) {
      const { values } = this.#all.read(layer);
      const width = keyValueHeads * headDimension;
      const shared = Math.floor(head * keyValueHeads / queryHeads) * headDimension;
      for (let i = shared; i < shared + headDimension; i++) {
        let sum = 0;
        for (let index = 0; index < shares.length; index++) {
          sum += shares[index]! * values[places[index]! * width + i]!;
        }
        state.ownHeads[head]! += Math.abs(sum);
      }
    }
    if (head + 1 < queryHeads || layer + 1 === layers.length) return;
    const below = new Map<number, number>();
    from?.tokens.forEach((token, index) => below.set(token, from.importance[index]!));
    state.handed.push({
      tokens: places,
      importance: Float64Array.from(places, (t) => (below.get(t) ?? 0) + (state.own[t] ?? 0)),
      heads,
      headImportance: state.ownHeads.map((sum, h) => sum + (from?.headImportance[h] ?? 0)),
    });
  }

  advance(tokens: Tokens): void {
    this.#length += tokens;
  }

  get #prunesHeads(): boolean {
    return this.#heads.some((count) => count < this.model.queryHeads);
  }

  /** The heads with the largest sums among those that the layer below left; the first layer has heard of none yet. */
  #chooseHeads(layer: number, from: Handed | undefined): Uint32Array {
    const { queryHeads } = this.model;
    const { ownHeads } = this.#layers[layer]!;
    const left = from?.heads ?? Uint32Array.from({ length: queryHeads }, (_, head) => head);
    const sums = Array.from(left, (head) => ownHeads[head]! + (from?.headImportance[head] ?? 0));
    return topIndices(sums, this.#heads[layer]!).map((index) => left[index]!);
  }
}

/** Refuses numbers of layers that grow on the way up. */
function requireFalling(
  numbers: readonly number[],
  layers: number,
  minimum: number,
  name: string,
): void {
  if (numbers.length !== layers) {
    throw new TypeError(
      `Cannot cascade as ${name} must have a number for each of ${layers} layers: current length is ${numbers.length}`,
    );
  }
  numbers.forEach((number, layer) => {
    requireInteger(number, minimum, "cascade", `${name} of layer ${layer}`);
    if (layer > 0 && number > numbers[layer - 1]!) {
      throw new RangeError(
        `Cannot cascade as ${name} must not grow from layer to layer: current value is ${numbers}`,
      );
    }
  });
}
