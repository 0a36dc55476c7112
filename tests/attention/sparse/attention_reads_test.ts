import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  blockTopK,
  dsa,
  moba,
  mobaBlocks,
  nativeSparseAttention,
  nsa,
  nsaTokens,
  oracleTopK,
  quest,
  slidingWindow,
  tokensOfBlocks,
} from "@fewer-bytes/attention";
import { findModel } from "@fewer-bytes/catalog";
import { seeded } from "@fewer-bytes/numeric";
import type { Reads } from "@fewer-bytes/transformer";
import fc from "fast-check";
import { randomAttention, randomMatrix } from "./support.ts";

const heads = findModel("llama-3.1-8b").layers[0]!.attention; // 32 query heads, 8 of keys, 128 wide
const latent = findModel("deepseek-v3").layers[0]!.attention;

const all: readonly Reads[] = [
  slidingWindow({ window: 20, sinks: 3 }),
  blockTopK({ blockSize: 7, topK: 3, sharedChoice: true }),
  moba({ blockSize: 16, topK: 4 }),
  quest({ topK: 4 }),
  nsa({ compressedSize: 8, stride: 4, selectedSize: 8, selected: 3, window: 10 }),
  dsa({ topK: 30 }),
  oracleTopK(30),
];

Deno.test("no method attends to more tokens than are visible, and heads together read between what one and all read", () => {
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.integer({ min: 1, max: 500 }), (reads, visible) => {
      const attended = reads.attended(visible);
      assert(attended > 0 && attended <= visible);
      const together = reads.together?.(visible, 4) ?? attended;
      assert(together >= attended - 1e-9 && together <= Math.min(visible, 4 * attended) + 1e-9);
      assertAlmostEquals(reads.together?.(visible, 1) ?? attended, attended, 1e-9);
    }),
  );
});

Deno.test("where all tokens are attended to nothing is read to choose, compressed tokens aside", () => {
  for (const reads of all) {
    if (reads.name === "NSA") continue;
    assertEquals(reads.attended(12), 12);
    for (const attention of [heads, latent]) {
      const choice = reads.choice?.(12, attention, 2) ?? { flops: 0, bytes: 0 };
      assertEquals(choice, { flops: 0, bytes: 0 });
    }
  }
});

Deno.test("moba() attends to as many tokens as mobaBlocks() chooses", () => {
  const options = { blockSize: 5, topK: 3 };
  const chosen = mobaBlocks(randomAttention(43, 43), options);
  chosen.forEach((blocks, query) => {
    assertEquals(moba(options).attended(query + 1), tokensOfBlocks(blocks, 5, query + 1).length);
  });
});

Deno.test("together is what heads read that choose at random", () => {
  const reads = moba({ blockSize: 10, topK: 4 });
  const random = seeded(5);
  let sum = 0;
  for (let trial = 0; trial < 4000; trial++) {
    const union = new Set<number>();
    for (let head = 0; head < 3; head++) {
      for (const block of random.shuffle([...Array(12).keys()]).slice(0, 3)) union.add(block);
    }
    sum += 7 + 10 * union.size;
  }
  assertAlmostEquals(reads.together!(127, 3), sum / 4000, 1);
});

Deno.test("a choice by blocks reads a row for each earlier block and key head, and scores it with each query head", () => {
  const visible = 1000; // 16-token blocks: 62 before the own one
  assertEquals(moba({ blockSize: 16, topK: 4 }).choice!(visible, heads, 2), {
    flops: 62 * 32 * 2 * 128,
    bytes: 62 * 8 * 128 * 2,
  });
  assertEquals(quest({ topK: 4 }).choice!(visible, heads, 2).bytes, 2 * 62 * 8 * 128 * 2);
  assertEquals(moba({ blockSize: 16, topK: 4 }).choice!(visible, latent, 2), {
    flops: 62 * 128 * 2 * 576,
    bytes: 62 * 576 * 2,
  });
});

Deno.test("what the index adds to a token is a share of its key, and 132 bytes with an indexer of its own", () => {
  assertEquals(moba({ blockSize: 16, topK: 4 }).index!(heads, 2), 8 * 128 * 2 / 16);
  assertEquals(quest({ topK: 4 }).index!(heads, 2), 2 * 8 * 128 * 2 / 16);
  assertEquals(nsa().index!(heads, 2), 2 * 8 * 128 * 2 / 16);
  assertEquals(dsa().index!(latent, 1), 132);
  assertEquals(
    moba({ blockSize: 16, topK: 4 }).index!({ ...heads, sharesCache: true } as typeof heads, 2),
    0,
  );
});

Deno.test("nsa() attends to as many tokens as its blocks and window hold, counted as keys of their own", () => {
  const sizes = { compressedSize: 4, stride: 2, selectedSize: 4, selected: 3, window: 5 };
  const keys = randomMatrix(40, 4, 1);
  const { selected } = nativeSparseAttention({ queries: [keys], keys, values: keys }, sizes);
  selected.forEach((blocks, query) => {
    const tokens = tokensOfBlocks(blocks, 4, query + 1).length;
    assertEquals(nsaTokens(query + 1, sizes).selected, tokens);
    assertEquals(
      nsa(sizes).attended(query + 1),
      Math.min(query + 1, tokens + Math.min(5, query + 1)),
    );
  });
  const choice = nsa(sizes).choice!(40, heads, 2);
  assertEquals(choice, { flops: 19 * 32 * 2 * 256, bytes: 19 * 8 * 256 * 2 });
});

Deno.test("the oracle reads every key: those of its choice with their values, the others to know", () => {
  const reads = oracleTopK(64);
  const read = reads.together!(1000, 4);
  const bytes = reads.choice!(1000, heads, 2).bytes + read * 8 * 128 * 2;
  assertAlmostEquals(bytes, 1000 * 8 * 128 * 2, 1e-3);
});

Deno.test("settings that are none are refused", () => {
  assertThrows(() => slidingWindow({ window: 0 }), RangeError, "the window");
  assertThrows(() => moba({ blockSize: 0, topK: 1 }), RangeError, "blockSize");
  assertThrows(() => quest({ topK: 0 }), RangeError, "topK");
  assertThrows(() => nsa({ stride: 5 }), RangeError, "must divide");
  assertThrows(() => dsa({ topK: -1 }), RangeError, "topK");
  assertThrows(() => oracleTopK(NaN), RangeError, "topK");
});
