import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findHardware } from "@fewer-bytes/catalog";
import { placedFootprint, spilled } from "@fewer-bytes/memory";

const hardware = findHardware("nvidia-h100-sxm");
const far = { name: "far", capacity: 100e9, bandwidth: 64e9 };

Deno.test("placedFootprint() puts every byte somewhere", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(share, share, share, (weights, cache, activations) => {
    const tiers = placedFootprint(spilled(hardware, far, { weights, cache, activations }), {
      weights: 60e9,
      cache: 50e9,
      activations: 1e9,
    });
    assertAlmostEquals(tiers[0]!.total + tiers[1]!.total, 111e9, 1);
    for (const { tier, total, fits } of tiers) assertEquals(fits, total <= tier.capacity);
  }));
});

Deno.test("placedFootprint() says which tier is too small", () => {
  const fits = (weights: number) =>
    placedFootprint(spilled(hardware, far, { weights }), { weights: 150e9 }).map((t) => t.fits);
  assertEquals([fits(0), fits(0.5), fits(1)], [[false, true], [true, true], [true, false]]);
});

Deno.test("placedFootprint() refuses negative bytes, and shares that have no footprint", () => {
  const placement = spilled(hardware, far, {});
  assertThrows(
    () => placedFootprint(placement, { weights: -1 }),
    RangeError,
    "the bytes of weights",
  );
  assertThrows(
    () => placedFootprint({ ...placement, weights: () => [1, 0] }, { weights: 1 }),
    TypeError,
    "must be the same for every operator",
  );
});
