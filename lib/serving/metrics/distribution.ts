import type { LogHistogram } from "../log_histogram.ts";

/** A sample in a few numbers; all NaN when it is empty. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly maximum: number;
}

/**
 * Summarizes a column by sorting it. Percentiles interpolate between neighbors, as NumPy does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { distribution } from "@fewer-bytes/serving";
 *
 * assertEquals(distribution(Float64Array.of(3, 1, 2)).p50, 2);
 * ```
 */
export function distribution(values: Float64Array): Distribution {
  const sorted = values.slice().sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!);
  };
  const count = sorted.length;
  if (count === 0) return fromHistogramValues(0, () => NaN, NaN, NaN);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  return fromHistogramValues(count, at, mean, sorted[count - 1]!);
}

/** Summarizes a stream that was not kept; percentiles within 0.5 %. */
export function streamDistribution(histogram: LogHistogram): Distribution {
  const { count, mean } = histogram;
  const maximum = count > 0 ? histogram.maximum : NaN;
  return fromHistogramValues(count, (share) => histogram.percentile(share), mean, maximum);
}

function fromHistogramValues(
  count: number,
  at: (share: number) => number,
  mean: number,
  maximum: number,
): Distribution {
  return { count, mean, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), maximum };
}
