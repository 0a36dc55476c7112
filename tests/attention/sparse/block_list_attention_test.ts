import { assertEquals, assertThrows } from "@std/assert";
import {
  bigBirdPattern,
  blockListAttention,
  blockListOf,
  blockListWork,
  blockMask,
  everything,
  plainAttention,
} from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import fc from "fast-check";
import { assertClose, maskedAttention, randomAttention } from "./support.ts";

Deno.test("blockListAttention() is softmax under the list's mask", () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 24 }),
    fc.nat(9),
    fc.integer({ min: 1, max: 9 }),
    fc.boolean(),
    fc.func<[number, number], boolean>(fc.boolean()),
    (queries, more, blockSize, causal, sees) => {
      const keys = queries + more;
      const list = blockListOf(sees, { queries, keys, blockSize, causal });
      const inputs = randomAttention(queries, keys, 4, blockSize);
      const mask = blockMask(list);
      const expected = maskedAttention(inputs, (q, k) => mask[q * keys + k] === 1);
      assertClose(blockListAttention(inputs, list), expected);
    },
  );
  fc.assert(property, { numRuns: 60 });
});

Deno.test("over all blocks it is dense attention, also where scores are huge", () => {
  const inputs = randomAttention(33, 33);
  const loud = { ...inputs, queries: inputs.queries.map((value) => 1000 * value) };
  for (const causal of [true, false]) {
    const list = blockListOf(everything, { queries: 33, keys: 33, blockSize: 8, causal });
    assertClose(blockListAttention(loud, list), plainAttention(loud, { causal }));
  }
});

Deno.test("blockListWork() counts what visiting each block counts", () => {
  const grid = { queries: 50, keys: 50, blockSize: 8, causal: true };
  const list = blockListOf(bigBirdPattern({ blocks: 7, causal: true }), grid);
  const { pairs, flops, bytes, keysPerQuery } = blockListWork(list, { width: 16, valueWidth: 8 });
  const ones = blockMask(list).reduce((sum, bit) => sum + bit, 0);
  assertEquals([pairs, flops, keysPerQuery], [ones, ones * (2 * 16 + 2 * 8), ones / 50]);
  let read = 50 * (16 + 8); // queries in, results out
  for (const row of list.lists) for (const block of row) read += (block === 6 ? 2 : 8) * (16 + 8);
  assertEquals(bytes, 2 * read);
});

Deno.test("a list for other sizes is refused", () => {
  const list = blockListOf(everything, { queries: 4, keys: 4, blockSize: 2 });
  assertThrows(
    () => blockListAttention(randomAttention(5, 5), list),
    TypeError,
    "for 5 queries and 5 keys",
  );
  const queries = new Matrix(4, 4, new Float64Array(16).fill(NaN));
  assertThrows(
    () => blockListAttention({ ...randomAttention(4, 4), queries }, list),
    RangeError,
    "finite",
  );
});
