import { assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import {
  finishPart,
  mergedMaximumFormula,
  mergedSumFormula,
  mergedWeightedFormula,
  mergeParts,
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
