import { assert, assertEquals, assertThrows } from "@std/assert";
import { mobaAttention, mobaBlocks, plainAttention } from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import fc from "fast-check";
import { assertClose, matrixOf, published, randomAttention } from "./support.ts";

Deno.test("mobaAttention() gives what MoBA's authors' reference gives", () => {
  const { q, k, v, o } = published.moba;
  const inputs = { queries: matrixOf(4, q), keys: matrixOf(4, k), values: matrixOf(4, v) };
  assertClose(mobaAttention(inputs, { blockSize: 3, topK: 2 }), matrixOf(4, o), 2e-6);
});

Deno.test("a query attends to its own block and to earlier ones, so many in all", () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 8 }),
    (n, blockSize, topK) => {
      mobaBlocks(randomAttention(n, n), { blockSize, topK }).forEach((blocks, query) => {
        const own = Math.floor(query / blockSize);
        assertEquals(blocks.at(-1), own);
        assertEquals(blocks.length, Math.min(topK, own + 1));
        assert(blocks.every((block, i) => i === 0 || block > blocks[i - 1]!));
      });
    },
  );
  fc.assert(property);
});

Deno.test("with as many blocks chosen as there are it is dense attention", () => {
  const inputs = randomAttention(17, 17);
  const dense = plainAttention(inputs, { causal: true });
  for (const topK of [5, 100]) {
    assertClose(mobaAttention(inputs, { blockSize: 4, topK }), dense, 1e-10);
  }
});

Deno.test("queries may be the last tokens alone, as in decode", () => {
  const inputs = randomAttention(15, 15);
  const last = { ...inputs, queries: new Matrix(1, 4, inputs.queries.row(14)) };
  const options = { blockSize: 4, topK: 2 };
  assertEquals(mobaBlocks(last, options), mobaBlocks(inputs, options).slice(14));
});

Deno.test("among blocks with equal scores the earlier is chosen", () => {
  const keys = Matrix.from([[1], [1], [1], [1]]);
  const chosen = mobaBlocks({ queries: Matrix.from([[1]]), keys, values: keys }, {
    blockSize: 1,
    topK: 2,
  });
  assertEquals(chosen.map((blocks) => [...blocks]), [[0, 3]]);
});

Deno.test("options that are none are refused", () => {
  assertThrows(
    () => mobaBlocks(randomAttention(4, 4), { blockSize: 0, topK: 1 }),
    RangeError,
    "blockSize",
  );
  assertThrows(
    () => mobaBlocks(randomAttention(4, 4), { blockSize: 2, topK: 0 }),
    RangeError,
    "topK",
  );
  assertThrows(
    () => mobaBlocks(randomAttention(5, 4), { blockSize: 2, topK: 1 }),
    RangeError,
    "keys",
  );
});
