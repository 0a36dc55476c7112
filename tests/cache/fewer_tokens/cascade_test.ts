import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { cascade, cascadeFormula } from "@fewer-bytes/cache";

const ratios = fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), {
  minLength: 1,
  maxLength: 12,
});

Deno.test("cascade() is what is left when tokens are struck off a list, layer by layer", () => {
  fc.assert(fc.property(ratios, (list) => {
    let tokens = 1e9;
    let reads = 0, pairs = 0;
    const { kept, ...means } = cascade(list);
    list.forEach((ratio, layer) => {
      tokens -= tokens * (1 - ratio);
      reads += tokens / 1e9;
      pairs += (tokens / 1e9) * (tokens / 1e9);
      assertAlmostEquals(kept[layer]!, tokens / 1e9, 1e-9);
    });
    assertAlmostEquals(means.reads, reads / list.length, 1e-9);
    assertAlmostEquals(means.pairs, pairs / list.length, 1e-9);
    assert(means.pairs <= means.reads + 1e-12);
  }));
});

Deno.test("cascadeFormula says what cascade() keeps at one ratio", () => {
  const { kept } = cascade([0.8, 0.8, 0.8]);
  kept.forEach((share, index) =>
    assertAlmostEquals(cascadeFormula.evaluate({ ratio: 0.8, layer: index + 1 }), share, 1e-12)
  );
});

Deno.test("cascade() refuses a ratio of 0 or above 1, and no layers", () => {
  assertThrows(() => cascade([0.5, 0]), RangeError, "each ratio must be > 0: current value is 0");
  assertThrows(() => cascade([1.5]), RangeError, "each ratio must be <= 1: current value is 1.5");
  assertThrows(() => cascade([]), RangeError, "the number of layers");
});
