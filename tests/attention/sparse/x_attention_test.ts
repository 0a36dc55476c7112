import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  antidiagonalMasses,
  type AttentionInputs,
  blockListAttention,
  blockMasses,
  blockMeans,
  blocksByMass,
  plainAttention,
  pooledMasses,
  softmaxWeights,
  stripedInputs,
  topIndices,
} from "@fewer-bytes/attention";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { assertClose, matrixOf, published, randomAttention } from "./support.ts";

type Attention = AttentionInputs<Float64Array>;

const golden = (which: "x_causal" | "x_bi") => {
  const { q, k, sums, mask } = published[which];
  return {
    inputs: { queries: matrixOf(4, q), keys: matrixOf(4, k), values: matrixOf(4, k) },
    sums,
    mask,
  };
};
const grid = { queries: 48, keys: 48, blockSize: 8 };

Deno.test("antidiagonalMasses() and blocksByMass() choose what XAttention's authors' code chooses", () => {
  const { inputs, sums, mask } = golden("x_causal");
  const masses = antidiagonalMasses(inputs, { blockSize: 8, stride: 4 });
  assertClose(masses, matrixOf(6, sums), 1e-5);
  const { lists } = blocksByMass(masses, { ...grid, causal: true }, 0.6);
  // Their first chunk of queries, four blocks here, takes one block more than it needs: there the mark for the first
  // block is overwritten.
  lists.slice(4).forEach((list, row) => {
    const expected = [...mask[row + 4]!].flatMap((bit, block) => bit === "1" ? [block] : []);
    assertEquals([...list], expected);
  });
});

Deno.test("without causality they do, too, but for the first block, which the authors' code always adds", () => {
  const { inputs, sums, mask } = golden("x_bi");
  const masses = antidiagonalMasses(inputs, { blockSize: 8, stride: 4, causal: false });
  assertClose(masses, matrixOf(6, sums), 1e-5);
  const { lists } = blocksByMass(masses, grid, 0.6);
  lists.forEach((list, row) => {
    const expected = [...mask[row]!].flatMap((bit, block) => bit === "1" ? [block] : []);
    assertEquals([...new Set([0, ...list])].sort((a, b) => a - b), expected);
  });
});

Deno.test("a stride of 1 gives the true masses, as every score lies on an antidiagonal", () => {
  for (const causal of [true, false]) {
    const inputs = randomAttention(24, 24);
    const masses = antidiagonalMasses(inputs, { blockSize: 6, stride: 1, causal });
    assertClose(masses, blockMasses(softmaxWeights(inputs, { causal }), 6), 1e-9);
  }
});

/** The share of attention that the three blocks with the highest guess hold, in the later half of the rows. */
function heldByThree(inputs: Attention, blockSize: number, guess: Matrix<Float64Array>): number {
  const truth = blockMasses(softmaxWeights(inputs, { causal: true }), blockSize);
  let held = 0;
  for (let row = truth.rows / 2; row < truth.rows; row++) {
    for (const block of topIndices(guess.row(row).subarray(0, row + 1), 3)) {
      held += truth.get(row, block) / (truth.rows / 2 * blockSize);
    }
  }
  return held;
}

Deno.test("blocks chosen by antidiagonals hold nearly what the true ones hold, more than those by means", () => {
  let [antidiagonal, pooled, oracle] = [0, 0, 0];
  for (let seed = 0; seed < 6; seed++) {
    const stripes = { tokens: 256, width: 64, keys: [37, 150], distances: [65], strength: 8 };
    const inputs = stripedInputs(stripes, seeded(seed));
    const truth = blockMasses(softmaxWeights(inputs, { causal: true }), 16);
    oracle += heldByThree(inputs, 16, truth);
    antidiagonal += heldByThree(
      inputs,
      16,
      antidiagonalMasses(inputs, { blockSize: 16, stride: 2 }),
    );
    pooled += heldByThree(inputs, 16, pooledMasses(inputs, { blockSize: 16 }));
  }
  assert(
    antidiagonal > 0.9 * oracle && antidiagonal > 1.1 * pooled,
    `${[antidiagonal, pooled, oracle]}`,
  );
});

Deno.test("an even stride sees slashes of odd distance, and none of even distance", () => {
  const held = (distance: number, stride: number) => {
    const stripes = { tokens: 480, width: 64, distances: [distance], strength: 12 };
    const inputs = stripedInputs(stripes, seeded(2));
    return heldByThree(inputs, 20, antidiagonalMasses(inputs, { blockSize: 20, stride }));
  };
  assert(held(65, 4) > 0.7);
  assert(held(64, 4) < 0.35);
  assert(held(64, 5) > 0.6); // an odd stride sees both
});

Deno.test("with the whole mass asked for, attention over the chosen blocks is dense attention", () => {
  const inputs = randomAttention(32, 32);
  const masses = antidiagonalMasses(inputs, { blockSize: 8, stride: 2 });
  const list = blocksByMass(masses, { queries: 32, keys: 32, blockSize: 8, causal: true }, 1);
  assertClose(blockListAttention(inputs, list), plainAttention(inputs, { causal: true }));
});

Deno.test("blockMeans() averages a short last block over what it has", () => {
  assertEquals(blockMeans(Matrix.from([[1], [3], [7]]), 2).toRows(), [[2], [7]]);
});

Deno.test("sizes that do not divide are refused", () => {
  const inputs = randomAttention(8, 8);
  assertThrows(
    () => antidiagonalMasses(inputs, { blockSize: 4, stride: 3 }),
    RangeError,
    "must divide",
  );
  assertThrows(
    () => antidiagonalMasses(inputs, { blockSize: 3, stride: 1 }),
    RangeError,
    "must divide",
  );
  assertThrows(() => blocksByMass(Matrix.from([[1]]), grid, 0.5), TypeError, "6 x 6");
});
