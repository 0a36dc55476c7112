import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  decodeGoodput,
  decodeSeconds,
  poolRates,
  prefillGoodput,
  promptSeconds,
  trafficLasting,
} from "@fewer-bytes/disaggregation";
import { fixedLengths, type Lengths } from "@fewer-bytes/serving";
import { alike, llama } from "../setups.ts";

/** The share of requests that wait at most so long in M/D/1 (Erlang 1909). */
function waitsAtMost(seconds: number, rate: number, service: number): number {
  let sum = 0, factorial = 1;
  for (let k = 0; k * service <= seconds; k++) {
    if (k > 0) factorial *= k;
    const x = rate * (k * service - seconds);
    sum += x ** k / factorial * Math.exp(-x);
  }
  return (1 - rate * service) * sum;
}

Deno.test("prefillGoodput() of equal prompts is where nine of ten M/D/1 waits are short enough", () => {
  const service = promptSeconds(llama, 1000);
  for (const factor of [2, 4]) {
    let low = 0, high = 1 / service;
    while (high - low > 1e-6) {
      const rate = (low + high) / 2;
      if (waitsAtMost((factor - 1) * service, rate, service) >= 0.9) low = rate;
      else high = rate;
    }
    const found = prefillGoodput(llama, {
      requestsAt: (rate) => alike(8000, rate, 1000, 9),
      promise: factor * service,
      search: { from: 0.5 * low, tolerance: 0.01 },
    });
    assertAlmostEquals(found / low, 1, 0.06);
  }
});

const requestsAt = (output: Lengths) =>
  trafficLasting(30, { prompt: fixedLengths(800), output, atLeast: 300 });

Deno.test("decodeGoodput() stays below the rate of the largest batch that is fast enough, and comes near", () => {
  const promise = decodeSeconds(llama, 48, 850);
  const traffic = requestsAt(fixedLengths(101));
  const bound = poolRates(llama, llama, traffic(1), { timePerOutputToken: promise }).decode;
  const found = decodeGoodput(llama, { requestsAt: traffic, promise, search: { from: bound } });
  assert(found < bound && found > 0.6 * bound, `${found} of ${bound}`);
});

Deno.test("decodeGoodput() does not count answers of one token", () => {
  const search = { promise: 0.008, search: { from: 20, tolerance: 0.1 } };
  const of = (every: number) => {
    let drawn = 0; // each seed draws all answers anew, in their order
    return decodeGoodput(llama, {
      ...search,
      requestsAt: (rate) => {
        drawn = 0;
        return requestsAt(() => drawn++ % every === 0 ? 101 : 1)(rate);
      },
    });
  };
  assertAlmostEquals(of(2) / of(1), 2, 0.4); // half of the requests come here
});

Deno.test("a phase that cannot keep its promise for a lone request has no goodput", () => {
  const traffic = requestsAt(fixedLengths(20));
  const half = (seconds: number) => ({ requestsAt: traffic, promise: seconds / 2 });
  assertEquals(prefillGoodput(llama, half(promptSeconds(llama, 800))), 0);
  assertEquals(decodeGoodput(llama, half(decodeSeconds(llama, 1, 800))), 0);
});

Deno.test("both refuse a promise that is none", () => {
  const search = { requestsAt: requestsAt(fixedLengths(9)), promise: 0 };
  assertThrows(() => prefillGoodput(llama, search), RangeError, "the promise");
  assertThrows(() => decodeGoodput(llama, { ...search, promise: NaN }), RangeError, "the promise");
});
