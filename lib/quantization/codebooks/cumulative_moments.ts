/** Of the part of a law below a place: its mass, its sum of x, its sum of x². */
export type Moments = readonly [mass: number, first: number, second: number];

/** What Lloyd and Max need to know of a law. */
export interface Cumulative {
  readonly total: Moments;
  readonly below: (x: number) => Moments;
  /** Places to begin with, in ascending order. */
  readonly start: (count: number) => Float64Array;
}

/** Running sums over points in ascending order: entry i is of all points before point i. */
function runningSums(points: Float64Array, weight: (i: number) => number, variance: number) {
  const [mass, first, second] = [0, 1, 2].map(() => new Float64Array(points.length + 1)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  points.forEach((x, i) => {
    mass[i + 1] = mass[i]! + weight(i);
    first[i + 1] = first[i]! + weight(i) * x;
    second[i + 1] = second[i]! + weight(i) * (x * x + variance);
  });
  return (i: number): Moments => [mass[i]!, first[i]!, second[i]!];
}

/** How many entries of an ascending sequence are below a value. */
function countBelow(length: number, entry: (i: number) => number, value: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entry(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The moments of samples, each of mass 1. The start is at even quantiles. */
export function cumulateSamples(samples: ArrayLike<number>): Cumulative {
  const sorted = Float64Array.from(samples).sort();
  if (!sorted.length || !sorted.every(Number.isFinite)) {
    throw new RangeError(
      `Cannot place levels as the samples must be finite numbers, at least one: current number is ${sorted.length}`,
    );
  }
  const at = runningSums(sorted, () => 1, 0);
  return {
    total: at(sorted.length),
    below: (x) => at(countBelow(sorted.length, (i) => sorted[i]!, x)),
    start: (count) =>
      Float64Array.from(
        { length: count },
        (_, i) => sorted[Math.floor((i + 0.5) / count * sorted.length)]!,
      ),
  };
}

const cells = 1 << 14;

/**
 * The moments of a density, taken as constant within fine cells. The start is at even quantiles of its cube
 * root, where many levels lie best (Panter and Dite, 1951): so a few rounds do, and not thousands.
 */
export function cumulateDensity(
  density: (x: number) => number,
  [from, to]: readonly [from: number, to: number],
): Cumulative {
  const width = (to - from) / cells;
  const middles = Float64Array.from({ length: cells }, (_, i) => from + (i + 0.5) * width);
  const heights = middles.map(density);
  const at = runningSums(middles, (i) => heights[i]! * width, width ** 2 / 12);
  const total = at(cells);
  if (!(total[0] > 0 && Number.isFinite(total[2]) && heights.every((height) => height >= 0))) {
    throw new RangeError(
      `Cannot place levels as the density must be >= 0 with a finite, positive mass between ${from} and ${to}: current mass is ${
        total[0]
      }`,
    );
  }
  const below = (x: number): Moments => {
    const place = Math.max(0, Math.min((x - from) / width, cells));
    const cell = Math.floor(place);
    const [mass, first, second] = at(cell);
    const part = (place - cell) * width;
    const own = part * (heights[cell] ?? 0);
    const middle = from + cell * width + part / 2;
    return [mass + own, first + own * middle, second + own * middle ** 2];
  };
  const start = (count: number) => {
    const roots = runningSums(middles, (i) => Math.cbrt(heights[i]!), 0);
    return Float64Array.from({ length: count }, (_, i) => {
      const share = (i + 0.5) / count * roots(cells)[0];
      return from + width * countBelow(cells, (cell) => roots(cell)[0], share);
    });
  };
  return { total, below, start };
}
