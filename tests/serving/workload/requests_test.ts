import { assertEquals, assertThrows } from "@std/assert";
import { arrivalRate, checkRequests, requests } from "@fewer-bytes/serving";

Deno.test("requests() fills the columns that some entry uses, and no others", () => {
  const plain = { arrival: 0, promptTokens: 5, outputTokens: 6 };
  assertEquals(Object.keys(requests([plain])), ["arrival", "promptTokens", "outputTokens"]);
  const { prefix, pauseAfter, pauseSeconds } = requests([
    plain,
    { ...plain, arrival: 1, prefix: 2, prefixTokens: 3 },
    { ...plain, arrival: 2, pauseAfter: 4, pauseSeconds: 0.5 },
  ]);
  assertEquals([[...prefix!], [...pauseAfter!], [...pauseSeconds!]], [
    [-1, 2, -1],
    [0, 0, 4],
    [0, 0, 0.5],
  ]);
});

Deno.test("checkRequests() names the request and what is wrong with it", () => {
  const columns = (arrival: number[], prompt: number[], output: number[]) => ({
    arrival: Float64Array.from(arrival),
    promptTokens: Int32Array.from(prompt),
    outputTokens: Int32Array.from(output),
  });
  const refused = (value: Parameters<typeof checkRequests>[0], message: string) =>
    assertThrows(() => checkRequests(value), Error, message);
  refused(columns([], [], []), "there must be at least one");
  refused(columns([0, 2, 1], [1, 1, 1], [1, 1, 1]), "the arrival of request 2 must be");
  refused(columns([0, NaN], [1, 1], [1, 1]), "the arrival of request 1");
  refused(columns([-1], [1], [1]), "current value is -1");
  refused(columns([0], [0], [1]), "promptTokens of request 0 must be >= 1");
  refused(columns([0], [1], [-2]), "outputTokens of request 0 must be >= 1");
  refused(columns([0, 1], [1], [1, 1]), "promptTokens has 1");
  const one = columns([0], [5], [1]);
  const number = (value: number) => Int32Array.of(value);
  refused({ ...one, prefix: number(0) }, "must come together: prefixTokens is missing");
  refused({ ...one, pauseSeconds: Float64Array.of(1) }, "pauseAfter is missing");
  refused({ ...one, prefix: number(0), prefixTokens: number(6) }, "must be 0 to 5, the length");
  assertThrows(
    () => requests([{ arrival: 0, promptTokens: 1.5, outputTokens: 1 }]),
    RangeError,
    "promptTokens must be a whole number",
  );
});

Deno.test("arrivalRate() counts gaps, and is infinite when all come at once", () => {
  const at = (...times: number[]) =>
    requests(times.map((arrival) => ({ arrival, promptTokens: 1, outputTokens: 1 })));
  assertEquals(arrivalRate(at(1, 2, 3)), 1);
  assertEquals(arrivalRate(at(4, 4)), Infinity);
  assertEquals(arrivalRate(at(4)), Infinity);
});
