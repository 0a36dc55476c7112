import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  indexChooser,
  indexerScores,
  massRecall,
  oracleChooser,
  roundIndexKeys,
  softmaxWeights,
  topIndices,
  unionSizes,
} from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { askAll, heads, keysOf, queryOf } from "./runtime.ts";

Deno.test("no choice of as many tokens holds more attention than the oracle's", () => {
  for (const asked of askAll(oracleChooser(heads, 5), 25)) {
    asked.chosen.forEach((list, head) => {
      const keys = Matrix.from(keysOf(asked, head));
      const queries = Matrix.from([[...queryOf(asked, head)]]);
      const weights = softmaxWeights({ queries, keys, values: keys }).row(0);
      assertEquals(list.length, Math.min(5, keys.rows));
      assert(massRecall(weights, list) > 1 - 1e-6);
    });
    const unread = unionSizes(asked.chosen, heads).reduce(
      (sum, size) => sum + asked.tokens.count - size,
      0,
    );
    assertEquals(asked.traffic, 4 * 4 * unread);
  }
});

Deno.test("the index finds for all heads the tokens that indexerScores() ranks highest", () => {
  for (const asked of askAll(indexChooser(heads, 5), 25)) {
    const sums = new Float64Array(asked.tokens.count);
    for (let head = 0; head < 4; head++) {
      const keys = roundIndexKeys(Matrix.from(keysOf(asked, head)));
      indexerScores(Matrix.from([[...queryOf(asked, head)]]), [1], keys)
        .forEach((score, token) => sums[token]! += score);
    }
    for (const list of asked.chosen) assertEquals(list, topIndices(sums, 5));
  }
});

Deno.test("the index is read whole once there is something to choose: a byte a number and four for each scale", () => {
  const chooser = indexChooser(heads, 5);
  const expected = Array.from(
    { length: 9 },
    (_, position) => 16 * (position < 5 ? 1 : position + 2),
  );
  assertEquals(askAll(chooser, 9).map(({ traffic }) => traffic), expected);
  assertEquals(chooser.bytes, 9 * 16);
});

Deno.test("no tokens at all are refused", () => {
  assertThrows(() => oracleChooser(heads, 0), RangeError, "topK");
  assertThrows(() => indexChooser(heads, 1.5), RangeError, "topK");
});
