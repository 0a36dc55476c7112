import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { dynamicAttention, dynamicMask, keptMass, maskedSoftmax } from "@fewer-bytes/sparsity";

const someScores = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), {
  minLength: 1,
  maxLength: 33,
})
  .map((values) => Float64Array.from(values));
const random = seeded(6);
const normal = (rows: number, columns: number) =>
  new Matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => random.normal()));

Deno.test("dynamicMask() keeps at least half of the attention, whatever the scores", () => {
  fc.assert(fc.property(someScores, (scores) => {
    const mass = keptMass(scores, dynamicMask(scores));
    assert(mass >= 0.5 - 1e-12 && mass <= 1 + 1e-12);
  }));
});

Deno.test("dynamicMask() keeps clearly more of random attention than a random half does", () => {
  let [best, chance] = [0, 0];
  const draws = 200;
  for (let draw = 0; draw < draws; draw++) {
    const scores = normal(1, 64).data;
    best += keptMass(scores, dynamicMask(scores)) / draws;
    const half = Uint8Array.from(random.shuffle(Array.from({ length: 64 }, (_, key) => key % 2)));
    chance += keptMass(scores, half) / draws;
  }
  assertAlmostEquals(chance, 0.5, 0.03);
  assert(best > 0.78 && best < 0.9, String(best));
});

Deno.test("dynamicMask() keeps two of each whole group, the two that are worth most", () => {
  fc.assert(fc.property(someScores, (scores) => {
    const mask = dynamicMask(scores);
    for (let start = 0; start < scores.length; start += 4) {
      const group = Array.from(scores.subarray(start, start + 4));
      const kept = group.filter((_, i) => mask[start + i]).toSorted();
      assertEquals(kept, group.toSorted((a, b) => b - a).slice(0, 2).toSorted());
    }
  }));
});

Deno.test("maskedSoftmax() gives pruned keys nothing and the others shares in their old proportion", () => {
  const scores = Float64Array.of(1, 2, 3, -Infinity);
  const weights = maskedSoftmax(scores, Uint8Array.of(0, 1, 1, 1));
  assertEquals([weights[0], weights[3]], [0, 0]);
  assertAlmostEquals(weights[2]! / weights[1]!, Math.E, 1e-12);
  assertAlmostEquals(weights[1]! + weights[2]!, 1, 1e-12);
});

Deno.test("dynamicAttention() that keeps every key is full attention, by the textbook", () => {
  const [queries, keys, values] = [normal(3, 4), normal(8, 4), normal(8, 5)];
  const own = dynamicAttention(queries, keys, values, { kept: 1, of: 1 });
  for (let query = 0; query < 3; query++) {
    const exponentials = Array.from(
      { length: 8 },
      (_, key) =>
        Math.exp(queries.row(query).reduce((sum, q, i) => sum + q * keys.get(key, i), 0) / 2),
    );
    const total = exponentials.reduce((a, b) => a + b);
    for (let i = 0; i < 5; i++) {
      const expected = exponentials.reduce(
        (sum, e, key) => sum + e / total * values.get(key, i),
        0,
      );
      assertAlmostEquals(own.get(query, i), expected, 1e-12);
    }
  }
});

Deno.test("dynamicAttention() stays closer to full attention than pruning a random half does", () => {
  const [queries, keys, values] = [normal(40, 16), normal(64, 16), normal(64, 16)];
  const full = dynamicAttention(queries, keys, values, { kept: 1, of: 1 });
  const error = (other: Matrix<Float64Array>) =>
    full.data.reduce((sum, value, i) => sum + (value - other.data[i]!) ** 2, 0);
  const shuffled = new Matrix(40, 16, new Float64Array(640));
  for (let query = 0; query < 40; query++) {
    const scores = Float64Array.from(
      { length: 64 },
      (_, key) => queries.row(query).reduce((sum, q, i) => sum + q * keys.get(key, i), 0) / 4,
    );
    const half = Uint8Array.from(random.shuffle(Array.from({ length: 64 }, (_, key) => key % 2)));
    shuffled.row(query).set(new Matrix(1, 64, maskedSoftmax(scores, half)).multiply(values).data);
  }
  assert(error(dynamicAttention(queries, keys, values)) < 0.5 * error(shuffled));
});

Deno.test("attention refuses queries that see nothing, NaN, and values that are not as many as keys", () => {
  assertThrows(() => maskedSoftmax(Float64Array.of(1), Uint8Array.of(0)), RangeError, "-Infinity");
  assertThrows(() => dynamicMask(Float64Array.of(NaN, 1, 2)), RangeError, "NaN");
  assertThrows(
    () => dynamicAttention(normal(1, 2), normal(3, 2), normal(4, 2)),
    TypeError,
    "3 keys",
  );
});
