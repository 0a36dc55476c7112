import { assertAlmostEquals, assertThrows } from "@std/assert";
import { exchangeBound, exchangeBoundFormula } from "@fewer-bytes/experts";
import fc from "fast-check";

// Zhao et al., "Insights into DeepSeek-V3", section 2.3.2.
const published = { hiddenSize: 7000, layers: 61, places: 9, tokens: 32 };

Deno.test("exchangeBound() gives the paper's 67 tokens a second, and about 1,200 in an NVL72", () => {
  const slow = exchangeBound({ ...published, bandwidth: 50e9 });
  assertAlmostEquals(slow.exchange * 1e6, 120.96, 1e-9);
  assertAlmostEquals(slow.timePerOutputToken * 1e3, 14.76, 0.005);
  assertAlmostEquals(slow.tokensPerSecond, 67, 1);
  const fast = exchangeBound({ ...published, bandwidth: 900e9 });
  assertAlmostEquals(fast.exchange * 1e6, 6.72, 1e-9);
  assertAlmostEquals(fast.timePerOutputToken * 1e3, 0.82, 0.005);
  assertAlmostEquals(fast.tokensPerSecond, 1200, 25);
});

Deno.test("with the model's own width and layers it is 70 tokens a second", () => {
  const own = exchangeBound({ ...published, hiddenSize: 7168, layers: 58, bandwidth: 50e9 });
  assertAlmostEquals(own.tokensPerSecond, 69.6, 0.1);
});

Deno.test("exchangeBound() computes what its formula prints", () => {
  const size = fc.integer({ min: 1, max: 5000 });
  fc.assert(fc.property(size, size, size, size, (hidden, layers, tokens, places) => {
    const setup = { hiddenSize: hidden, layers, tokens, places, bandwidth: 3e9, microBatches: 3 };
    const seconds = exchangeBoundFormula.evaluate({
      layers,
      batches: 3,
      tokens,
      places,
      hidden,
      bytes: 3,
      bandwidth: 3e9,
    });
    assertAlmostEquals(exchangeBound(setup).timePerOutputToken / seconds, 1, 1e-9);
  }));
});

Deno.test("exchangeBound() refuses a link that carries nothing", () => {
  assertThrows(() => exchangeBound({ ...published, bandwidth: 0 }), RangeError, "the bandwidth");
  assertThrows(() => exchangeBound({ ...published, bandwidth: NaN }), RangeError, "the bandwidth");
  assertThrows(
    () => exchangeBound({ ...published, layers: 0, bandwidth: 1 }),
    RangeError,
    "the layers",
  );
});
