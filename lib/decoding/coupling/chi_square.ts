import { type Law, requireLaw } from "./distribution.ts";

/** How well counts fit a law. */
export interface ChiSquare {
  /** Sum of squared differences, each over what was expected. */
  readonly statistic: number;
  /** Cells that were compared, less one. */
  readonly degrees: number;
  /** The chance of a statistic as large as this one when the counts do follow the law. */
  readonly chance: number;
}

/** Cells that expect fewer are put together: the test's law holds only for cells that are not nearly empty. */
const smallestCell = 5;

/**
 * Can these counts be draws from this law? Pearson's test. Its chance is spread evenly from 0 to 1 when they are, and
 * nearly 0 when they are not: a value below 0.001 or so refutes the law, any other says only that nothing speaks against it.
 *
 * Tokens that are expected fewer than five times are counted as one.
 *
 * @param counts How often each token was drawn.
 * @throws {TypeError} when there are not as many counts as chances.
 * @throws {RangeError} when the law is none, or fewer than two cells are left to compare.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { chiSquare } from "@fewer-bytes/decoding";
 *
 * assert(chiSquare([52, 48], [0.5, 0.5]).chance > 0.5);
 * assert(chiSquare([75, 25], [0.5, 0.5]).chance < 1e-6);
 * ```
 */
export function chiSquare(counts: ArrayLike<number>, law: Law): ChiSquare {
  requireLaw(law, "test counts", "the law");
  if (counts.length !== law.length) {
    throw new TypeError(
      `Cannot test counts as there must be one for each of ${law.length} tokens: current number is ${counts.length}`,
    );
  }
  const draws = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const rare = { count: 0, expected: 0 };
  let statistic = 0, cells = 0;
  const compare = (count: number, expected: number) => {
    statistic += (count - expected) ** 2 / expected;
    cells++;
  };
  for (let token = 0; token < law.length; token++) {
    const expected = draws * law[token]!;
    if (expected >= smallestCell) compare(counts[token]!, expected);
    else {
      rare.count += counts[token]!;
      rare.expected += expected;
    }
  }
  // What cannot happen but did refutes the law whatever the rest says.
  if (rare.expected > 0) compare(rare.count, rare.expected);
  else if (rare.count > 0) statistic = Infinity;
  if (cells < 2) {
    throw new RangeError(
      `Cannot test counts as at least two cells must expect ${smallestCell} draws: current number is ${cells}`,
    );
  }
  return { statistic, degrees: cells - 1, chance: upperGamma((cells - 1) / 2, statistic / 2) };
}

/** The regularized upper incomplete gamma function Q(a, x): a series below a + 1, Lentz's continued fraction above. */
function upperGamma(a: number, x: number): number {
  if (x === Infinity) return 0;
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a, sum = term;
    for (let n = 1; term > sum * 1e-16; n++) sum += term *= x / (a + n);
    return 1 - scale * sum;
  }
  let b = x + 1 - a, c = Infinity, d = 1 / b, fraction = d;
  for (let n = 1, step = 0; Math.abs(step - 1) > 1e-15 && n < 10_000; n++) {
    b += 2;
    d = 1 / (b - n * (n - a) * d);
    c = b - n * (n - a) / c;
    fraction *= step = c * d;
  }
  return scale * fraction;
}

/** Stirling's series, after stepping up to where it is exact to double precision. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift += Math.log(x);
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series - shift;
}
