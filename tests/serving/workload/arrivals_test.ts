import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { deviation, mean } from "d3-array";
import { seeded } from "@fewer-bytes/numeric";
import { arrivalTimes, burstyArrivals, evenArrivals, poissonArrivals } from "@fewer-bytes/serving";

function gaps(times: Float64Array): Float64Array {
  return times.map((time, at) => time - (times[at - 1] ?? 0));
}

Deno.test("poissonArrivals() has exponential gaps: their deviation is their mean", () => {
  const drawn = gaps(arrivalTimes(poissonArrivals(4), 100_000, seeded(1)));
  assertAlmostEquals(mean(drawn)!, 0.25, 0.003);
  assertAlmostEquals(deviation(drawn)!, 0.25, 0.005);
  // A share of e⁻² of the gaps is longer than two means.
  const long = drawn.filter((gap) => gap > 0.5).length / drawn.length;
  assertAlmostEquals(long, Math.exp(-2), 0.005);
});

Deno.test("burstyArrivals() has the mean and the variation that were asked for", () => {
  for (const variation of [0.5, 1, 2, 4]) {
    const drawn = gaps(arrivalTimes(burstyArrivals(10, variation), 200_000, seeded(2)));
    assertAlmostEquals(mean(drawn)! / 0.1, 1, 0.03, `${variation}`);
    assertAlmostEquals(deviation(drawn)! / mean(drawn)! / variation, 1, 0.04, `${variation}`);
    assert(drawn.every((gap) => gap >= 0));
  }
});

Deno.test("evenArrivals() leaves the same gap each time", () => {
  assertEquals([...arrivalTimes(evenArrivals(2), 3, seeded(1))], [0.5, 1, 1.5]);
});

Deno.test("arrivals refuse rates and variations that are not above zero", () => {
  assertThrows(() => poissonArrivals(0), RangeError, "the rate must be > 0");
  assertThrows(() => poissonArrivals(-3), RangeError, "current value is -3");
  assertThrows(() => burstyArrivals(1, NaN), RangeError, "the variation");
  assertThrows(() => evenArrivals(Infinity), RangeError, "the rate");
});
