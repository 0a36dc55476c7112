import { seeded } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { globalPattern, type Pattern, unionOf, windowPattern } from "./pattern.ts";

/** The three parts of BigBird, in blocks. */
export interface BigBird {
  /** Blocks of the sequence. */
  readonly blocks: number;
  /** Blocks of the window, the own one in the middle: an odd number. Default 3. */
  readonly window?: number;
  /** First blocks that see all and are seen by all. Default 2. */
  readonly global?: number;
  /** Further blocks that each block sees, drawn among those that it does not see yet. Default 3. */
  readonly random?: number;
  /** Draw only blocks before the own one. Default false. */
  readonly causal?: boolean;
  /** Which draw. Default 0. */
  readonly seed?: number;
}

/**
 * Window, global and random blocks: BigBird. Random blocks make the graph of who sees whom one in which any two places are
 * a few steps apart, at a number of entries that grows with n. The defaults are its 3 + 2 + 3 blocks of 64 tokens.
 *
 * A row that has fewer unseen blocks than are to be drawn sees all of them.
 *
 * Source: Zaheer et al., "Big Bird: Transformers for Longer Sequences" (2020).
 *
 * @throws {RangeError} for a window that is even.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bigBirdPattern, blockListOf } from "@fewer-bytes/attention";
 *
 * const sees = bigBirdPattern({ blocks: 64 });
 * const { lists } = blockListOf(sees, { queries: 4096, keys: 4096, blockSize: 64 });
 * assertEquals(lists[30]!.length, 3 + 2 + 3);
 * ```
 */
export function bigBirdPattern(
  { blocks, window = 3, global = 2, random = 3, causal = false, seed = 0 }: BigBird,
): Pattern {
  requireInteger(blocks, 1, "make BigBird's pattern", "its blocks");
  requireInteger(random, 0, "make BigBird's pattern", "its random blocks");
  requireInteger(global, 0, "make BigBird's pattern", "its global blocks");
  requireInteger(window, 1, "make BigBird's pattern", "its window");
  if (window % 2 === 0) {
    throw new RangeError(
      `Cannot make BigBird's pattern as its window must be odd: current value is ${window}`,
    );
  }
  const side = (window - 1) / 2;
  const regular = unionOf(
    windowPattern({ before: side, after: side }),
    globalPattern(Array.from({ length: global }, (_, block) => block)),
  );
  const source = seeded(seed);
  const drawn = Array.from({ length: blocks }, (_, query) => {
    const unseen: number[] = [];
    for (let key = 0; key < (causal ? query : blocks); key++) {
      if (!regular(query, key)) unseen.push(key);
    }
    return new Set(source.shuffle(unseen).slice(0, random));
  });
  return unionOf(regular, (query, key) => drawn[query]?.has(key) ?? false);
}
