import { type Composition, type CompositionTime, compositionTime } from "../../memory/mod.ts";
import { zipfShares } from "../../paging/mod.ts";
import { recentMisses } from "../cache/expected_misses.ts";

/**
 * How long does a request take that one of many models answers, when some models are asked for more often? The machine keeps
 * the models that were used last; the more requests favor a few, the fewer switch, and the less it matters how fast switching
 * is. So the speedup of a machine with a fast way to all models depends on the requests as much as on the machine.
 *
 * @param exponent Of Zipf's law: 0 when all models are asked for alike.
 * @throws {RangeError} when a value is out of range.
 * @example From DDR or over PCIe: 6 times as fast when all are asked for alike, less when some are favored
 * ```ts
 * import { assert } from "@std/assert";
 * import { favoredComposition } from "@fewer-bytes/experts";
 *
 * const setup = { models: 150, bytes: 14e9, fast: 640e9, run: 0.02 };
 * const speedup = (exponent: number) =>
 *   favoredComposition({ ...setup, bandwidth: 64e9 }, exponent).seconds /
 *   favoredComposition({ ...setup, bandwidth: 1000e9 }, exponent).seconds;
 * assert(speedup(0) > 5.8 && speedup(1) < 3.7 && speedup(2) < 1.5);
 * ```
 */
export function favoredComposition(setup: Composition, exponent: number): CompositionTime {
  const { models, fast, bytes } = setup;
  const plain = compositionTime(setup); // checks the setup
  if (exponent === 0) return plain;
  const { missRate } = recentMisses(zipfShares(models, exponent), Math.floor(fast / bytes));
  return compositionTime(setup, missRate);
}
