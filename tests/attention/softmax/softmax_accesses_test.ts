import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { onlineSoftmax, softmaxAccesses, softmaxAlgorithms } from "@fewer-bytes/attention";

Deno.test("softmaxAccesses() counts what the papers count for each score: 3, 4, 5, 3 and 3", () => {
  // Milakov and Gimelshein (2018): naive 2 + 1, safe 3 + 1, online 2 + 1. Dukhan and Ablavatski (2020): three-pass with
  // recomputing 3 + 1 and with reloading 3 + 2, two-pass 2 + 1.
  const counts = Object.values(softmaxAlgorithms).map((algorithm) => softmaxAccesses(algorithm));
  assertEquals(counts.map(({ loads, stores }) => [loads, stores]), [
    [2, 1],
    [3, 1],
    [3, 2],
    [2, 1],
    [2, 1],
  ]);
});

Deno.test("softmaxAccesses() for each score does not depend on how many there are", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), (length) => {
    assertEquals(softmaxAccesses(onlineSoftmax, length).total, 3);
  }));
});

Deno.test("softmaxAccesses() refuses a softmax of nothing", () => {
  assertThrows(() => softmaxAccesses(onlineSoftmax, 0), RangeError, "number of scores");
});
