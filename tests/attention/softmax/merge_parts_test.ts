import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import {
  emptyPart,
  finishPart,
  mergeParts,
  partOf,
  type SoftmaxPart,
} from "@fewer-bytes/attention";

const score = fc.oneof(
  fc.double({ min: -50, max: 50, noNaN: true }),
  fc.constant(-Infinity),
);
const parts = fc.array(
  fc.record({ score, value: fc.double({ min: -9, max: 9, noNaN: true }) }),
  { maxLength: 6 },
)
  .map((items) =>
    items.length === 0 ? emptyPart(1) : partOf(
      items.map((item) => item.score),
      Matrix.from(items.map((item) => [item.value])),
    )
  );

function assertSame(a: SoftmaxPart, b: SoftmaxPart): void {
  assertEquals(a.maximum, b.maximum);
  assertAlmostEquals(a.sum, b.sum, 1e-12 * (1 + a.sum));
  assertAlmostEquals(a.weighted[0]!, b.weighted[0]!, 1e-10);
}

Deno.test("mergeParts() is commutative", () => {
  fc.assert(fc.property(parts, parts, (a, b) => assertSame(mergeParts(a, b), mergeParts(b, a))));
});

Deno.test("mergeParts() is associative, so any tree of workers gives the same", () => {
  fc.assert(fc.property(parts, parts, parts, (a, b, c) => {
    assertSame(mergeParts(mergeParts(a, b), c), mergeParts(a, mergeParts(b, c)));
  }));
});

Deno.test("the empty part is the identity of mergeParts(), and so is a part that is wholly masked", () => {
  const masked = partOf([-Infinity, -Infinity], Matrix.from([[3], [4]]));
  fc.assert(fc.property(parts, (part) => {
    assertEquals(mergeParts(part, emptyPart(1)), part);
    assertEquals(mergeParts(masked, part), part);
  }));
});

Deno.test("mergeParts() of two halves is partOf() the whole", () => {
  fc.assert(
    fc.property(fc.array(score, { minLength: 2, maxLength: 12 }), fc.nat(12), (scores, cut) => {
      const values = Matrix.from(scores.map((_, i) => [i - 3]));
      const at = Math.min(cut, scores.length);
      const half = (from: number, to: number) =>
        partOf(
          scores.slice(from, to),
          new Matrix(to - from, 1, values.data.slice(from, to)),
        );
      assertSame(mergeParts(half(0, at), half(at, scores.length)), partOf(scores, values));
    }),
  );
});

Deno.test("mergeParts() refuses parts whose values differ in length", () => {
  assertThrows(() => mergeParts(emptyPart(1), emptyPart(2)), TypeError, "1 and 2");
});

Deno.test("finishPart() gives a weighted mean and the log-sum-exp, and zeros where nothing was seen", () => {
  const part = partOf([Math.log(1), Math.log(3)], Matrix.from([[0], [4]]));
  assertAlmostEquals(finishPart(part).output[0]!, 3, 1e-12);
  assertAlmostEquals(finishPart(part).logSumExp, Math.log(4), 1e-12);
  assertEquals(finishPart(emptyPart(2)), { output: Float64Array.of(0, 0), logSumExp: -Infinity });
});
