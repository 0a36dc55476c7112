import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  attainment,
  continuousBatching,
  goodput,
  largestRate,
  pagedBatching,
  requests,
  simulate,
} from "@fewer-bytes/serving";
import { alike, llama, prefillSeconds } from "../setups.ts";

Deno.test("attainment() counts the requests for which both promises hold", () => {
  const result = simulate({
    deployment: llama,
    requests: requests([0, 100, 100.0001].map((arrival) => ({
      arrival,
      promptTokens: 4000,
      outputTokens: 10,
    }))),
    policy: pagedBatching(),
  });
  const alone = prefillSeconds(llama, 4000);
  // The second request is stopped by the third one's prompt; the third waits for the second's.
  assertEquals(attainment(result, { timeToFirstToken: 1.01 * alone }), 2 / 3);
  assertEquals(
    attainment(result, { timeToFirstToken: 3 * alone, timePerOutputToken: 0.01 }),
    2 / 3,
  );
  assertEquals(
    attainment(result, { timeToFirstToken: 1.01 * alone, timePerOutputToken: 0.01 }),
    1 / 3,
  );
  const objective = { timeToFirstToken: 3 * alone };
  assertAlmostEquals(goodput(result, objective), result.requestsPerSecond, 1e-12);
});

const simulateAt = (rate: number) =>
  simulate({
    deployment: llama,
    requests: alike(2000, rate, 1000, 1),
    policy: continuousBatching({ batch: 1 }),
  });

Deno.test("largestRate() finds the rate at which the promise breaks, and stays below saturation", () => {
  const service = prefillSeconds(llama, 1000);
  const objective = { timeToFirstToken: 3 * service };
  const { rate, result } = largestRate({ simulateAt, objective });
  assert(attainment(result, objective) >= 0.9);
  assert(attainment(simulateAt(1.05 * rate), objective) < 0.9);
  assert(rate < 1 / service && rate > 0.4 / service, `${rate * service}`);
});

Deno.test("largestRate() says when not even a lone request can meet the objective", () => {
  assertThrows(
    () => largestRate({ simulateAt, objective: { timeToFirstToken: 1e-3 } }),
    RangeError,
    "requests must meet it when they are alone: they take 15",
  );
  assertThrows(
    () => largestRate({ simulateAt, objective: { timeToFirstToken: 1e9 } }),
    RangeError,
    "the objective must break at some rate",
  );
  assertThrows(
    () => attainment(simulateAt(1), { timeToFirstToken: 0 }),
    RangeError,
    "timeToFirstToken must be > 0",
  );
});
