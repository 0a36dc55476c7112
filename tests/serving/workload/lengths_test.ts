import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded, summarize } from "@fewer-bytes/numeric";
import {
  fixedLengths,
  geometricLengths,
  type Lengths,
  logNormalLengths,
  logNormalMean,
  publicTraffic,
  uniformLengths,
} from "@fewer-bytes/serving";

function draw(lengths: Lengths): ReturnType<typeof summarize> {
  const random = seeded(3);
  return summarize(Array.from({ length: 40_000 }, () => lengths(random)));
}

Deno.test("logNormalLengths() has the percentiles that it is given, and the mean that follows", () => {
  for (const { prompt, output } of Object.values(publicTraffic)) {
    for (const { median, p90 } of [prompt, output]) {
      const drawn = draw(logNormalLengths({ median, p90 }));
      assertAlmostEquals(drawn.median / median, 1, 0.05);
      assertAlmostEquals(drawn.p90 / p90, 1, 0.05);
      assertAlmostEquals(drawn.mean / logNormalMean({ median, p90 }), 1, 0.06);
    }
  }
});

Deno.test("the fit of arXiv papers has the mean of 9,194 tokens that the paper states", () => {
  assertAlmostEquals(logNormalMean(publicTraffic.arxivPaper.prompt), 9194, 5);
});

Deno.test("logNormalLengths() stays below its maximum, and above zero", () => {
  const drawn = draw(logNormalLengths({ median: 3, p90: 30, maximum: 50 }));
  assert(drawn.maximum <= 50 && drawn.minimum >= 1);
});

Deno.test("geometricLengths() has its mean, and a deviation of nearly the same", () => {
  const { mean, deviation } = draw(geometricLengths(200));
  assertAlmostEquals(mean / 200, 1, 0.02);
  assertAlmostEquals(deviation / Math.sqrt(200 * 199), 1, 0.03);
  assertEquals(draw(geometricLengths(1)).maximum, 1);
});

Deno.test("fixed and uniform lengths are what they say", () => {
  assertEquals(draw(fixedLengths(7)).deviation, 0);
  const { minimum, maximum, mean } = draw(uniformLengths(10, 20));
  assertEquals([minimum, maximum], [10, 20]);
  assertAlmostEquals(mean, 15, 0.1);
});

Deno.test("lengths refuse what is no length", () => {
  assertThrows(() => fixedLengths(0), RangeError, "the length must be");
  assertThrows(() => logNormalLengths({ median: 100, p90: 50 }), RangeError, "90th percentile");
  assertThrows(() => uniformLengths(5, 4), RangeError, "the most must be");
  assertThrows(() => geometricLengths(0.5), RangeError, "the mean must be");
});
