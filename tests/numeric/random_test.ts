import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { seeded, summarize } from "@fewer-bytes/numeric";

const draws = (count: number, draw: () => number) => Array.from({ length: count }, draw);

Deno.test("seeded() gives the same numbers for the same seed and others for another", () => {
  const [a, b, c] = [seeded(1), seeded(1), seeded(2)];
  assertEquals(draws(100, a.uniform), draws(100, b.uniform));
  assertNotEquals(draws(100, seeded(1).uniform), draws(100, c.uniform));
});

Deno.test("seeded().uniform() fills ten bins evenly (chi-square below its 99.99 % quantile)", () => {
  for (const seed of [0, 1, 2, 12345, 2 ** 32 - 1]) {
    const bins = new Array(10).fill(0);
    for (const value of draws(100_000, seeded(seed).uniform)) bins[Math.floor(value * 10)]++;
    const chiSquare = bins.reduce((sum, observed) => sum + (observed - 10_000) ** 2 / 10_000, 0);
    assert(chiSquare < 33.72, `seed ${seed}: ${chiSquare}`); // 9 degrees of freedom
  }
});

Deno.test("seeded().normal() has the moments of the Gaussian law within five standard errors", () => {
  const random = seeded(3);
  const sample = summarize(draws(100_000, () => random.normal(2, 3)));
  assertAlmostEquals(sample.mean, 2, 5 * 3 / Math.sqrt(1e5));
  assertAlmostEquals(sample.deviation, 3, 5 * 3 / Math.sqrt(2e5));
});

Deno.test("seeded().poisson() has mean and variance equal to its rate within five standard errors", () => {
  const random = seeded(4);
  const sample = summarize(draws(50_000, () => random.poisson(6.5)));
  assertAlmostEquals(sample.mean, 6.5, 5 * Math.sqrt(6.5 / 5e4));
  assertAlmostEquals(sample.deviation ** 2, 6.5, 5 * 6.5 * Math.sqrt(2 / 5e4) * 1.1);
});

Deno.test("seeded().shuffle() keeps every item and can put any item first", () => {
  const random = seeded(5);
  const firsts = new Set<number>();
  for (let i = 0; i < 200; i++) {
    const shuffled = random.shuffle([1, 2, 3, 4]);
    assertEquals(shuffled.toSorted(), [1, 2, 3, 4]);
    firsts.add(shuffled[0]!);
  }
  assertEquals(firsts.size, 4);
});

Deno.test("seeded() refuses a seed or a limit that is no whole number", () => {
  assertThrows(() => seeded(1.5), RangeError, "seed");
  assertThrows(() => seeded(NaN), RangeError);
  assertThrows(() => seeded(1).integer(0), RangeError, "limit");
});
