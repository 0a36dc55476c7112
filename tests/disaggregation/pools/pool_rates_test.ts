import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  decodeSeconds,
  decodeWork,
  largestDecodeBatch,
  poolRates,
  promptSeconds,
  receivedCaches,
} from "@fewer-bytes/disaggregation";
import { type RequestEntry, requests, simulate } from "@fewer-bytes/serving";
import fc from "fast-check";
import { alike, llama } from "../setups.ts";

const entry = fc.record({
  promptTokens: fc.integer({ min: 1, max: 500 }),
  outputTokens: fc.integer({ min: 1, max: 40 }),
}).map((lengths): RequestEntry => ({ arrival: 0, ...lengths }));

Deno.test("decodeWork() is what one counts, step by step", () => {
  fc.assert(fc.property(fc.array(entry, { minLength: 1, maxLength: 20 }), (entries) => {
    const contexts: number[] = [];
    for (const { promptTokens, outputTokens } of entries) {
      for (let given = 1; given < outputTokens; given++) contexts.push(promptTokens + given - 1);
    }
    const { steps, context } = decodeWork(requests(entries));
    assertAlmostEquals(steps, contexts.length / entries.length, 1e-9);
    const mean = contexts.reduce((sum, tokens) => sum + tokens, 0) / (contexts.length || 1);
    assertAlmostEquals(context, mean, 1e-6);
  }));
});

Deno.test("largestDecodeBatch() is the last that fits when one tries all", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 1, max: 80 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 3001, max: 100_000 }),
      (context, batch, loose, cacheTokens) => {
        const timePerOutputToken = decodeSeconds(llama, 1, context) * (1 + 0.3 * loose);
        let wanted = 0;
        for (let count = 1; count <= batch; count++) {
          const fits = count * (context + 1) <= cacheTokens &&
            decodeSeconds(llama, count, context) <= timePerOutputToken;
          if (fits) wanted = count;
        }
        const limits = { timePerOutputToken, cacheTokens, batch };
        assertEquals(largestDecodeBatch(llama, context, limits), wanted);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("poolRates() of equal requests is one over a prompt, and a batch over its steps", () => {
  const rates = poolRates(llama, llama, alike(10, 1, 1000, 101), { batch: 32 });
  assertAlmostEquals(rates.prefill, 1 / promptSeconds(llama, 1000), 1e-9);
  assertAlmostEquals(rates.step, decodeSeconds(llama, 32, 1049.5), 1e-12);
  assertAlmostEquals(rates.decode, 32 / (100 * rates.step), 1e-9);
  assertAlmostEquals(rates.ratio, rates.decode / rates.prefill, 1e-12);
});

Deno.test("poolRates() bounds a decode server that always has a full batch, and nearly reaches it", () => {
  const traffic = alike(640, 1e6, 1000, 101);
  const { requestsPerSecond } = simulate({
    deployment: llama,
    requests: traffic,
    policy: receivedCaches({ batch: 64 }),
  });
  const { decode } = poolRates(llama, llama, traffic, { batch: 64 });
  assertAlmostEquals(requestsPerSecond / decode, 1, 0.01);
});

Deno.test("a stricter time per token asks for more decode servers", () => {
  const ratio = (timePerOutputToken: number) =>
    poolRates(llama, llama, alike(10, 1, 1000, 200), { timePerOutputToken }).ratio;
  assert(ratio(0.006) < ratio(0.01) && ratio(0.01) <= ratio(1));
});

Deno.test("poolRates() refuses limits that no batch meets, and traffic that does not decode", () => {
  const traffic = alike(3, 1, 100, 10);
  const rates = (limits: object) => poolRates(llama, llama, traffic, limits);
  assertThrows(() => rates({ timePerOutputToken: 1e-9 }), RangeError, "one sequence must meet");
  assertThrows(() => rates({ cacheTokens: 3 }), RangeError, "one sequence must meet");
  assertThrows(() => rates({ batch: 0 }), RangeError, "the batch");
  assertThrows(() => poolRates(llama, llama, alike(3, 1, 100, 1)), RangeError, "decode steps");
});
