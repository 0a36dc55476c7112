import { assert, assertEquals, assertThrows } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import { chainWeight, linkNeurons } from "@fewer-bytes/offload";
import fc from "fast-check";

const symmetric = fc.integer({ min: 1, max: 7 }).chain((n) =>
  fc.array(fc.integer({ min: 0, max: 20 }), { minLength: n * n, maxLength: n * n }).map((values) =>
    new Matrix(
      n,
      n,
      Float64Array.from(values, (_, index) => {
        const [i, j] = [Math.floor(index / n), index % n];
        return values[Math.min(i, j) * n + Math.max(i, j)]!;
      }),
    )
  )
);

function* orders(items: number[]): Generator<number[]> {
  if (items.length <= 1) return yield items;
  for (const first of items) {
    for (const rest of orders(items.filter((item) => item !== first))) yield [first, ...rest];
  }
}

Deno.test("linkNeurons() gives each neuron one place, and at least half of the best chain's weight", () => {
  fc.assert(
    fc.property(symmetric, (pairs) => {
      const all = Array.from({ length: pairs.rows }, (_, i) => i);
      const order = linkNeurons(pairs);
      assertEquals(order.toSorted((a, b) => a - b), all);
      let best = 0;
      for (const other of orders(all)) best = Math.max(best, chainWeight(other, pairs));
      const own = chainWeight(order, pairs);
      assert(own <= best + 1e-9 && own >= best / 2 - 1e-9);
    }),
    { numRuns: 40 },
  );
});

Deno.test("linkNeurons() puts groups together that never mix", () => {
  // Neurons i and j belong together when they leave the same rest.
  const pairs = new Matrix(
    12,
    12,
    Float64Array.from({ length: 144 }, (_, k) => Math.floor(k / 12) % 3 === k % 12 % 3 ? 1 : 0),
  );
  const groups = linkNeurons(pairs).map((neuron) => neuron % 3);
  assertEquals(groups.filter((group, place) => place > 0 && group !== groups[place - 1]).length, 2);
});

Deno.test("linkNeurons() refuses what is not square", () => {
  assertThrows(() => linkNeurons(Matrix.zeros(2, 3)), RangeError, "square");
  assertThrows(() => linkNeurons(Matrix.zeros(0, 0)), RangeError, "square");
  assertEquals(linkNeurons(Matrix.zeros(1, 1)), [0]);
});
