import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { indexerScores, indexerWork, indexKeyBytes, roundIndexKeys } from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { assertClose, matrixOf, published, randomMatrix } from "./support.ts";

Deno.test("indexerScores() is the published score, with the scale of the published code", () => {
  const { q, k, w, s } = published.dsa;
  const keys = matrixOf(4, k);
  for (let token = 0; token < 5; token++) {
    const queries = matrixOf(4, q.slice(12 * token, 12 * (token + 1)));
    indexerScores(queries, w.slice(3 * token, 3 * (token + 1)), keys).forEach((score, key) => {
      assertAlmostEquals(score, s[5 * token + key]!, 2e-6);
    });
  }
});

Deno.test("roundIndexKeys() rounds as PyTorch's float8_e4m3fn with a scale for each key", () => {
  assertClose(roundIndexKeys(matrixOf(4, published.dsa.k)), matrixOf(4, published.dsa_fp8), 2e-6);
  assertEquals([...roundIndexKeys(Matrix.zeros(1, 3)).data], [0, 0, 0]);
});

Deno.test("rounded keys keep the largest number and are off by at most a sixteenth", () => {
  const keys = randomMatrix(50, 32, 4);
  const rounded = roundIndexKeys(keys);
  for (let row = 0; row < 50; row++) {
    const [before, after] = [keys.row(row), rounded.row(row)];
    const largest = Math.max(...before.map(Math.abs));
    assertAlmostEquals(Math.max(...after.map(Math.abs)), largest, 1e-6 * largest);
    before.forEach((value, x) => {
      assert(Math.abs(after[x]! - value) <= Math.abs(value) / 16 * 1.001 + largest / 448 * 2 ** -9);
    });
  }
});

Deno.test("indexerWork() counts the products that are done, and 132 bytes a token in DeepSeek-V3.2", () => {
  assertEquals(indexKeyBytes(), 132);
  const [tokens, heads, width] = [7, 3, 5];
  let flops = 0;
  for (let token = 0; token < tokens; token++) {
    for (let head = 0; head < heads; head++) {
      for (let x = 0; x < width; x++) flops += 2; // multiply and add
      flops += 2; // weigh and add
    }
  }
  const options = { indexerHeads: heads, indexerWidth: width };
  assertEquals(indexerWork(tokens, options), { flops, bytes: tokens * (width + 4) });
});

Deno.test("index queries, weights and keys that do not fit are refused", () => {
  assertThrows(
    () => indexerScores(Matrix.zeros(2, 4), [1], Matrix.zeros(3, 4)),
    TypeError,
    "must fit",
  );
  assertThrows(
    () => indexerScores(Matrix.zeros(0, 4), [], Matrix.zeros(3, 4)),
    RangeError,
    "index heads",
  );
  assertThrows(() => indexerWork(1, { topK: 0 }), RangeError, "topK");
});
