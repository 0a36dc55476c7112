import { assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import {
  finishPart,
  mergedMaximumFormula,
  mergedSumFormula,
  mergedWeightedFormula,
  mergeParts,
  newMaximumFormula,
  newSumFormula,
  newWeightedFormula,
  partOf,
  softmaxOutputFormula,
} from "@fewer-bytes/attention";

const lists = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), {
  minLength: 1,
  maxLength: 5,
});

Deno.test("the printed formulas of the merge compute what mergeParts() and finishPart() do", () => {
  fc.assert(fc.property(lists, lists, (first, second) => {
    const [a, b] = [first, second].map((scores) =>
      partOf(scores, Matrix.from(scores.map((score) => [Math.cos(score)])))
    );
    const merged = mergeParts(a!, b!);
    const [maximumA, maximumB] = [a!.maximum, b!.maximum];
    const maximum = mergedMaximumFormula.evaluate({ maximumA, maximumB });
    assertAlmostEquals(maximum, merged.maximum, 1e-9); // mathjs takes closer numbers for equal
    const sum = mergedSumFormula.evaluate({
      maximum,
      maximumA,
      maximumB,
      sumA: a!.sum,
      sumB: b!.sum,
    });
    assertAlmostEquals(sum, merged.sum, 1e-9);
    const weighted = mergedWeightedFormula.evaluate({
      maximum,
      maximumA,
      maximumB,
      weightedA: a!.weighted[0]!,
      weightedB: b!.weighted[0]!,
    });
    assertAlmostEquals(weighted, merged.weighted[0]!, 1e-9);
    assertAlmostEquals(
      softmaxOutputFormula.evaluate({ weighted, sum }),
      finishPart(merged).output[0]!,
      1e-9,
    );
  }));
});

Deno.test("the printed formulas of one new key compute what partOf() does with one more score", () => {
  fc.assert(fc.property(lists, fc.double({ min: -20, max: 20, noNaN: true }), (scores, x) => {
    const values = (list: readonly number[]) => Matrix.from(list.map((score) => [Math.cos(score)]));
    const before = partOf(scores, values(scores));
    const after = partOf([...scores, x], values([...scores, x]));
    const [m, l, w, v] = [before.maximum, before.sum, before.weighted[0]!, Math.cos(x)];
    const M = newMaximumFormula.evaluate({ m, x });
    assertAlmostEquals(M, after.maximum, 1e-9);
    assertAlmostEquals(newSumFormula.evaluate({ m, M, l, x }), after.sum, 1e-9);
    assertAlmostEquals(newWeightedFormula.evaluate({ m, M, w, x, v }), after.weighted[0]!, 1e-9);
  }));
});
