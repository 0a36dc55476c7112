import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { deviation, mean } from "d3-array";
import {
  burstyArrivals,
  continuousBatching,
  evenArrivals,
  fixedLengths,
  fixedServiceFormula,
  kingmanFormula,
  littlesLaw,
  logNormalLengths,
  makeRequests,
  meanWait,
  meanWaitWithBursts,
  poissonArrivals,
  pollaczekKhinchineFormula,
  simulate,
} from "@fewer-bytes/serving";
import { llama, prefillSeconds } from "../setups.ts";

const alone = continuousBatching({ batch: 1 });
const answer = fixedLengths(1);

Deno.test("the simulator's mean wait is within 2 % of M/D/1, from light to heavy load", () => {
  const service = prefillSeconds(llama, 1000);
  for (const load of [0.3, 0.6, 0.8]) {
    const requests = makeRequests({
      count: 300_000,
      arrivals: poissonArrivals(load / service),
      prompt: fixedLengths(1000),
      output: answer,
    });
    const { timeToFirstToken } = simulate({ deployment: llama, requests, policy: alone });
    const wait = meanWait(load / service, { mean: service });
    assertAlmostEquals((timeToFirstToken.mean - service) / wait, 1, 0.02, `load ${load}`);
  }
});

Deno.test("the simulator's mean wait is within 2 % of M/G/1 with log-normal prompts", () => {
  const count = 400_000;
  const prompt = logNormalLengths({ median: 600, p90: 1800, maximum: 4000 });
  for (const load of [0.3, 0.7]) {
    const draw = (rate: number) =>
      makeRequests({ count, arrivals: poissonArrivals(rate), prompt, output: answer });
    const times = new Map<number, number>();
    const services = Float64Array.from(draw(1).promptTokens, (tokens) => {
      const known = times.get(tokens) ?? prefillSeconds(llama, tokens);
      times.set(tokens, known);
      return known;
    });
    const service = { mean: mean(services)!, variation: deviation(services)! / mean(services)! };
    assert(service.variation > 0.5);
    const rate = load / service.mean;
    const { timeToFirstToken } = simulate({
      deployment: llama,
      requests: draw(rate),
      policy: alone,
    });
    const wait = timeToFirstToken.mean - service.mean;
    assertAlmostEquals(wait / meanWait(rate, service), 1, 0.02, `load ${load}`);
  }
});

Deno.test("nobody waits when requests come evenly and service is shorter than the gap", () => {
  const service = prefillSeconds(llama, 1000);
  const requests = makeRequests({
    count: 1000,
    arrivals: evenArrivals(0.99 / service),
    prompt: fixedLengths(1000),
    output: answer,
  });
  const { timeToFirstToken } = simulate({ deployment: llama, requests, policy: alone });
  assertAlmostEquals(timeToFirstToken.maximum, service, 1e-9);
});

Deno.test("Kingman's approximation is near the simulator at high load with bursts", () => {
  const service = prefillSeconds(llama, 1000);
  const rate = 0.9 / service;
  const requests = makeRequests({
    count: 300_000,
    arrivals: burstyArrivals(rate, 2),
    prompt: fixedLengths(1000),
    output: answer,
  });
  const { timeToFirstToken } = simulate({ deployment: llama, requests, policy: alone });
  const wait = timeToFirstToken.mean - service;
  assertAlmostEquals(wait / meanWaitWithBursts(rate, 2, { mean: service }), 1, 0.15);
});

Deno.test("the printed formulas are what is computed", () => {
  const unit = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  fc.assert(fc.property(unit, unit, unit, unit, (rho, S, Ca, Cs) => {
    const lambda = rho / S;
    const S2 = S ** 2 * (1 + Cs ** 2);
    const close = (one: number, other: number) => assertAlmostEquals(one / other, 1, 1e-9);
    close(meanWait(lambda, { mean: S }), fixedServiceFormula.evaluate({ load: rho, service: S }));
    close(
      meanWait(lambda, { mean: S, variation: Cs }),
      pollaczekKhinchineFormula.evaluate({ rate: lambda, service: S, squaredService: S2 }),
    );
    close(
      meanWaitWithBursts(lambda, Ca, { mean: S, variation: Cs }),
      kingmanFormula.evaluate({ load: rho, service: S, gapVariation: Ca, serviceVariation: Cs }),
    );
    close(
      meanWaitWithBursts(lambda, 1, { mean: S, variation: Cs }),
      meanWait(lambda, { mean: S, variation: Cs }),
    );
  }));
});

Deno.test("meanWait() refuses a load of one or more, and rates below zero", () => {
  assertThrows(() => meanWait(10, { mean: 0.1 }), RangeError, "the load must be < 1");
  assertThrows(() => meanWait(-1, { mean: 0.1 }), RangeError, "the rate must be");
  assertThrows(() => meanWaitWithBursts(11, 2, { mean: 0.1 }), RangeError, "current value is 1.1");
  assertThrows(() => littlesLaw(1, NaN), RangeError, "the time in the system");
});
