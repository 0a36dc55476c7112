import { classifyMisses, type MissCauses } from "./classify_misses.ts";
import { loopAddresses, type LoopWalk } from "./loop_orders.ts";
import type { CacheGeometry } from "./set_associative_cache.ts";

/** What a matrix product did to a cache. */
export interface WalkedProduct extends MissCauses {
  /** Misses for each of the size³ turns of the inner loop. */
  readonly missesPerTurn: number;
  /** Operations for each byte that came from memory. */
  readonly intensity: number;
}

/**
 * How much does the order of loops matter? The product is walked through, address by address, in front of a cache.
 *
 * The arithmetic is the same for all orders, and so is the result: what differs is which bytes are still there when they are
 * needed again. Data locality is intensity: the same operations for fewer bytes.
 *
 * @throws {RangeError} as {@linkcode loopAddresses} and {@linkcode SetAssociativeCache}.
 * @example Rows against columns, and blocks against both
 * ```ts
 * import { assert } from "@std/assert";
 * import { walkProduct } from "@fewer-bytes/memory";
 *
 * const cache = { capacity: 2048, line: 64, ways: 32 };
 * const walk = (order: "ikj" | "jki", tile?: number) =>
 *   walkProduct({ order, size: 32, ...(tile === undefined ? {} : { tile }) }, cache).misses;
 * assert(walk("jki") > 7 * walk("ikj"));
 * assert(walk("ikj", 8) < walk("ikj") / 2);
 * ```
 */
export function walkProduct(walk: LoopWalk, cache: CacheGeometry): WalkedProduct {
  const counts = classifyMisses(loopAddresses(walk), cache);
  const turns = walk.size ** 3;
  return {
    ...counts,
    missesPerTurn: counts.misses / turns,
    intensity: 2 * turns / counts.traffic,
  };
}
