import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { trafficLasting } from "@fewer-bytes/disaggregation";
import { fixedLengths, uniformLengths } from "@fewer-bytes/serving";

const lengths = { prompt: uniformLengths(1, 1000), output: uniformLengths(1, 100) };

Deno.test("trafficLasting() lasts as long at any rate", () => {
  for (const rate of [20, 200]) {
    assertAlmostEquals(trafficLasting(100, lengths)(rate).arrival.at(-1)!, 100, 10);
  }
});

Deno.test("trafficLasting() begins with the same requests at any rate, and other ones for another seed", () => {
  const [few, many] = [2, 50].map(trafficLasting(100, lengths));
  assertEquals(many!.promptTokens.slice(0, 200), few!.promptTokens);
  assertEquals(many!.outputTokens.slice(0, 200), few!.outputTokens);
  const other = trafficLasting(100, { ...lengths, seed: 2 })(2);
  assertEquals(other.promptTokens.every((tokens, at) => tokens === few!.promptTokens[at]), false);
});

Deno.test("trafficLasting() has a few requests even when they are rare", () => {
  assertEquals(trafficLasting(10, lengths)(1e-3).arrival.length, 100);
  assertEquals(trafficLasting(10, { ...lengths, atLeast: 7 })(1e-3).arrival.length, 7);
});

Deno.test("trafficLasting() refuses a duration and a number that are none", () => {
  const fixed = { prompt: fixedLengths(1), output: fixedLengths(1) };
  assertThrows(() => trafficLasting(0, fixed), RangeError, "its duration");
  assertThrows(() => trafficLasting(1, { ...fixed, atLeast: 0 }), RangeError, "atLeast");
  assertThrows(() => trafficLasting(1, fixed)(-1), RangeError, "the rate");
});
