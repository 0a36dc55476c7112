import type { Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { EideticMemory, type EideticMemoryOptions } from "./eidetic_memory.ts";

/** Facts told once, then a long stretch of things that repeat, then questions. */
export interface RecallTask {
  /** Pairs of key and value that are told once and asked for at the end. */
  readonly facts: number;
  /** Tokens between the facts and the questions. */
  readonly distance: number;
  /** Numbers in a key and in a value. */
  readonly width: number;
  /** Different pairs that the stretch repeats in turn. Default 4. */
  readonly repeated?: number;
}

/**
 * What share of the facts does a memory recall?
 *
 * A recall is right when the value that comes back is closer to the true one than to that of any other fact. Keys and
 * values are random directions, so a memory that holds nothing is right once in as many times as there are facts.
 *
 * @example A window forgets what left it
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { shareRecalled } from "@fewer-bytes/attention";
 *
 * const near = { facts: 8, distance: 20, width: 32 };
 * const far = { ...near, distance: 500 };
 * assertEquals(shareRecalled(near, { window: 32 }, seeded(1)), 1);
 * assert(shareRecalled(far, { window: 32 }, seeded(1)) < 0.5);
 * assertEquals(shareRecalled(far, { window: 32, eidetic: 16, keep: 0.99 }, seeded(1)), 1);
 * ```
 */
export function shareRecalled(
  { facts, distance, width, repeated = 4 }: RecallTask,
  memory: EideticMemoryOptions,
  random: Random,
): number {
  requireInteger(facts, 1, "test recall", "facts");
  requireInteger(distance, 0, "test recall", "the distance");
  requireInteger(width, 1, "test recall", "the width");
  requireInteger(repeated, 1, "test recall", "repeated");
  const pairs = (count: number) =>
    Array.from({ length: count }, () => ({
      key: direction(width, random),
      value: direction(width, random),
    }));
  const told = pairs(facts), again = pairs(repeated);
  const held = new EideticMemory(width, width, memory);
  for (const { key, value } of told) held.write(key, value);
  for (let i = 0; i < distance; i++) {
    const { key, value } = again[i % repeated]!;
    held.write(key, value);
  }
  const right = told.filter(({ key, value }) => {
    const found = held.recall(key);
    const like = (other: Float64Array) => other.reduce((sum, part, i) => sum + part * found[i]!, 0);
    return told.every((other) => other.value === value || like(value) > like(other.value));
  });
  return right.length / facts;
}

/** A random vector of length 1. */
function direction(width: number, random: Random): Float64Array {
  const values = Float64Array.from({ length: width }, () => random.normal());
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
