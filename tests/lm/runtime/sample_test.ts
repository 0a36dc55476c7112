import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { probabilities, sample } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";

const logits = Float32Array.from([1, 2, 3, -Infinity, 0]);

Deno.test("probabilities() are softmax, sharper when it is colder, and all on one at zero", () => {
  const sum = Math.E + Math.E ** 2 + Math.E ** 3 + 1;
  assertAlmostEquals(probabilities(logits)[1]!, Math.E ** 2 / sum, 1e-7);
  assert(probabilities(logits, 0.5)[2]! > probabilities(logits)[2]!);
  assertEquals([...probabilities(logits, 0)], [0, 0, 1, 0, 0]);
  assertAlmostEquals(
    probabilities(Float32Array.from([1000, 1000])).reduce((a, b) => a + b),
    1,
    1e-12,
  );
});

Deno.test("sample() draws each token as often as its probability says, and never an impossible one", () => {
  const random = seeded(1);
  const counts = new Array(5).fill(0);
  const draws = 50_000;
  for (let draw = 0; draw < draws; draw++) counts[sample(logits, random)]++;
  assertEquals(counts[3], 0);
  probabilities(logits).forEach((chance, token) => {
    assertAlmostEquals(
      counts[token] / draws,
      chance,
      5 * Math.sqrt(chance * (1 - chance) / draws) + 1e-9,
    );
  });
});

Deno.test("sample() with topK draws among the likeliest alone", () => {
  const random = seeded(2);
  const drawn = new Set(Array.from({ length: 1000 }, () => sample(logits, random, { topK: 2 })));
  assertEquals([...drawn].toSorted(), [1, 2]);
  assertEquals(sample(logits, random, { temperature: 0 }), 2);
});

Deno.test("probabilities() refuse NaN and a temperature below zero", () => {
  assertThrows(() => probabilities(Float32Array.from([1, NaN])), RangeError, "NaN");
  assertThrows(() => probabilities(logits, -1), RangeError, "temperature");
  assertThrows(() => sample(logits, seeded(1), { topK: 0 }), RangeError, "topK");
});
