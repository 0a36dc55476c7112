import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { softmaxWeights, stripedInputs } from "@fewer-bytes/attention";
import { seeded } from "@fewer-bytes/numeric";

/** The mean score of some pairs. */
function meanScore(
  inputs: ReturnType<typeof stripedInputs>,
  pairs: (query: number) => number,
): number {
  let sum = 0;
  for (let query = 32; query < 128; query++) {
    const [q, k] = [inputs.queries.row(query), inputs.keys.row(pairs(query))];
    sum += q.reduce((dot, value, x) => dot + value * k[x]!, 0) / Math.sqrt(q.length);
  }
  return sum / 96;
}

Deno.test("stripes stand out by their strength, and elsewhere scores average to nothing", () => {
  const eight = [0, 1, 2, 3, 4, 5, 6, 7];
  const vertical = stripedInputs({ tokens: 128, width: 256, keys: eight, strength: 6 }, seeded(1));
  assertAlmostEquals(meanScore(vertical, (query) => query % 8), 6, 1.5);
  assertAlmostEquals(meanScore(vertical, (query) => query - 5), 0, 0.5);
  const slash = stripedInputs({ tokens: 128, width: 256, distances: [5], strength: 6 }, seeded(1));
  assertAlmostEquals(meanScore(slash, (query) => query - 5), 6, 1);
  assertAlmostEquals(meanScore(slash, (query) => query % 8), 0, 0.5);
});

Deno.test("a strong slash takes the attention of every query that reaches it", () => {
  const inputs = stripedInputs({ tokens: 40, width: 128, distances: [7], strength: 12 }, seeded(2));
  const weights = softmaxWeights(inputs, { causal: true });
  for (let query = 20; query < 40; query++) assert(weights.get(query, query - 7) > 0.5);
});

Deno.test("no tokens are refused", () => {
  assertThrows(() => stripedInputs({ tokens: 0, width: 4 }, seeded(1)), RangeError, "tokens");
});
