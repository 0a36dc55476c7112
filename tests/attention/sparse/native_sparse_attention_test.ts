import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  blockImportance,
  compressRows,
  nativeSparseAttention,
  nsaTokens,
  plainAttention,
  selectBlocks,
} from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import fc from "fast-check";
import { assertClose, matrixOf, published, randomMatrix } from "./support.ts";

Deno.test("nativeSparseAttention() is the published equations written with dense masks", () => {
  const { q, k, v, o, selected } = published.nsa;
  const heads = [q.slice(0, 84), q.slice(84)].map((values) => matrixOf(4, values));
  const gates = { compressed: 0.5, selected: 0.25, window: 0.125 };
  const result = nativeSparseAttention(
    { queries: heads, keys: matrixOf(4, k), values: matrixOf(4, v) },
    { compressedSize: 4, stride: 2, selectedSize: 4, selected: 3, window: 5 },
    () => gates,
  );
  result.selected.forEach((blocks, query) => {
    assertEquals(
      [...blocks],
      [...selected[query]!].flatMap((bit, block) => bit === "1" ? [block] : []),
    );
  });
  result.outputs.forEach((output, head) => {
    assertClose(output, matrixOf(4, o.slice(84 * head, 84 * (head + 1))), 2e-6);
  });
});

Deno.test("nsaTokens() gives the published numbers of tokens read, short of what compression cannot cover yet", () => {
  // Table 4 of the paper counts a compressed token for each stride; the first needs a whole block.
  for (
    const [context, tokens] of [[8192, 2048], [16_384, 2560], [32_768, 3584], [
      65_536,
      5632,
    ]] as const
  ) {
    const { compressed, selected, window } = nsaTokens(context);
    assertEquals(compressed + selected + window, tokens - 1);
  }
});

Deno.test("importance hands every share to the blocks it covers, stride by stride", () => {
  const sizes = fc.record({
    stride: fc.integer({ min: 1, max: 3 }),
    compressed: fc.integer({ min: 1, max: 4 }),
    selected: fc.integer({ min: 1, max: 4 }),
    visible: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(fc.property(sizes, ({ stride, compressed, selected, visible }) => {
    const options = {
      stride,
      compressedSize: compressed * stride,
      selectedSize: selected * stride,
    };
    const keys = nsaTokens(visible, options).compressed;
    const shares = Array.from({ length: keys }, (_, key) => key + 1);
    const blocks = Math.ceil(visible / options.selectedSize);
    const expected = new Float64Array(blocks);
    shares.forEach((share, key) => {
      for (let token = key * stride; token < key * stride + options.compressedSize; token++) {
        expected[Math.floor(token / options.selectedSize)]! += share / stride;
      }
    });
    blockImportance(shares, blocks, options).forEach((sum, block) =>
      assertAlmostEquals(sum, expected[block]!, 1e-9)
    );
  }));
});

Deno.test("compressRows() averages overlapping stretches", () => {
  const rows = Matrix.from([[1], [3], [5], [7], [100]]);
  const options = { compressedSize: 2, stride: 1, selectedSize: 1 };
  assertEquals(compressRows(rows, options).toRows(), [[2], [4], [6], [53.5]]);
  assertEquals(compressRows(Matrix.from([[1]]), options).rows, 0);
});

Deno.test("the first block, the own and the one before it are selected whatever they score", () => {
  assertEquals([...selectBlocks([0, 5, 9, 0, 0], 4)], [0, 2, 3, 4]);
  assertEquals([...selectBlocks([0, 5, 9, 0, 0], 1)], [4]);
  assertEquals([...selectBlocks([1, 2], 16)], [0, 1]);
});

Deno.test("with all blocks selected the second branch is dense attention", () => {
  const [queries, keys, values] = [1, 2, 3].map((seed) => randomMatrix(30, 4, seed)) as [
    Matrix<Float64Array>,
    Matrix<Float64Array>,
    Matrix<Float64Array>,
  ];
  const gates = { compressed: 0, selected: 1, window: 0 };
  const { outputs } = nativeSparseAttention({ queries: [queries], keys, values }, {
    selected: 1000,
  }, () => gates);
  assertClose(outputs[0]!, plainAttention({ queries, keys, values }, { causal: true }), 1e-10);
});

Deno.test("sizes that the stride does not divide are refused", () => {
  assertThrows(
    () => nsaTokens(10, { stride: 10 }),
    RangeError,
    "must divide both block sizes: current values are 10, 32 and 64",
  );
  assertThrows(() => nsaTokens(10, { window: 0 }), RangeError, "window");
  const rows = randomMatrix(4, 2, 1);
  assertThrows(
    () => nativeSparseAttention({ queries: [], keys: rows, values: rows }),
    RangeError,
    "heads",
  );
  assertThrows(
    () => nativeSparseAttention({ queries: [randomMatrix(3, 2, 1)], keys: rows, values: rows }),
    TypeError,
    "each of 4 keys",
  );
});
