import { requireInteger } from "../../units/mod.ts";

/**
 * Where are the largest few scores? The answer never depends on a sorting routine: among equals the earlier ones win, and
 * the places come in ascending order, as memory is read.
 *
 * @param count How many; with no more scores than that, the answer is all of them.
 * @throws {RangeError} when a score is NaN, or the count no whole number.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { topIndices } from "@fewer-bytes/attention";
 *
 * assertEquals([...topIndices([2, 9, 2, 5, 2], 3)], [0, 1, 3]);
 * ```
 */
export function topIndices(scores: ArrayLike<number>, count: number): Uint32Array<ArrayBuffer> {
  requireInteger(count, 0, "choose the largest", "their number");
  const sorted = Float64Array.from(scores).sort(); // NaN comes last
  const size = sorted.length;
  if (Number.isNaN(sorted[size - 1])) {
    throw new RangeError("Cannot choose the largest as every score must be a number: one is NaN");
  }
  if (count >= size) return Uint32Array.from({ length: size }, (_, index) => index);
  const chosen = new Uint32Array(count);
  if (count === 0) return chosen;
  const limit = sorted[size - count]!;
  // Of those that equal the limit, as many are taken as those above it leave room for.
  let equals = 1;
  while (size - count + equals < size && sorted[size - count + equals] === limit) equals++;
  for (let index = 0, at = 0; at < count; index++) {
    if (scores[index]! > limit) chosen[at++] = index;
    else if (scores[index] === limit && equals > 0) {
      chosen[at++] = index;
      equals--;
    }
  }
  return chosen;
}

/**
 * How few places hold this share of all mass? The largest ones first, until they do. Those that must be in are taken before
 * any other, and their mass counts.
 *
 * Masses are non-negative, as the shares of a softmax are. With a share of 1 rounding may leave out places of no weight.
 *
 * @param share From 0 to 1 of the sum of all masses.
 * @param always Places that are chosen whatever they weigh.
 * @returns The places in ascending order; among equals the earlier ones are taken first.
 * @throws {RangeError} for a share beyond 0 to 1, or a mass that is NaN or negative.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { indicesOfMass } from "@fewer-bytes/attention";
 *
 * assertEquals([...indicesOfMass([1, 5, 3, 1], 0.75)], [1, 2]);
 * assertEquals([...indicesOfMass([1, 5, 3, 1], 0.75, [3])], [1, 2, 3]);
 * ```
 */
export function indicesOfMass(
  masses: ArrayLike<number>,
  share: number,
  always: readonly number[] = [],
): Uint32Array<ArrayBuffer> {
  const all = Array.from(masses);
  const bad = all.find((mass) => !(mass >= 0 && Number.isFinite(mass)));
  if (bad !== undefined) {
    throw new RangeError(
      `Cannot choose by mass as every mass must be a finite number >= 0: current value is ${bad}`,
    );
  }
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(
      `Cannot choose by mass as the share must be from 0 to 1: current value is ${share}`,
    );
  }
  const needed = share * all.reduce((sum, mass) => sum + mass, 0);
  const chosen = new Set(always);
  let mass = always.reduce((sum, place) => sum + all[place]!, 0);
  const order = all.keys().filter((place) => !chosen.has(place)).toArray()
    .sort((a, b) => all[b]! - all[a]! || a - b);
  for (const place of order) {
    if (mass >= needed) break;
    chosen.add(place);
    mass += all[place]!;
  }
  return Uint32Array.from(chosen).sort();
}
