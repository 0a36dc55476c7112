import type { Random } from "../../numeric/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import { commonTokens, pageKey, type RadixNode, radixNode, splitNode } from "./radix_node.ts";

/**
 * Which leaf goes first: the one not needed for longest, the oldest, or any.
 *
 * The first two differ only where leaves are needed again, as turns of a conversation are. Where every prompt ends in a
 * question of its own, a prefix becomes a leaf when its last question is gone, and is then the next to go under both.
 */
export type EvictionPolicy = "least recently used" | "first in" | "random";

/** How a tree of prefixes works. */
export interface RadixTreeOptions {
  /** Tokens that share one block: nodes end where pages do. Default 1, as in SGLang. */
  readonly pageSize?: Tokens;
  /** Default "least recently used". */
  readonly policy?: EvictionPolicy;
  /** For the policy "random". */
  readonly random?: Random;
}

/** The longest cached beginning of a sequence. */
export interface PrefixMatch {
  /** Its last node; lock it to keep it. The root when nothing matches. */
  readonly node: RadixNode;
  readonly tokens: Tokens;
  /** Blocks of the prefix, in order. */
  readonly blocks: readonly number[];
}

/**
 * Which beginnings of sequences are cached? All that are stored share a tree: each node is a stretch of tokens, and a path
 * from the root is a prefix. A new sequence walks down as far as it matches, and need not compute that again.
 *
 * A node is cut in two where sequences part. What running requests need is locked, and with it everything above. When
 * blocks are needed, leaves are evicted, never what others still hang on. (Zheng et al. 2024, SGLang, section 3.)
 *
 * The tree keeps numbers of blocks, and does not own the memory: `insert` says which of them it took, `evict` which it
 * gives back.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RadixTree } from "@fewer-bytes/paging";
 *
 * const tree = new RadixTree();
 * tree.insert([1, 2, 3], [10, 11, 12]);
 * tree.insert([1, 2, 4], [20, 21, 22]); // of this only block 22 is new
 * assertEquals(tree.match([1, 2, 4, 5]).blocks, [10, 11, 22]);
 * assertEquals(tree.evict(1), [12]); // the leaf that was not needed for longest
 * assertEquals(tree.match([1, 2, 3]).tokens, 2);
 * ```
 */
export class RadixTree {
  readonly root: RadixNode = radixNode(undefined, new Int32Array(0), new Int32Array(0), 0);
  readonly pageSize: Tokens;
  readonly #policy: EvictionPolicy;
  readonly #random: Random | undefined;
  /** Nodes without children and locks, the root left out. */
  readonly #evictable = new Set<RadixNode>();
  #clock = 0;
  #size: Tokens = 0;
  #locked: Tokens = 0;

  /** @throws {RangeError} when the page size is no whole number from 1, or chance is asked for without its source. */
  constructor({ pageSize = 1, policy = "least recently used", random }: RadixTreeOptions = {}) {
    this.pageSize = requireInteger(pageSize, 1, "make a tree", "pageSize");
    if (policy === "random" && !random) {
      throw new RangeError("Cannot make a tree that evicts at random as random must be given");
    }
    this.#policy = policy;
    this.#random = random;
  }

  /** Tokens in all nodes. */
  get size(): Tokens {
    return this.#size;
  }

  /** Tokens that running requests need. */
  get locked(): Tokens {
    return this.#locked;
  }

  /** How much of a sequence is cached, in whole pages, without needing it. */
  peek(tokens: ArrayLike<number>): Tokens {
    return this.#walk(Int32Array.from(tokens)).matched;
  }

  /** Finds the longest cached beginning of a sequence, and notes that it was needed now. */
  match(tokens: ArrayLike<number>): PrefixMatch {
    const { node, matched } = this.#walkAndCut(Int32Array.from(tokens));
    const blocks: number[] = [];
    for (let up = node; up.parent; up = up.parent) blocks.push(...up.blocks.toReversed());
    return { node, tokens: matched, blocks: blocks.reverse() };
  }

