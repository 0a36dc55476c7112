import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import {
  handOffBandwidth,
  handOffBytes,
  transferFormula,
  transferTime,
} from "@fewer-bytes/disaggregation";
import fc from "fast-check";

Deno.test("transferTime() is its printed formula", () => {
  fc.assert(fc.property(
    fc.double({ min: 0, max: 1e12, noNaN: true }),
    fc.double({ min: 1e6, max: 1e12, noNaN: true }),
    fc.integer({ min: 1, max: 8 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    (bytes, bandwidth, links, latency) => {
      const wanted = transferFormula.evaluate({ bytes, bandwidth, links, latency });
      const found = transferTime(bytes, { link: { name: "a link", bandwidth }, links, latency });
      assertAlmostEquals(found, wanted, 1e-12 * wanted);
    },
  ));
});

Deno.test("handOffBytes() is DistServe's 1.13 GB for 512 tokens of OPT-66B, which are GiB", () => {
  assertAlmostEquals(handOffBytes(findModel("opt-66b"), 512) / 2 ** 30, 1.13, 0.01);
});

Deno.test("handOffBandwidth() is DistServe's 90 Gb/s for ten of them a second, counted in Gib", () => {
  const bits = 8 * handOffBandwidth(10, handOffBytes(findModel("opt-66b"), 512));
  assertAlmostEquals(bits / 2 ** 30, 90, 1);
});

Deno.test("handOffBytes() grows with the prompt, less with a window, and is the latent once", () => {
  const gemma = findModel("gemma-2-9b");
  const [short, long] = [handOffBytes(gemma, 4096), handOffBytes(gemma, 8192)];
  assertAlmostEquals(long / short, 1.5, 1e-9); // every second layer keeps 4,096 tokens
  assertEquals(handOffBytes(findModel("deepseek-v3"), 1000), 1000 * 61 * 576 * 2);
});

Deno.test("transferTime() refuses bytes, links and shares that are none", () => {
  const link = { name: "a link", bandwidth: 1 };
  assertThrows(() => transferTime(NaN, { link }), RangeError, "the bytes");
  assertThrows(() => transferTime(1, { link: { ...link, bandwidth: 0 } }), RangeError, "of a link");
  assertThrows(() => transferTime(1, { link, links: 0.5 }), RangeError, "links");
  assertThrows(() => transferTime(1, { link, latency: -1 }), RangeError, "latency");
  assertThrows(() => transferTime(1, { link, efficiency: 2 }), RangeError, "must be <= 1");
  assertThrows(() => handOffBytes(findModel("opt-66b"), 0), RangeError, "promptTokens");
  assertThrows(() => handOffBandwidth(-1, 1), RangeError, "the rate");
});
