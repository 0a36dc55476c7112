import type { CachedTokens } from "../../lm/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import { type Chooser, type Heads, requireAllTokens, unionSizes } from "./chooser.ts";
import { roundIndexKeys } from "./lightning_indexer.ts";
import { topIndices } from "./top_indices.ts";

/**
 * The oracle: each head attends to the tokens that it scores highest. Nothing chooses better at the same number of tokens.
 * It saves values but reads every key to know: what it reads beyond the keys attended to is the choice's traffic.
 *
 * @throws {RangeError} for a number of tokens below 1.
 * @example Four tokens of hundreds are nearly all that the course's model needs
 * ```ts
 * import { assert } from "@std/assert";
 * import { denseCache, loadModel, score, writeStory } from "@fewer-bytes/lm";
 * import { oracleChooser, SelectiveCache } from "@fewer-bytes/attention";
 *
 * const model = await loadModel("target");
 * const stories = [writeStory(1, 150)];
 * const cache = () => new SelectiveCache(denseCache(model), model, oracleChooser(model, 4));
 * assert(score(model, stories, { cache }).loss < 1.1 * score(model, stories).loss);
 * ```
 */
export function oracleChooser(heads: Heads, topK: Tokens): Chooser {
  requireInteger(topK, 1, "choose tokens", "topK");
  const { queryHeads, keyValueHeads, headDimension } = heads;
  const width = keyValueHeads * headDimension;
  return {
    bytes: 0,
    choose: (_, query, { count, keys }: CachedTokens) => {
      const scores = new Float64Array(count);
      const chosen = Array.from({ length: queryHeads }, (_, head) => {
        if (count <= topK) return topIndices(scores, topK);
        const shared = Math.floor(head * keyValueHeads / queryHeads) * headDimension;
        for (let token = 0; token < count; token++) {
          const key = token * width + shared;
          let score = 0;
          for (let x = 0; x < headDimension; x++) {
            score += query[head * headDimension + x]! * keys[key + x]!;
          }
          scores[token] = score;
        }
        return topIndices(scores, topK);
      });
      const unread = unionSizes(chosen, heads).reduce((sum, size) => sum + count - size, 0);
      return { chosen, traffic: 4 * headDimension * unread };
    },
  };
}

/**
 * As in DSA, all heads attend to the same tokens, which an index of one small key a token finds: Σ ReLU(q · k), as in
 * `indexerScores()` with equal weights. A trained model has index queries and keys of its own; here the model's own keys in
 * eight bits stand in for them, untrained.
 *
 * The index is read whole for each query that has more tokens than are taken: a byte a number, four for each key's scale.
 *
 * @throws {RangeError} for a number of tokens below 1.
 */
export function indexChooser(heads: Heads, topK: Tokens): Chooser {
  requireInteger(topK, 1, "choose tokens", "topK");
  const { queryHeads, keyValueHeads, headDimension } = heads;
  const width = keyValueHeads * headDimension;
  const perToken = keyValueHeads * (headDimension + 4);
  const index: Float32Array[] = [];
  const counts: number[] = [];
  return {
    get bytes() {
      return counts.reduce((sum, count) => sum + count * perToken, 0);
    },
    append(layer, { keys }) {
      const count = counts[layer] ?? 0;
      let kept = index[layer] ?? new Float32Array(64 * width);
      if ((count + 1) * width > kept.length) {
        const larger = new Float32Array(2 * kept.length);
        larger.set(kept);
        kept = larger;
      }
      kept.set(roundIndexKeys(new Matrix(keyValueHeads, headDimension, keys)).data, count * width);
      index[layer] = kept;
      counts[layer] = count + 1;
    },
    choose(layer, query, { count }) {
      requireAllTokens(count, counts[layer]);
      const kept = index[layer]!;
      const scores = new Float64Array(count);
      for (let token = 0; token < count && count > topK; token++) {
        for (let head = 0; head < queryHeads; head++) {
          const key = token * width +
            Math.floor(head * keyValueHeads / queryHeads) * headDimension;
          let dot = 0;
          for (let x = 0; x < headDimension; x++) {
            dot += query[head * headDimension + x]! * kept[key + x]!;
          }
          if (dot > 0) scores[token]! += dot;
        }
      }
      return {
        chosen: new Array(queryHeads).fill(topIndices(scores, topK)),
        traffic: perToken * (1 + (count > topK ? count : 0)),
      };
    },
  };
}
