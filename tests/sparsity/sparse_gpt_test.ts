import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import {
  applyMask,
  density,
  magnitudeMask,
  sparseGpt,
  twoOfFour,
  wandaMask,
} from "@fewer-bytes/sparsity";
import originals from "./fixtures/originals.json" with { type: "json" };
import { gram, originalLayer, outputError, randomLayer } from "./layer.ts";

Deno.test("sparseGpt() gives the weights that the authors' program gives, for a share and for 2:4", () => {
  const { weights, inputs } = originalLayer;
  const blockSize = 16;
  // The original prunes all weights up to and including the 49th of the 96 in a block, where 48 are half.
  const half = sparseGpt(weights, gram(inputs), { amount: 49 / 96, blockSize });
  const structured = sparseGpt(weights, gram(inputs), { amount: twoOfFour });
  for (
    const [own, original] of [
      [half, originals.sparseGptHalf],
      [structured, originals.sparseGptTwoOfFour],
    ] as const
  ) {
    original.forEach((value, index) => {
      assertEquals(own.data[index] === 0, value === 0, `weight ${index}`);
      assertAlmostEquals(own.data[index]!, value, 2e-4);
    });
  }
});

Deno.test("sparseGpt() does not depend on the block when a pattern says what goes: late corrections are the same", () => {
  const { weights, gram } = randomLayer(5);
  const [small, large] = [4, 128].map((blockSize) =>
    sparseGpt(weights, gram, { amount: twoOfFour, blockSize })
  );
  small!.data.forEach((value, i) => assertAlmostEquals(value, large!.data[i]!, 1e-5));
});

Deno.test("sparseGpt() prunes exactly the share of every block, and exactly two of four", () => {
  const { weights, gram } = randomLayer(6);
  for (const percent of [0, 25, 50, 75, 100]) {
    const pruned = sparseGpt(weights, gram, { amount: percent / 100, blockSize: 16 });
    for (const start of [0, 16]) {
      const block = Array.from(pruned.data).filter((_, i) =>
        Math.floor(i % 32 / 16) === start / 16
      );
      assertEquals(density(block), 1 - percent / 100);
    }
  }
  const structured = sparseGpt(weights, gram, { amount: twoOfFour });
  for (let start = 0; start < 256; start += 4) {
    assertEquals(density(structured.data.subarray(start, start + 4)), 0.5);
  }
});

Deno.test("sparseGpt() changes nothing when nothing is pruned", () => {
  const { weights, gram } = randomLayer(7);
  assertEquals(sparseGpt(weights, gram, { amount: 0 }).toRows(), weights.toRows());
});

Deno.test("sparseGpt() has nothing to correct when channels are uncorrelated, and is Wanda for one row", () => {
  const { weights, gram } = randomLayer(8, 1);
  const diagonal = gram.map((value, i) => i % 33 === 0 ? value : 0);
  const norms = Array.from({ length: 32 }, (_, i) => Math.sqrt(diagonal.get(i, i)));
  const pruned = sparseGpt(weights, diagonal, { amount: 0.5, damping: 0 });
  assertEquals(pruned.toRows(), applyMask(weights, wandaMask(weights, norms, 0.5)).toRows());
});

Deno.test("sparseGpt() errs less than magnitudes and Wanda where channels go together", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { weights, inputs, gram } = randomLayer(seed);
    const norms = Array.from({ length: 32 }, (_, i) => Math.sqrt(gram.get(i, i)));
    for (const amount of [0.25, 0.5, 0.75, twoOfFour]) {
      const own = outputError(weights, sparseGpt(weights, gram, { amount }), inputs);
      const masks = [magnitudeMask(weights, amount), wandaMask(weights, norms, amount)];
      for (const mask of masks) {
        assert(own < outputError(weights, applyMask(weights, mask), inputs), `seed ${seed}`);
      }
    }
  }
});

Deno.test("sparseGpt() takes the weights of channels that never spoke, and gives no NaN", () => {
  const { weights, gram } = randomLayer(9);
  const silenced = gram.map((value, i) => i % 32 === 3 || Math.floor(i / 32) === 3 ? 0 : value);
  const pruned = sparseGpt(weights, silenced, { amount: 0.25 });
  assert(pruned.data.every(Number.isFinite));
  for (let row = 0; row < 8; row++) assertEquals(pruned.get(row, 3), 0);
});

Deno.test("sparseGpt() refuses a Hessian of another size, blocks that split groups, and NaN", () => {
  const { weights, gram } = randomLayer(1);
  const other = new Matrix(4, 4, new Float64Array(16));
  assertThrows(() => sparseGpt(weights, other, { amount: 0.5 }), TypeError, "32 rows");
  assertThrows(
    () => sparseGpt(weights, gram, { amount: twoOfFour, blockSize: 6 }),
    RangeError,
    "multiple of 4",
  );
  const bad = weights.map((weight, i) => i === 5 ? NaN : weight);
  assertThrows(() => sparseGpt(bad, gram, { amount: 0.5 }), RangeError, "NaN");
  assertThrows(
    () => sparseGpt(weights, gram.map(() => 1), { amount: 0.5, damping: 0 }),
    RangeError,
  );
});
