import { requireInteger, type Tokens } from "../../units/mod.ts";
import { RadixTree, type RadixTreeOptions } from "./radix_tree.ts";

/**
 * In which order are waiting prompts served?
 *
 * - "arrival": as they came.
 * - "longest prefix": next is the one of which most is cached now.
 * - "depth first": as a walk through the tree of all of them meets them.
 */
export type ServingOrder = "arrival" | "longest prefix" | "depth first";

/** How prompts are served. */
export interface ServeOptions extends Omit<RadixTreeOptions, "pageSize"> {
  /** Tokens that can be cached. */
  readonly capacity: Tokens;
  /** Default "arrival". */
  readonly order?: ServingOrder;
  /** Prompts that wait at the same time, among which the order chooses. Default: all. */
  readonly waiting?: number;
}

/** What came of it. */
export interface ServedPrompts {
  readonly promptTokens: Tokens;
  readonly computedTokens: Tokens;
  /** The share of prompt tokens that was found. */
  readonly hitRate: number;
  /** The prompts in the order in which they were served. */
  readonly served: readonly number[];
}

/**
 * How much of the prompts is computed, when one is served after the other, and the cache holds so many tokens?
 *
 * The order matters when memory is short: prompts that take turns evict each other's prefixes. Depth first is the best
 * order when the longest prompt fits, and longest prefix first finds it without knowing the tree. (Zheng et al. 2024,
 * theorem 3.1.) It also lets unpopular prompts wait for ever when new ones keep coming.
 *
 * A prompt is matched in full here; in a server its last token is computed again.
 *
 * @throws {RangeError} when a prompt is longer than the capacity.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { servePrompts } from "@fewer-bytes/paging";
 *
 * const prompts = [[1, 2, 3], [7, 8, 9], [1, 2, 4], [7, 8, 5]];
 * const computed = (order: "arrival" | "longest prefix") =>
 *   servePrompts(prompts, { capacity: 3, order }).computedTokens;
 * assertEquals(computed("arrival"), 12);
 * assertEquals(computed("longest prefix"), 8);
 * ```
 */
export function servePrompts(
  prompts: readonly ArrayLike<number>[],
  options: ServeOptions,
): ServedPrompts {
  const { capacity, order = "arrival", waiting = prompts.length } = options;
  requireInteger(capacity, 1, "serve prompts", "the capacity");
  const tree = new RadixTree(options);
  const queue = order === "depth first" ? depthFirst(prompts) : prompts.map((_, index) => index);
  const served: number[] = [];
  let promptTokens = 0;
  let computedTokens = 0;
  while (queue.length > 0) {
    let chosen = 0;
    if (order === "longest prefix") {
      let most = -1;
      queue.slice(0, Math.max(1, waiting)).forEach((prompt, place) => {
        const cached = tree.peek(prompts[prompt]!);
        if (cached > most) [chosen, most] = [place, cached];
      });
    }
    const [index] = queue.splice(chosen, 1) as [number];
    const prompt = prompts[index]!;
    if (prompt.length > capacity) {
      throw new RangeError(
        `Cannot serve prompts as each must be <= the capacity of ${capacity} tokens: one has ${prompt.length}`,
      );
    }
    const { node, tokens } = tree.match(prompt);
    tree.lock(node);
    tree.evict(tree.size + prompt.length - tokens - capacity);
    tree.insert(prompt, new Int32Array(prompt.length));
    tree.unlock(node);
    promptTokens += prompt.length;
    computedTokens += prompt.length - tokens;
    served.push(index);
  }
  return {
    promptTokens,
    computedTokens,
    hitRate: promptTokens > 0 ? 1 - computedTokens / promptTokens : 0,
    served,
  };
}

/**
 * How many tokens must be computed at least, whatever the order and the memory? Each token once after each prefix in which
 * it occurs: the tokens in the tree of all prompts.
 */
export function distinctPrefixTokens(prompts: readonly ArrayLike<number>[]): Tokens {
  const tree = new RadixTree();
  for (const prompt of prompts) tree.insert(prompt, new Int32Array(prompt.length));
  return tree.size;
}

/** Prompts in lexicographic order are a walk through their tree, depth first. */
function depthFirst(prompts: readonly ArrayLike<number>[]): number[] {
  const compare = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    const end = Math.min(a.length, b.length);
    for (let i = 0; i < end; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
    return a.length - b.length;
  };
  return prompts.map((_, index) => index).sort((a, b) => compare(prompts[a]!, prompts[b]!));
}
