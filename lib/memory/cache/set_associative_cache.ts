import type { Bytes } from "../../units/mod.ts";
import { requireAtLeast, requireInteger } from "../../units/mod.ts";

/** How a cache is built. */
export interface CacheGeometry {
  readonly capacity: Bytes;
  /** Bytes of one line: what a miss brings. */
  readonly line: Bytes;
  /** Lines of one set: where a line of memory may lie. 1 is direct-mapped; all lines is fully associative. */
  readonly ways: number;
}

/** What accesses came to. */
export interface CacheCounts {
  readonly accesses: number;
  readonly misses: number;
  /** Bytes that misses brought. */
  readonly traffic: Bytes;
}

/**
 * A cache as hardware builds it: the address of a line decides its set, and in a set the line goes that was used least
 * recently.
 *
 * @throws {RangeError} when a value is not a whole number from 1, or sets do not come out even.
 * @example Two lines that share a set take each other's place, until there are two ways
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SetAssociativeCache } from "@fewer-bytes/memory";
 *
 * const misses = (ways: number) => {
 *   const cache = new SetAssociativeCache({ capacity: 256, line: 64, ways });
 *   for (const address of [0, 256, 0, 256, 0, 256]) cache.access(address);
 *   return cache.counts.misses;
 * };
 * assertEquals([misses(1), misses(2)], [6, 2]);
 * ```
 */
export class SetAssociativeCache {
  readonly #line: number;
  readonly #sets: number[][];
  #accesses = 0;
  #misses = 0;

  constructor({ capacity, line, ways }: CacheGeometry) {
    requireInteger(line, 1, "build a cache", "the line");
    requireInteger(ways, 1, "build a cache", "ways");
    requireInteger(capacity, 1, "build a cache", "the capacity");
    const sets = capacity / (line * ways);
    requireInteger(sets, 1, "build a cache", "capacity / (line * ways), the number of sets,");
    this.#line = line;
    this.#ways = ways;
    this.#sets = Array.from({ length: sets }, () => []);
  }

  readonly #ways: number;

  /**
   * Reads or writes a byte: a miss brings its line.
   *
   * @returns Whether the line was there.
   */
  access(address: number): boolean {
    requireAtLeast(address, 0, "access a cache", "the address");
    const line = Math.floor(address / this.#line);
    const set = this.#sets[line % this.#sets.length]!; // the most recently used line first
    const place = set.indexOf(line);
    this.#accesses++;
    if (place < 0) {
      this.#misses++;
      if (set.length === this.#ways) set.pop();
      set.unshift(line);
      return false;
    }
    set.copyWithin(1, 0, place);
    set[0] = line;
    return true;
  }

  /** What happened so far. */
  get counts(): CacheCounts {
    return {
      accesses: this.#accesses,
      misses: this.#misses,
      traffic: this.#misses * this.#line,
    };
  }
}
