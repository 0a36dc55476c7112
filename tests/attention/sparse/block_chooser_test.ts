import { assertEquals, assertThrows } from "@std/assert";
import {
  blockChooser,
  boundsSummary,
  mobaBlocks,
  pageBounds,
  pageUpperBounds,
  tokensOfBlocks,
  topIndices,
} from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { askAll, type Asked, heads, keysOf, queryOf } from "./runtime.ts";

const [blockSize, topK] = [3, 3];

Deno.test("with means that grow token by token, each head chooses as mobaBlocks() does with all keys", () => {
  for (const asked of askAll(blockChooser(heads, { blockSize, topK }), 31)) {
    asked.chosen.forEach((list, head) => {
      const keys = Matrix.from(keysOf(asked, head));
      const queries = Matrix.from([[...queryOf(asked, head)]]);
      const [blocks] = mobaBlocks({ queries, keys, values: keys }, { blockSize, topK });
      assertEquals(list, tokensOfBlocks(blocks!, blockSize, keys.rows));
    });
  }
});

Deno.test("with bounds it chooses the pages with the highest upper bound", () => {
  const chooser = blockChooser(heads, { blockSize, topK, summary: boundsSummary });
  for (const asked of askAll(chooser, 31)) {
    const own = Math.floor((asked.tokens.count - 1) / blockSize);
    asked.chosen.forEach((list, head) => {
      const bounds = pageUpperBounds(
        queryOf(asked, head),
        pageBounds(Matrix.from(keysOf(asked, head)), blockSize),
      );
      const blocks = [...topIndices(bounds.subarray(0, own), topK - 1), own];
      assertEquals(list, tokensOfBlocks(blocks, blockSize, asked.tokens.count));
    });
  }
});

Deno.test("heads that choose together read the same, by the sum of their scores", () => {
  for (const asked of askAll(blockChooser(heads, { blockSize, topK, together: true }), 31)) {
    assertEquals(asked.chosen[0], asked.chosen[1]);
    const summed = Matrix.from([
      [...queryOf(asked, 2)].map((value, x) => value + queryOf(asked, 3)[x]!),
    ]);
    const keys = Matrix.from(keysOf(asked, 2));
    const [blocks] = mobaBlocks({ queries: summed, keys, values: keys }, { blockSize, topK });
    assertEquals(asked.chosen[2], tokensOfBlocks(blocks!, blockSize, keys.rows));
  }
});

Deno.test("a summary is read for each earlier block, and the own one is written; none is read when all are chosen", () => {
  const traffic = (asked: readonly Asked[]) => asked.map(({ traffic }) => traffic);
  const row = 4 * 8; // two heads of four 32-bit floats
  const expected = Array.from({ length: 12 }, (_, position) => {
    const earlier = Math.floor(position / blockSize);
    return row * (1 + (earlier < topK ? 0 : earlier));
  });
  const means = blockChooser(heads, { blockSize, topK });
  assertEquals(traffic(askAll(means, 12)), expected);
  assertEquals(means.bytes, 4 * row);
  const bounds = blockChooser(heads, { blockSize, topK, summary: boundsSummary });
  assertEquals(traffic(askAll(bounds, 12)), expected.map((bytes) => 2 * bytes));
});

Deno.test("blocks of no token are refused, and an inner cache that has dropped tokens", () => {
  assertThrows(() => blockChooser(heads, { blockSize: 0, topK: 1 }), RangeError, "blockSize");
  assertThrows(() => blockChooser(heads, { blockSize: 1, topK: 0 }), RangeError, "topK");
  const chooser = blockChooser(heads, { blockSize, topK });
  const last = askAll(chooser, 5).at(-1)!;
  assertThrows(
    () => chooser.choose(0, last.query, { ...last.tokens, count: 4 }),
    RangeError,
    "keep all 5 tokens: current number is 4",
  );
});
