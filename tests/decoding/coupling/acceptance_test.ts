import { assertAlmostEquals } from "@std/assert";
import {
  acceptance,
  acceptanceFormula,
  acceptChanceFormula,
  totalVariation,
} from "@fewer-bytes/decoding";
import fc from "fast-check";
import { lawPairs } from "../support.ts";

Deno.test("acceptance is one minus the total variation distance", () => {
  fc.assert(fc.property(lawPairs, ([target, draft]) => {
    const distance = totalVariation(target, draft);
    assertAlmostEquals(acceptance(target, draft), acceptanceFormula.evaluate({ distance }), 1e-12);
  }));
});

Deno.test("acceptance is what the drafted tokens are accepted with, each by its own chance", () => {
  fc.assert(fc.property(lawPairs, ([target, draft]) => {
    let sum = 0;
    draft.forEach((q, token) => {
      if (q > 0) sum += q * acceptChanceFormula.evaluate({ p: target[token]!, q });
    });
    assertAlmostEquals(acceptance(target, draft), sum, 1e-12);
  }));
});

Deno.test("totalVariation() is the most by which the laws differ about any set of tokens", () => {
  fc.assert(fc.property(lawPairs, ([target, draft]) => {
    let most = 0;
    for (let set = 0; set < 2 ** target.length; set++) {
      let difference = 0;
      target.forEach((p, token) => {
        if (set >> token & 1) difference += p - draft[token]!;
      });
      most = Math.max(most, Math.abs(difference));
    }
    assertAlmostEquals(totalVariation(target, draft), most, 1e-12);
  }));
});
