import { requireInteger, type Tokens } from "../../units/mod.ts";

/**
 * What does contiguous memory cost? A buddy allocator gives pieces whose sizes are powers of two. A larger piece is
 * halved until it fits; when both halves are free again, they merge. So a request takes up to twice what it asked for,
 * and free pieces may be too small for the next request although their sum would do: external fragmentation.
 * (Knowlton 1965; Kwon et al. 2023 assume it for their baselines.)
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BuddyAllocator } from "@fewer-bytes/paging";
 *
 * const memory = new BuddyAllocator(100); // 64 + 32 + 4
 * assertEquals(memory.allocate(33), 0); // takes all 64
 * assertEquals(memory.allocate(33), -1);
 * assertEquals(memory.free, 36);
 * memory.release(0);
 * assertEquals(memory.free, 100);
 * ```
 */
export class BuddyAllocator {
  /** For each power of two, where the free pieces of this size begin. */
  readonly #pieces: Set<number>[] = [];
  readonly #taken = new Map<number, number>();
  #free: Tokens;

  /**
   * @param size Need not be a power of two: memory begins as pieces that are, the largest first.
   * @throws {RangeError} unless it is a whole number from 1 to 2^30.
   */
  constructor(readonly size: Tokens) {
    this.#free = requireInteger(size, 1, "allocate memory", "size");
    if (size > 2 ** 30) {
      throw new RangeError(
        `Cannot allocate memory as size must be <= 2^30: current value is ${size}`,
      );
    }
    for (let order = 0, at = 0; order <= 30; order++) {
      this.#pieces[30 - order] = new Set(size & 2 ** (30 - order) ? [at] : []);
      at += size & 2 ** (30 - order);
    }
  }

  get free(): Tokens {
    return this.#free;
  }

  /**
   * Takes a piece of at least this size.
   *
   * @returns Where it begins, or -1 when no piece is large enough.
   */
  allocate(size: Tokens): number {
    requireInteger(size, 1, "allocate memory", "size");
    const wanted = Math.ceil(Math.log2(size));
    let order = wanted;
    while (order <= 30 && this.#pieces[order]!.size === 0) order++;
    if (order > 30) return -1;
    const at = this.#pieces[order]!.values().next().value!;
    this.#pieces[order]!.delete(at);
    for (; order > wanted; order--) this.#pieces[order - 1]!.add(at + 2 ** (order - 1));
    this.#taken.set(at, wanted);
    this.#free -= 2 ** wanted;
    return at;
  }

  /** Tokens of the piece that begins there; 0 when it was not allocated. */
  sizeAt(at: number): Tokens {
    const order = this.#taken.get(at);
    return order === undefined ? 0 : 2 ** order;
  }

  /**
   * Gives a piece back, and merges it with its other half while that is free, too.
   *
   * @throws {RangeError} when no piece was allocated there.
   */
  release(at: number): void {
    let order = this.#taken.get(at);
    if (order === undefined) {
      throw new RangeError(`Cannot release memory at ${at} as it must be allocated: it is not`);
    }
    this.#taken.delete(at);
    this.#free += 2 ** order;
    // Pieces begin at multiples of their size, so the other half differs in one bit.
    while (this.#pieces[order]!.delete(at ^ 2 ** order)) at &= ~(2 ** order++);
    this.#pieces[order]!.add(at);
  }
}
