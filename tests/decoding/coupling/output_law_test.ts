import { assert, assertAlmostEquals } from "@std/assert";
import { acceptance, outputLaw, totalVariation } from "@fewer-bytes/decoding";
import fc from "fast-check";
import { lawPairs } from "../support.ts";

Deno.test("outputLaw() is exactly the target's law, whatever the draft's", () => {
  fc.assert(fc.property(lawPairs, ([target, draft]) => {
    outputLaw(target, draft).forEach((chance, token) =>
      assertAlmostEquals(chance, target[token]!, 1e-12)
    );
  }));
});

Deno.test("outputLaw() with the target in the residual's place is off wherever a refusal can happen", () => {
  fc.assert(fc.property(lawPairs, ([target, draft]) => {
    const off = totalVariation(target, outputLaw(target, draft, target));
    // min(p, q) + (1 - a) p differs from p by a p - min(p, q).
    const a = acceptance(target, draft);
    const expected = target.reduce(
      (sum, p, token) => sum + Math.abs(a * p - Math.min(p, draft[token]!)),
      0,
    ) / 2;
    assertAlmostEquals(off, expected, 1e-12);
  }));
  assert(totalVariation([0.5, 0.5], outputLaw([0.5, 0.5], [0.75, 0.25], [0.5, 0.5])) > 0.1);
});
