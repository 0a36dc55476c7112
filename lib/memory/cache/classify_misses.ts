import {
  type CacheCounts,
  type CacheGeometry,
  SetAssociativeCache,
} from "./set_associative_cache.ts";

/** Why lines were not there. */
export interface MissCauses extends CacheCounts {
  /** Read for the first time: no cache helps. */
  readonly cold: number;
  /** Did not fit: a larger cache would help. */
  readonly capacity: number;
  /**
   * Fell out because others took its set: more ways would help. Below zero where the sets happen to keep what a full order
   * of use would have thrown out, as when more is swept over than fits.
   */
  readonly conflict: number;
}

/**
 * Why do accesses miss? The three Cs: cold misses are those of an endless cache, capacity those that a fully associative
 * cache of the same size has besides, conflict what is left.
 *
 * Source: Hill, "Aspects of Cache Memory and Instruction Buffer Performance" (1987).
 *
 * @param addresses In the order of access.
 * @throws {RangeError} when the geometry is none.
 * @example A column of a matrix whose rows are a power of two long: all elements want one set
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { classifyMisses } from "@fewer-bytes/memory";
 *
 * const column = Array.from({ length: 8 }, (_, row) => row * 1024);
 * const { cold, capacity, conflict } = classifyMisses([...column, ...column], { capacity: 1024, line: 64, ways: 1 });
 * assertEquals([cold, capacity, conflict], [8, 0, 8]);
 * ```
 */
export function classifyMisses(addresses: Iterable<number>, geometry: CacheGeometry): MissCauses {
  const { capacity, line } = geometry;
  const own = new SetAssociativeCache(geometry);
  const full = new SetAssociativeCache({ capacity, line, ways: capacity / line });
  const seen = new Set<number>();
  for (const address of addresses) {
    own.access(address);
    full.access(address);
    seen.add(Math.floor(address / line));
  }
  const { misses } = full.counts;
  return {
    ...own.counts,
    cold: seen.size,
    capacity: misses - seen.size,
    conflict: own.counts.misses - misses,
  };
}
