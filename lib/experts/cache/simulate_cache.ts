import { requireInteger } from "../../units/mod.ts";

/** Steps that ask a cache for things. */
export interface CacheTrial {
  /** What the next step asks for: different things. */
  readonly draw: () => readonly number[];
  readonly slots: number;
  readonly steps: number;
  /** Steps before counting begins. Default: a tenth as many. */
  readonly warmUp?: number;
  /** What stays forever; without it the cache keeps what was asked for last. */
  readonly pinned?: ReadonlySet<number>;
}

/**
 * How many things do steps bring, in fact? The play that {@linkcode recentMisses} and {@linkcode pinnedMisses} foretell: what is
 * there is used first, then the rest is brought, each in place of what was asked for longest ago.
 *
 * @returns Things brought in a step, and asked for, on average.
 * @throws {RangeError} when there are more things pinned than slots, or a count is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { simulateCache } from "@fewer-bytes/experts";
 *
 * let next = 0; // a loop over one thing more than fits
 * const trial = { draw: () => [next++ % 3], slots: 2, steps: 300 };
 * assertEquals(simulateCache(trial).misses, 1);
 * ```
 */
export function simulateCache(trial: CacheTrial): { misses: number; asked: number } {
  const { draw, slots, steps, pinned, warmUp = Math.ceil(steps / 10) } = trial;
  requireInteger(slots, 0, "simulate a cache", "the slots");
  requireInteger(steps, 1, "simulate a cache", "the steps");
  requireInteger(warmUp, 0, "simulate a cache", "the steps before");
  if (pinned && pinned.size > slots) {
    throw new RangeError(
      `Cannot simulate a cache as pinned things must fit in ${slots} slots: current number is ${pinned.size}`,
    );
  }
  const held = new Set<number>(); // the longest ago first
  let misses = 0, asked = 0;
  for (let step = -warmUp; step < steps; step++) {
    const wanted = draw();
    const missing = wanted.filter((thing) => !(pinned ?? held).has(thing));
    if (step >= 0) {
      misses += missing.length;
      asked += wanted.length;
    }
    if (pinned || slots === 0) continue;
    for (const thing of wanted) if (held.delete(thing)) held.add(thing);
    for (const thing of missing) {
      if (held.size === slots) held.delete(held.values().next().value!);
      held.add(thing);
    }
  }
  return { misses: misses / steps, asked: asked / steps };
}
