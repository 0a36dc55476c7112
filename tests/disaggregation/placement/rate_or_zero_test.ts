import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { promptSeconds } from "@fewer-bytes/disaggregation";
import { largestRate, pagedBatching, simulate } from "@fewer-bytes/serving";
import { rateOrZero } from "../../../lib/disaggregation/placement/rate_or_zero.ts";
import { alike, llama } from "../setups.ts";

const simulateAt = (rate: number) =>
  simulate({ deployment: llama, requests: alike(200, rate, 1000, 2), policy: pagedBatching() });
const alone = promptSeconds(llama, 1000);

Deno.test("rateOrZero() is largestRate() where there is a rate", () => {
  const search = { simulateAt, objective: { timeToFirstToken: 3 * alone }, from: 5 };
  assertEquals(rateOrZero(search), largestRate(search).rate);
});

Deno.test("rateOrZero() is zero just where a lone request breaks the promise", () => {
  const at = (share: number) =>
    rateOrZero({ simulateAt, objective: { timeToFirstToken: share * alone }, from: 5 });
  assertEquals(at(0.999), 0);
  assertAlmostEquals(Math.sign(at(1.001)), 1);
});

Deno.test("rateOrZero() still refuses a promise that no load breaks", () => {
  const search = { simulateAt, objective: { timeToFirstToken: 1e6 } };
  assertThrows(() => rateOrZero(search), RangeError, "must break at some rate");
});
