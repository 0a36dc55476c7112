import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import {
  breakEvenFormula,
  breakEvenHitRate,
  cachedAnswerFormula,
  impliedFixedCost,
  impliedModelTime,
} from "@fewer-bytes/paging";

const seconds = fc.double({ min: 1e-4, max: 10, noNaN: true });

Deno.test("at break-even a cache takes as long as no cache, and the displayed formulas say so", () => {
  fc.assert(fc.property(seconds, seconds, seconds, (search, model, fixed) => {
    const rate = breakEvenHitRate(search, model, fixed);
    assertAlmostEquals(rate, breakEvenFormula.evaluate({ search, model, fixed }));
    assertAlmostEquals(cachedAnswerFormula.evaluate({ search, fixed, rate, model }), model, 1e-9);
    assertAlmostEquals(impliedModelTime(search, breakEvenHitRate(search, model)), model, 1e-9);
  }));
});

Deno.test("the time of a cache is what a count over random hits gives", () => {
  const random = seeded(1);
  let sum = 0;
  for (let i = 0; i < 50_000; i++) sum += 0.03 + (random.uniform() < 0.3 ? 0 : 0.2);
  const time = cachedAnswerFormula.evaluate({ search: 0.03, fixed: 0, rate: 0.3, model: 0.2 });
  assertAlmostEquals(sum / 50_000, time, 2e-3);
});

Deno.test("15 to 20 % at 30 ms mean 1.0 to 1.3 % at 2 ms, not 3 to 5 %", () => {
  const models = [0.15, 0.20].map((rate) => impliedModelTime(0.030, rate));
  assertAlmostEquals(models[0]!, 0.2);
  assertAlmostEquals(models[1]!, 0.15);
  const rates = models.map((model) => breakEvenHitRate(0.002, model));
  assertAlmostEquals(rates[0]!, 0.01);
  assertAlmostEquals(rates[1]!, 0.0133, 1e-4);
});

Deno.test("both stated ranges hold with 5 to 7.3 ms beside the search, and a model of 187 to 233 ms", () => {
  const low = impliedFixedCost({ search: 0.030, rate: 0.15 }, { search: 0.002, rate: 0.03 });
  const high = impliedFixedCost({ search: 0.030, rate: 0.20 }, { search: 0.002, rate: 0.05 });
  assertAlmostEquals(low.fixed, 0.005, 1e-6);
  assertAlmostEquals(low.model, 0.2333, 1e-4);
  assertAlmostEquals(high.fixed, 0.00733, 1e-5);
  assertAlmostEquals(high.model, 0.1867, 1e-4);
  for (const [{ fixed, model }, slow, fast] of [[low, 0.15, 0.03], [high, 0.2, 0.05]] as const) {
    assertAlmostEquals(breakEvenHitRate(0.030, model, fixed), slow, 1e-9);
    assertAlmostEquals(breakEvenHitRate(0.002, model, fixed), fast, 1e-9);
  }
  const proportional = impliedFixedCost(
    { search: 0.030, rate: 0.15 },
    { search: 0.002, rate: 0.01 },
  );
  assert(Math.abs(proportional.fixed) < 1e-12);
});

Deno.test("break-even refuses models that take no time, and rates that no cost explains", () => {
  assertThrows(() => breakEvenHitRate(0.01, 0), RangeError, "the model's time must be > 0");
  assertThrows(() => breakEvenHitRate(-1, 1), RangeError, "the search");
  assertThrows(() => breakEvenHitRate(1, 1, NaN), RangeError, "the fixed cost");
  assertThrows(() => impliedModelTime(0.03, 0), RangeError, "the rate");
  const stated = { search: 0.03, rate: 0.15 };
  assertThrows(() => impliedFixedCost(stated, stated), RangeError, "the slower search");
  assertThrows(() => impliedFixedCost(stated, { search: 0.002, rate: 0.2 }), RangeError);
});
