import type { CachedTokens, CacheEntry } from "../../lm/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import { tokensOfBlocks } from "./attend_chosen.ts";
import { type Chooser, type Choosing, type Heads, requireAllTokens } from "./chooser.ts";
import {
  blockImportance,
  type NsaOptions,
  nsaSizes,
  nsaTokens,
  selectBlocks,
} from "./native_sparse_attention.ts";

/**
 * NSA's way of choosing, without its training: heads of a group together select blocks by the attention that compressed keys
 * get, and attend to those blocks and a window. The compressed branch itself is left out, as an untrained model cannot read
 * compressed values.
 *
 * Compressed keys are means, kept in 32-bit floats; all are read for each query, unless everything is selected anyhow.
 *
 * @throws As {@linkcode nsaSizes}.
 */
export function compressedChooser(heads: Heads, options: NsaOptions = {}): Chooser {
  return new CompressedChooser(heads, nsaSizes(options));
}

class CompressedChooser implements Chooser {
  /** For each layer, sums of keys up to each stride's end: a mean is a difference of two. */
  readonly #sums: Float64Array[][] = [];
  readonly #running: Float64Array[] = [];
  readonly #means: Float32Array[][] = [];
  readonly #counts: number[] = [];

  constructor(readonly heads: Heads, readonly sizes: Required<NsaOptions>) {}

  get bytes(): Bytes {
    return this.#means.reduce((sum, means) => sum + means.length * this.#keyBytes, 0);
  }

  get #keyBytes(): Bytes {
    return 4 * this.heads.keyValueHeads * this.heads.headDimension;
  }

  append(layer: number, { keys }: CacheEntry): void {
    const { compressedSize, stride } = this.sizes;
    const running = this.#running[layer] ??= new Float64Array(keys.length);
    const sums = this.#sums[layer] ??= [running.slice()];
    const means = this.#means[layer] ??= [];
    const count = this.#counts[layer] = (this.#counts[layer] ?? 0) + 1;
    for (let x = 0; x < keys.length; x++) running[x]! += keys[x]!;
    if (count % stride !== 0) return;
    sums.push(running.slice());
    if (count < compressedSize) return;
    const before = sums[sums.length - 1 - compressedSize / stride]!;
    means.push(Float32Array.from(running, (sum, x) => (sum - before[x]!) / compressedSize));
  }

  choose(layer: number, query: Float32Array, { count }: CachedTokens): Choosing {
    requireAllTokens(count, this.#counts[layer]);
    const { queryHeads, keyValueHeads } = this.heads;
    const { stride, selectedSize, selected, window } = this.sizes;
    const group = queryHeads / keyValueHeads;
    const blocks = Math.ceil(count / selectedSize);
    const means = this.#means[layer]!;
    const all = blocks <= selected;
    const windowStart = Math.max(0, count - window);
    const lists = Array.from({ length: keyValueHeads }, (_, shared) => {
      const importance = new Float64Array(blocks);
      for (let head = shared * group; head < (shared + 1) * group && !all; head++) {
        const shares = this.#shares(query, head, shared, means);
        const own = blockImportance(shares, blocks, this.sizes);
        for (let block = 0; block < blocks; block++) importance[block]! += own[block]!;
      }
      const tokens = tokensOfBlocks(selectBlocks(importance, selected), selectedSize, windowStart);
      return Uint32Array.from(
        { length: tokens.length + count - windowStart },
        (_, index) => tokens[index] ?? windowStart + index - tokens.length,
      );
    });
    const written = count % stride === 0 && nsaTokens(count, this.sizes).compressed > 0 ? 1 : 0;
    return {
      chosen: Array.from({ length: queryHeads }, (_, head) => lists[Math.floor(head / group)]!),
      traffic: this.#keyBytes * (written + (all ? 0 : means.length)),
    };
  }

  /** A head's softmax over the compressed keys. */
  #shares(query: Float32Array, head: number, shared: number, means: Float32Array[]): Float64Array {
    const { headDimension } = this.heads;
    const scale = 1 / Math.sqrt(headDimension);
    const scores = Float64Array.from(means, (mean) => {
      let score = 0;
      for (let x = 0; x < headDimension; x++) {
        score += query[head * headDimension + x]! * mean[shared * headDimension + x]!;
      }
      return score * scale;
    });
    const maximum = scores.reduce((most, score) => Math.max(most, score), -Infinity);
    let sum = 0;
    for (let i = 0; i < scores.length; i++) sum += scores[i] = Math.exp(scores[i]! - maximum);
    return scores.map((score) => score / sum);
  }
}
