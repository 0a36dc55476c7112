import { requireAtLeast } from "../units/mod.ts";

/**
 * Percentiles of a stream, without keeping it: counts in buckets whose edges grow by a constant factor. Each percentile
 * is within 0.5 % of a value that was seen at that rank, from 1 ns to 30 years; count, sum, least and greatest are exact.
 *
 * A serving simulation sees hundreds of millions of gaps between tokens; this keeps 4,152 numbers of them. The idea is
 * that of DDSketch (Masson, Rim and Lee, VLDB 2019).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { LogHistogram } from "@fewer-bytes/serving";
 *
 * const gaps = new LogHistogram();
 * gaps.addLine(0.01, 0.02, 1001, 64); // 64 sequences, 1,001 steps, each a little longer
 * assertAlmostEquals(gaps.percentile(0.5), 0.015, 0.015 * LogHistogram.relativeError);
 * ```
 */
export class LogHistogram {
  /** The largest relative error of a percentile. */
  static readonly relativeError = 0.005;
  private static readonly growth = (1 + 0.005) / (1 - 0.005);
  private static readonly perBucket = 1 / Math.log(LogHistogram.growth);
  private static readonly offset = 2080; // ln(1e-9) / ln(growth), rounded up
  private readonly counts = new Float64Array(4152);
  private lastValue = NaN;
  private lastBucket = 0;
  count = 0;
  sum = 0;
  minimum = Infinity;
  maximum = 0;

  /** Adds a value so many times. */
  add(value: number, times = 1): void {
    this.counts[this.bucket(value)]! += times;
    this.note(value, value, times, value * times);
  }

  /** Adds `steps` values at equal distances from the first to the last, each so many times. */
  addLine(first: number, last: number, steps: number, times: number): void {
    if (steps <= 0) return;
    const slope = steps > 1 ? (last - first) / (steps - 1) : 0;
    let done = 0;
    while (done < steps) {
      const bucket = this.bucket(first + slope * done);
      const edge = LogHistogram.growth ** (bucket - LogHistogram.offset);
      const inside = slope > 0
        ? Math.min(steps, Math.max(done, Math.floor((edge - first) / slope)) + 1)
        : steps;
      this.counts[bucket]! += (inside - done) * times;
      done = inside;
    }
    this.note(first, last, steps * times, times * steps * (first + last) / 2);
  }

  private note(least: number, most: number, count: number, sum: number): void {
    this.count += count;
    this.sum += sum;
    if (least < this.minimum) this.minimum = least;
    if (most > this.maximum) this.maximum = most;
  }

  /** The mean of all values; NaN when there is none. */
  get mean(): number {
    return this.sum / this.count;
  }

  /**
   * The value that a share of all values does not exceed; NaN when there is none.
   *
   * @param share From 0 to 1.
   */
  percentile(share: number): number {
    requireAtLeast(share, 0, "find a percentile", "the share");
    if (share > 1) {
      throw new RangeError(
        `Cannot find a percentile as the share must be <= 1: current value is ${share}`,
      );
    }
    if (this.count === 0) return NaN;
    const rank = share * (this.count - 1);
    let passed = 0, bucket = 0;
    while (bucket < this.counts.length - 1 && passed + this.counts[bucket]! <= rank) {
      passed += this.counts[bucket++]!;
    }
    const middle = 2 * LogHistogram.growth ** (bucket - LogHistogram.offset) /
      (1 + LogHistogram.growth);
    return Math.min(this.maximum, Math.max(this.minimum, middle));
  }

  private bucket(value: number): number {
    if (value === this.lastValue) return this.lastBucket;
    const index = value > 0
      ? LogHistogram.offset + Math.ceil(Math.log(value) * LogHistogram.perBucket)
      : 0;
    this.lastValue = value;
    return this.lastBucket = Math.min(this.counts.length - 1, Math.max(0, index));
  }
}
