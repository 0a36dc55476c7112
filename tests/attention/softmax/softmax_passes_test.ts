import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { CountedArray, naiveSoftmax, softmaxAlgorithms } from "@fewer-bytes/attention";

const safe = Object.entries(softmaxAlgorithms).filter(([name]) => name !== "naive");

function run(algorithm: (typeof safe)[number][1], scores: readonly number[]): Float64Array {
  const weights = new CountedArray(new Float64Array(scores.length));
  algorithm(new CountedArray(Float64Array.from(scores)), weights);
  return weights.data as Float64Array;
}

/** By another road: each weight is 1 / Σ e^(other − own), which needs no maximum. */
const reference = (scores: readonly number[]) =>
  scores.map((own) =>
    own === -Infinity ? 0 : 1 / scores.reduce((sum, other) => sum + Math.exp(other - own), 0)
  );

const scoreLists = fc.array(
  fc.oneof(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.constant(-Infinity)),
  { minLength: 1, maxLength: 30 },
);

for (const [name, algorithm] of safe) {
  Deno.test(`the softmax "${name}" agrees with the reference for scores up to ±10,000`, () => {
    fc.assert(fc.property(scoreLists, (scores) => {
      const expected = reference(scores);
      run(algorithm, scores).forEach((weight, i) =>
        assertAlmostEquals(weight, expected[i]!, 1e-11)
      );
    }));
  });

  Deno.test(`the softmax "${name}" gives zeros where all is masked, and refuses NaN and Infinity`, () => {
    assertEquals([...run(algorithm, [-Infinity, -Infinity])], [0, 0]);
    assertThrows(() => run(algorithm, [0, NaN]), RangeError);
    assertThrows(() => run(algorithm, [0, Infinity]), RangeError);
  });
}

Deno.test("naiveSoftmax() agrees on small scores and breaks on large ones", () => {
  const expected = reference([1, 2, 3]);
  run(naiveSoftmax, [1, 2, 3]).forEach((weight, i) =>
    assertAlmostEquals(weight, expected[i]!, 1e-14)
  );
  assert(Number.isNaN(run(naiveSoftmax, [1000, 1000])[0]));
});