  /**
   * Stores a sequence; what is there already stays as it is. Tokens beyond the last whole page are left out.
   *
   * @param blocks A block for each page. Those of the part that was there are not taken.
   * @returns Where it ends, and how many of its tokens were there before.
   * @throws {RangeError} when there are fewer blocks than whole pages.
   */
  insert(
    tokens: ArrayLike<number>,
    blocks: ArrayLike<number>,
  ): { readonly node: RadixNode; readonly known: Tokens } {
    const pages = Math.floor(tokens.length / this.pageSize);
    if (blocks.length < pages) {
      throw new RangeError(
        `Cannot store a sequence as it needs a block for each of ${pages} pages: current number is ${blocks.length}`,
      );
    }
    const all = Int32Array.from(tokens).subarray(0, pages * this.pageSize);
    const { node, matched } = this.#walkAndCut(all);
    if (matched === all.length) return { node, known: matched };
    const own = Int32Array.from(blocks).slice(matched / this.pageSize, pages);
    const leaf = radixNode(node, all.slice(matched), own, this.#clock);
    node.children.set(pageKey(all, matched, this.pageSize), leaf);
    this.#size += leaf.tokens.length;
    this.#evictable.delete(node);
    this.#evictable.add(leaf);
    return { node: leaf, known: matched };
  }

  /** Keeps a node, and all above it, until it is unlocked as often. */
  lock(node: RadixNode): void {
    this.#evictable.delete(node);
    for (let up = node; up.parent; up = up.parent) {
      if (up.locks++ === 0) this.#locked += up.tokens.length;
    }
  }

  /** @throws {RangeError} when it is not locked. */
  unlock(node: RadixNode): void {
    for (let up = node; up.parent; up = up.parent) {
      if (up.locks === 0) {
        throw new RangeError("Cannot unlock a node as it must be locked: it is not");
      }
      if (--up.locks === 0) this.#locked -= up.tokens.length;
      this.#update(up);
    }
  }

  /**
   * Takes leaves out until so many blocks are given back, or nothing is left that may go. A leaf goes as a whole, so it may
   * be more.
   */
  evict(blocks: number): number[] {
    const freed: number[] = [];
    while (freed.length < blocks && this.#evictable.size > 0) {
      const leaf = this.#next();
      const parent = leaf.parent!;
      freed.push(...leaf.blocks);
      this.#size -= leaf.tokens.length;
      this.#evictable.delete(leaf);
      parent.children.delete(pageKey(leaf.tokens, 0, this.pageSize));
      leaf.parent = undefined;
      this.#update(parent);
    }
    return freed;
  }

  /** All nodes but the root, each before those below it. */
  *nodes(): Generator<RadixNode> {
    const waiting = [...this.root.children.values()];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      yield node;
      waiting.push(...node.children.values());
    }
  }

  #walk(tokens: Int32Array): { node: RadixNode; matched: Tokens; inside: Tokens } {
    const { pageSize } = this;
    let node = this.root;
    let matched = 0;
    while (matched + pageSize <= tokens.length) {
      const child = node.children.get(pageKey(tokens, matched, pageSize));
      if (!child) break;
      const common = commonTokens(child, tokens, matched, pageSize);
      matched += common;
      node = child;
      if (common < child.tokens.length) return { node, matched, inside: common };
    }
    return { node, matched, inside: 0 };
  }

  /** Walks down, cuts the last node where the match ends, and notes the time. */
  #walkAndCut(tokens: Int32Array): { node: RadixNode; matched: Tokens } {
    const { node, matched, inside } = this.#walk(tokens);
    const last = inside > 0 ? splitNode(node, inside, this.pageSize) : node;
    const now = ++this.#clock;
    for (let up: RadixNode | undefined = last; up; up = up.parent) up.used = now;
    return { node: last, matched };
  }

  #update(node: RadixNode): void {
    const may = node.parent !== undefined && node.locks === 0 && node.children.size === 0;
    if (may) this.#evictable.add(node);
    else this.#evictable.delete(node);
  }

  #next(): RadixNode {
    if (this.#policy === "random") {
      return [...this.#evictable][this.#random!.integer(this.#evictable.size)]!;
    }
    const time = this.#policy === "first in" ? "created" : "used";
    let first: RadixNode | undefined;
    for (const leaf of this.#evictable) if (!first || leaf[time] < first[time]) first = leaf;
    return first!;
  }
}
