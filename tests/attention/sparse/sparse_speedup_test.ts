import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  antidiagonalMasses,
  antidiagonalScoring,
  blockDensity,
  blockListOf,
  densityForSpeedup,
  lengthGain,
  mobaBlocks,
  mobaWork,
  sparseSpeedup,
  sparseSpeedupFormula,
  timeSaved,
  tokensOfBlocks,
  windowPattern,
} from "@fewer-bytes/attention";
import fc from "fast-check";
import { randomAttention } from "./support.ts";

const shares = fc.double({ min: 0.001, max: 1, noNaN: true });

Deno.test("the printed speedup computes what sparseSpeedup() does, and densityForSpeedup() undoes it", () => {
  fc.assert(fc.property(shares, shares, shares, (density, scoring, efficiency) => {
    const speedup = sparseSpeedup({ density, scoring, efficiency });
    const printed = sparseSpeedupFormula.evaluate({ density, scoring, efficiency });
    assertAlmostEquals(speedup, printed, 1e-9 * speedup);
    assertAlmostEquals(densityForSpeedup(speedup, { scoring, efficiency }), density, 1e-9);
    assert(speedup <= 1 / scoring);
  }));
});

Deno.test("antidiagonals cost one product in S of the first of attention's two", () => {
  // Counted by queries that count how often their numbers are read.
  const [n, width, stride] = [32, 4, 4];
  const inputs = randomAttention(n, n, width);
  let reads = 0;
  const counted = new Proxy(inputs.queries.data, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) reads++;
      return Reflect.get(target, key, target);
    },
  });
  const queries = Object.assign(
    Object.create(Object.getPrototypeOf(inputs.queries)),
    inputs.queries,
    { data: counted },
  );
  antidiagonalMasses({ ...inputs, queries }, { blockSize: 8, stride, causal: false });
  reads -= n * width; // the check that all are finite
  const dense = 2 * n * n * width; // multiplications of both products
  assertEquals(reads / dense, antidiagonalScoring(stride));
});

Deno.test("mobaWork() counts the pairs that mobaBlocks() leaves and the scores that it needs", () => {
  for (const [context, blockSize, topK] of [[40, 5, 3], [37, 8, 2], [9, 16, 1]] as const) {
    const chosen = mobaBlocks(randomAttention(context, context), { blockSize, topK });
    const pairs = chosen.reduce(
      (sum, blocks, q) => sum + tokensOfBlocks(blocks, blockSize, q + 1).length,
      0,
    );
    const scores = chosen.reduce((sum, _, q) => {
      const earlier = Math.floor(q / blockSize);
      return sum + (earlier < topK ? 0 : earlier);
    }, 0);
    const dense = context * (context + 1) / 2;
    const work = mobaWork(context, { blockSize, topK });
    assertAlmostEquals(work.density, pairs / dense, 1e-12);
    assertAlmostEquals(work.scoring, scores / dense / 2, 1e-12);
  }
});

Deno.test("a causal window's density is what the length gain is one over, twice, when the window is small", () => {
  // lengthGain() compares with all n² scores, density with the triangle that causality leaves.
  const list = blockListOf(windowPattern({ before: 63 }), {
    queries: 8192,
    keys: 8192,
    blockSize: 1,
    causal: true,
  });
  assertAlmostEquals(blockDensity(list), 2 / lengthGain(8192, 64), 1e-3);
});

Deno.test("1.55 times as fast saves the 36 % of time that LongGen states, 13.5 times needs 7.4 % of the work", () => {
  assertEquals(Math.round(100 * timeSaved(1.55)), 35); // 35.5 %: stated as 36
  assertAlmostEquals(timeSaved(1.55), 0.3548, 1e-4);
  assertAlmostEquals(densityForSpeedup(13.5), 0.0741, 1e-4);
  assert(densityForSpeedup(13.5, { scoring: antidiagonalScoring(4) }) < 0); // a stride of 4 cannot
});

Deno.test("settings that are none are refused", () => {
  assertThrows(() => sparseSpeedup({ density: 1.1 }), RangeError, "one minus density");
  assertThrows(() => sparseSpeedup({ density: 0 }), RangeError, "the work left");
  assertThrows(() => sparseSpeedup({ density: NaN }), RangeError, "density");
  assertThrows(() => antidiagonalScoring(0), RangeError, "the stride");
  assertThrows(() => mobaWork(0, { blockSize: 1, topK: 1 }), RangeError, "context");
  assertThrows(() => lengthGain(64, 128), RangeError, "less keysPerQuery");
  assertThrows(() => timeSaved(0), RangeError, "the speedup");
});
