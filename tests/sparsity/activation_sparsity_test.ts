import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { density, keepLargest, thresholdFor, zeroBelow } from "@fewer-bytes/sparsity";

const someActivations = fc.uniqueArray(fc.integer({ min: 1, max: 999 }), {
  minLength: 1,
  maxLength: 40,
})
  .map((values) => Float32Array.from(values, (value, i) => i % 2 ? -value : value));

Deno.test("thresholdFor() puts exactly the share below, when magnitudes differ", () => {
  fc.assert(fc.property(someActivations, fc.integer({ min: 0, max: 100 }), (samples, percent) => {
    const cut = zeroBelow(samples.slice(), thresholdFor(samples, percent / 100));
    const zeros = cut.filter((value) => value === 0).length;
    assertEquals(zeros, Math.floor(percent * samples.length / 100));
  }));
});

Deno.test("thresholdFor() of Gaussian activations is the quantile in the tables: 0.674 for one half", () => {
  const random = seeded(1);
  const samples = Float32Array.from({ length: 40_000 }, () => random.normal());
  assertAlmostEquals(thresholdFor(samples, 0.5), 0.6745, 0.02);
  const fresh = Float32Array.from({ length: 40_000 }, () => random.normal());
  assertAlmostEquals(density(zeroBelow(fresh, thresholdFor(samples, 0.5))), 0.5, 0.02);
});

Deno.test("keepLargest() keeps exactly as many, none smaller than one that goes, and their values", () => {
  fc.assert(fc.property(someActivations, fc.nat(), (activations, seed) => {
    const count = seed % (activations.length + 1);
    const cut = keepLargest(activations.slice(), count);
    const kept = cut.filter((value) => value !== 0);
    const gone = activations.filter((_, i) => cut[i] === 0);
    assertEquals(kept.length, count);
    assert(Math.min(...kept.map(Math.abs)) > Math.max(...gone.map(Math.abs), 0));
    cut.forEach((value, i) => assert(value === 0 || value === activations[i]));
  }));
});

Deno.test("thresholdFor() and keepLargest() refuse NaN, nothing, and more than there is", () => {
  assertThrows(() => thresholdFor(Float32Array.of(NaN), 0.5), RangeError, "NaN");
  assertThrows(() => thresholdFor(new Float32Array(), 0.5), RangeError, "number of samples");
  assertThrows(() => keepLargest(Float32Array.of(NaN), 0), RangeError, "NaN");
  assertThrows(() => keepLargest(Float32Array.of(1), 2), RangeError, "<= 1");
});
