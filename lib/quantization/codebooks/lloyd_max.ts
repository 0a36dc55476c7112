import { requireInteger } from "../../units/mod.ts";
import { cumulateDensity, cumulateSamples, type Cumulative } from "./cumulative_moments.ts";

/** A codebook of plain numbers, with the borders between its cells. */
export interface ScalarQuantizer {
  /** In ascending order. */
  readonly levels: Float64Array;
  /** Halfway between neighbors: one fewer than levels. */
  readonly thresholds: Float64Array;
  /** The mean squared error that it leaves. */
  readonly distortion: number;
}

/**
 * Which 2^b levels leave the smallest squared error on these samples? Lloyd and Max: a border belongs halfway
 * between two levels, and a level at the mean of its cell. Doing the one and the other in turn never makes
 * the error larger.
 *
 * It ends where both hold. For a log-concave density, the Gaussian for one, there is one such place and it is
 * the best; for samples it may be a good one among others.
 *
 * Sources: Max, "Quantizing for Minimum Distortion" (1960); Lloyd, "Least Squares Quantization in PCM" (1957,
 * 1982).
 *
 * @param samples At least one, all finite.
 * @param count How many levels.
 * @throws {RangeError} for no samples, one that is not finite, or fewer than one level.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lloydMax } from "@fewer-bytes/quantization";
 *
 * const { levels, thresholds, distortion } = lloydMax([0, 1, 9, 11], 2);
 * assertEquals([...levels], [0.5, 10]);
 * assertEquals([...thresholds], [5.25]);
 * assertEquals(distortion, (0.25 + 0.25 + 1 + 1) / 4);
 * ```
 */
export function lloydMax(samples: ArrayLike<number>, count: number): ScalarQuantizer {
  return improve(cumulateSamples(samples), count);
}

/**
 * The same for a density: the codebook to ship when only the law of the data is known, and not the data.
 *
 * @param density Not negative; it need not integrate to 1.
 * @param range Where to look: beyond it the density is taken for zero.
 * @throws {RangeError} when the density has no finite, positive integral over the range.
 * @example Two levels for the Gaussian law lie at ±√(2/π)
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { gaussianDensity, lloydMaxOfDensity } from "@fewer-bytes/quantization";
 *
 * const { levels, distortion } = lloydMaxOfDensity(gaussianDensity, [-8, 8], 2);
 * assertAlmostEquals(levels[1]!, Math.sqrt(2 / Math.PI), 1e-6);
 * assertAlmostEquals(distortion, 1 - 2 / Math.PI, 1e-6);
 * ```
 */
export function lloydMaxOfDensity(
  density: (x: number) => number,
  range: readonly [from: number, to: number],
  count: number,
): ScalarQuantizer {
  return improve(cumulateDensity(density, range), count);
}

function improve(cumulative: Cumulative, count: number): ScalarQuantizer {
  requireInteger(count, 1, "place levels", "their number");
  const { total, below, start } = cumulative;
  const levels = start(count);
  const thresholds = new Float64Array(count - 1);
  let distortion = Infinity;
  for (let round = 0, moved = true; moved && round < 10_000; round++) {
    moved = false;
    let [mass, first, explained] = [0, 0, 0];
    for (let i = 0; i < count - 1; i++) thresholds[i] = (levels[i]! + levels[i + 1]!) / 2;
    for (let i = 0; i < count; i++) {
      const [upTo, firstUpTo] = i < count - 1 ? below(thresholds[i]!) : total;
      // An empty cell keeps its level.
      const level = upTo > mass ? (firstUpTo - first) / (upTo - mass) : levels[i]!;
      explained += level * (firstUpTo - first);
      moved ||= Math.abs(level - levels[i]!) > 1e-9 * Math.sqrt(total[2] / total[0]);
      levels[i] = level;
      [mass, first] = [upTo, firstUpTo];
    }
    distortion = Math.max(0, total[2] - explained) / total[0];
  }
  return { levels, thresholds, distortion };
}
