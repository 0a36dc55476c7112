import type { CachedTokens, CacheEntry } from "../../lm/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import { softmaxWeights } from "../flash/plain_attention.ts";
import { chosenMass, massRecall } from "./attention_mass.ts";
import type { Chooser, Choosing, Heads } from "./chooser.ts";

/**
 * How much of the attention does a chooser find? It stands in the chooser's place, lets it choose, and weighs every choice
 * against the shares that dense attention would give: the mass found, and how near it comes to the best choice of its size.
 *
 * Weighing reads all keys and takes longer than attention itself; it is not counted as traffic.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { denseCache, forward, loadModel, writeStory } from "@fewer-bytes/lm";
 * import { MassMeter, SelectiveCache, windowChooser } from "@fewer-bytes/attention";
 *
 * const model = await loadModel("draft");
 * const meter = new MassMeter(windowChooser(model, { window: 16 }), model);
 * const cache = new SelectiveCache(denseCache(model), model, meter);
 * forward(model, [{ tokens: writeStory(1, 60).tokens, cache }]);
 * assert(meter.mass < meter.recall && meter.recall < 1);
 * ```
 */
export class MassMeter implements Chooser {
  #mass = 0;
  #recall = 0;
  #choices = 0;

  constructor(readonly chooser: Chooser, readonly heads: Heads) {}

  get bytes(): Bytes {
    return this.chooser.bytes;
  }

  /** The mean share of a head's attention that lay on its chosen tokens; NaN before any choice. */
  get mass(): number {
    return this.#mass / this.#choices;
  }

  /** The mean of that share over the largest that as many tokens could hold: 1 for the oracle. */
  get recall(): number {
    return this.#recall / this.#choices;
  }

  append(layer: number, entry: CacheEntry): void {
    this.chooser.append?.(layer, entry);
  }

  choose(layer: number, query: Float32Array, tokens: CachedTokens): Choosing {
    const choosing = this.chooser.choose(layer, query, tokens);
    const { queryHeads, keyValueHeads, headDimension } = this.heads;
    choosing.chosen.forEach((list, head) => {
      if (list.length === tokens.count) return; // nothing was left out
      const shared = Math.floor(head * keyValueHeads / queryHeads) * headDimension;
      const keys = Matrix.zeros(tokens.count, headDimension);
      for (let token = 0; token < tokens.count; token++) {
        const from = token * keyValueHeads * headDimension + shared;
        keys.row(token).set(tokens.keys.subarray(from, from + headDimension));
      }
      const own = query.slice(head * headDimension, (head + 1) * headDimension);
      const queries = new Matrix(1, headDimension, own);
      const weights = softmaxWeights({ queries, keys, values: keys }).data;
      this.#mass += chosenMass(weights, list);
      this.#recall += massRecall(weights, list);
      this.#choices++;
    });
    return choosing;
  }
}
