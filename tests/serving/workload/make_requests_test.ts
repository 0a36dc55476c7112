import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fixedLengths, makeRequests, poissonArrivals, uniformLengths } from "@fewer-bytes/serving";

const workload = {
  count: 5000,
  arrivals: poissonArrivals(3),
  prompt: uniformLengths(10, 20),
  output: uniformLengths(2, 9),
};

Deno.test("makeRequests() draws each column by itself: other arrivals come with the same lengths", () => {
  const one = makeRequests(workload);
  const other = makeRequests({ ...workload, arrivals: poissonArrivals(9) });
  assertEquals(one.promptTokens, other.promptTokens);
  assertEquals(one.outputTokens, other.outputTokens);
  assertAlmostEquals(one.arrival.at(-1)! / other.arrival.at(-1)!, 3, 1e-9);
  assert(
    makeRequests({ ...workload, seed: 2 }).promptTokens.some((n, i) => n !== one.promptTokens[i]),
  );
});

Deno.test("makeRequests() puts a prefix in front of the prompt, the first twice as often as the second", () => {
  const { prefix, promptTokens } = makeRequests({
    ...workload,
    prompt: fixedLengths(10),
    prefixes: { count: 4, tokens: 100 },
  });
  assert(promptTokens.every((tokens) => tokens === 110));
  const counts = [0, 1, 2, 3].map((wanted) => prefix!.filter((value) => value === wanted).length);
  assertAlmostEquals(counts[0]! / counts[1]!, 2, 0.2);
  assertAlmostEquals(counts[0]! / counts[3]!, 4, 0.6);
});

Deno.test("makeRequests() lets a share of the requests wait in the middle of their answers", () => {
  const { pauseAfter, pauseSeconds, outputTokens } = makeRequests({
    ...workload,
    pauses: { share: 0.25, seconds: () => 3 },
  });
  assertAlmostEquals(pauseAfter!.filter((tokens) => tokens > 0).length / 5000, 0.25, 0.02);
  assert(pauseAfter!.every((after, at) => after === 0 || after === outputTokens[at]! >> 1));
  assert(pauseSeconds!.every((seconds, at) => seconds === (pauseAfter![at]! > 0 ? 3 : 0)));
});

Deno.test("makeRequests() refuses counts and shares out of range", () => {
  assertThrows(() => makeRequests({ ...workload, count: 0 }), RangeError, "number of requests");
  const seconds = () => 1;
  assertThrows(
    () => makeRequests({ ...workload, pauses: { share: 2, seconds } }),
    RangeError,
    "the share must be <= 1",
  );
});
