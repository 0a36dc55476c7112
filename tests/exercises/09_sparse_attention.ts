import {
  blockTopK,
  mobaBlocks,
  sinkPattern,
  unionOf,
  unionSizes,
  windowPattern,
} from "@fewer-bytes/attention";
import { findModel } from "@fewer-bytes/catalog";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** Counts one by one what the closed form sums up. */
function countPairs(tokens: number, window: number, sinks: number): number {
  const sees = unionOf(windowPattern({ before: window - 1 }), sinkPattern(sinks));
  let pairs = 0;
  for (let query = 0; query < tokens; query++) {
    for (let key = 0; key <= query; key++) if (sees(query, key)) pairs++;
  }
  return pairs;
}

export const patternPairs = defineExercise({
  id: "09.1",
  title: "Count the pairs of a window with sinks",
  points: 10,
  name: "patternPairs",
  stub: `/**
 * Pairs of a query and a key in a causal prompt. A token sees itself, the tokens before it
 * up to \`window\` in all, and the first \`sinks\` tokens of the prompt.
 */
function patternPairs(tokens: number, window: number, sinks: number): number {
  return NaN; // your turn
}`,
  hints: [
    "How many keys does the token at place i see, counted from 0? Early tokens see less than a window; and a sink that is inside the window is one key, not two.",
    "Place i sees min(i + 1, window + sinks) keys: all that there are, as long as the two still touch. Add that up over all places.",
    `A triangle, then a band.

\`\`\`ts
function patternPairs(tokens: number, window: number, sinks: number): number {
  let pairs = 0;
  for (let i = 0; i < tokens; i++) pairs += Math.min(i + 1, window + sinks);
  return pairs;
}
\`\`\``,
  ],
  reference: (tokens: number, window: number, sinks: number): number => {
    const most = Math.min(tokens, window + sinks);
    return most * (most + 1) / 2 + (tokens - most) * most;
  },
  checks: [
    {
      name: "is the whole triangle when the window reaches to the start",
      run: async (pairs) =>
        expectNumber(await pairs(6, 6, 0), 21, {
          unit: "pairs",
          hint: "the first token sees one key, the sixth sees six",
        }),
    },
    {
      name: "is a band when the prompt is longer than the window",
      run: async (pairs) =>
        expectNumber(await pairs(8, 3, 0), 1 + 2 + 6 * 3, {
          unit: "pairs",
          hint: "the window counts the token itself",
        }),
    },
    {
      name: "adds the sinks, and counts none twice",
      run: async (pairs) =>
        expectNumber(await pairs(8, 3, 2), 1 + 2 + 3 + 4 + 4 * 5, {
          unit: "pairs",
          hint: "draw the row of the fourth token: which of its keys are sinks, which are window?",
        }),
    },
    {
      name: "agrees with counting one by one",
      run: async (pairs) => {
        for (const [tokens, window, sinks] of [[5, 9, 4], [40, 1, 0], [60, 7, 5]] as const) {
          expectNumber(await pairs(tokens, window, sinks), countPairs(tokens, window, sinks), {
            unit: "pairs",
            hint: `${tokens} tokens, a window of ${window}, ${sinks} sinks`,
          });
        }
      },
    },
  ],
  mistakes: [
    {
      title: "gives early tokens a full window",
      answer: (tokens, window, sinks) => tokens * (window + sinks),
      caught: "the first token sees one key",
    },
    {
      title: "takes the window for what lies before the token",
      answer: (tokens, window, sinks) => countPairs(tokens, window + 1, sinks),
      caught: "the window counts the token itself",
    },
    {
      title: "forgets the sinks",
      answer: (tokens, window) => countPairs(tokens, window, 0),
      caught: "which of its keys are sinks",
    },
    {
      title: "counts a sink inside the window twice",
      answer: (tokens, window, sinks) =>
        countPairs(tokens, window, 0) + countPairs(tokens, 1, sinks) - tokens,
      caught: "which of its keys are sinks",
    },
  ],
});

/** The dot product of a query with the mean of some keys. */
function meanScore(query: readonly number[], keys: readonly (readonly number[])[]): number {
  let score = 0;
  for (const key of keys) key.forEach((value, x) => score += value * query[x]! / keys.length);
  return score;
}

/** Blocks by score: some rules of choosing, right and wrong, differ only in what they let in. */
function best(
  candidates: readonly number[],
  score: (block: number) => number,
  count: number,
): number[] {
  return candidates.toSorted((a, b) => score(b) - score(a) || a - b).slice(0, count);
}

const ascending = (blocks: readonly number[]) => blocks.toSorted((a, b) => a - b);
const blockOf = (keys: readonly number[][], block: number, size: number) =>
  keys.slice(block * size, (block + 1) * size);

/** What the library chooses for the last of the keys that it is shown. */
function mobaChoice(
  query: number[],
  keys: number[][],
  position: number,
  blockSize: number,
  topK: number,
): number[] {
  const seen = Matrix.from(keys.slice(0, position + 1));
  const inputs = { queries: Matrix.from([query]), keys: seen, values: seen };
  return [...mobaBlocks(inputs, { blockSize, topK })[0]!];
}

/** Blocks are names, not amounts: a block of twice the number is no slip of a factor of two. */
function expectBlocks(actual: unknown, expected: number[], hint: string): void {
  const named = (blocks: readonly unknown[]) => blocks.map((block) => `block ${block}`);
  expectEqual(Array.isArray(actual) ? named(actual) : actual, named(expected), { hint });
}

export const chooseBlocks = defineExercise({
  id: "09.2",
  title: "Choose blocks by their mean keys",
  points: 15,
  name: "chooseBlocks",
  stub: `/**
 * The blocks that a token attends to, in ascending order: its own, always, and the best earlier
 * ones by the dot product of query and mean key, topK in all. The token stands at \`position\`,
 * counted from 0; \`keys\` are those of the whole prompt, later tokens too.
 */
function chooseBlocks(
  query: number[],
  keys: number[][],
  position: number,
  blockSize: number,
  topK: number,
): number[] {
  return []; // your turn
}`,
  hints: [
    "In which block does the token stand? Which blocks lie wholly before it? Only those compete, and for how many places?",
    "own = ⌊position / blockSize⌋. Blocks 0 to own − 1 get a score, query · mean of their keys. The topK − 1 best of them are taken, and own.",
    `Score the earlier blocks, sort, cut, add the own one.

\`\`\`ts
function chooseBlocks(query: number[], keys: number[][], position: number, blockSize: number, topK: number): number[] {
  const own = Math.floor(position / blockSize);
  const scores = Array.from({ length: own }, (_, block) => {
    let score = 0;
    for (let token = block * blockSize; token < (block + 1) * blockSize; token++) {
      for (let x = 0; x < query.length; x++) score += query[x]! * keys[token]![x]! / blockSize;
    }
    return score;
  });
  const order = scores.map((_, block) => block).sort((a, b) => scores[b]! - scores[a]!);
  return [...order.slice(0, topK - 1), own].sort((a, b) => a - b);
}
\`\`\``,
  ],
  reference: mobaChoice,
  checks: [
    {
      name: "takes the block with the best mean, and its own",
      run: async (choose) =>
        expectBlocks(
          await choose([1], [[0], [1], [5], [6], [2], [1], [0], [0]], 7, 2, 2),
          [1, 3],
          "blocks of 2: the means are 0.5, 5.5, 1.5, and the token stands in block 3",
        ),
    },
    {
      name: "sees nothing that comes later",
      run: async (choose) =>
        expectBlocks(
          await choose([1], [[1], [1], [0], [0], [3], [0], [9], [9]], 4, 2, 2),
          [0, 2],
          "the token stands in block 2: block 3 is its future",
        ),
    },
    {
      name: "judges by the mean, not by the best key",
      run: async (choose) =>
        expectBlocks(
          await choose([1], [[9], [-9], [2], [2], [0], [0]], 5, 2, 2),
          [1, 2],
          "a block of 9 and −9 has a mean of 0",
        ),
    },
    {
      name: "counts its own block among topK",
      run: async (choose) =>
        expectBlocks(
          await choose([1], [[1], [2], [3], [4], [0]], 4, 1, 3),
          [2, 3, 4],
          "topK in all: the own block takes one of the places",
        ),
    },
    {
      name: "takes all when there are fewer than topK",
      run: async (choose) =>
        expectBlocks(await choose([1], [[1], [2], [3]], 2, 1, 8), [0, 1, 2], "all three"),
    },
    {
      name: "agrees with the library on random keys",
      run: async (choose) => {
        const random = seeded(9);
        const keys = Array.from({ length: 60 }, () => [random.normal(), random.normal()]);
        for (const position of [3, 17, 42, 59]) {
          const query = [random.normal(), random.normal()];
          expectBlocks(
            await choose(query, keys, position, 5, 4),
            mobaChoice(query, keys, position, 5, 4),
            `the token at ${position}, blocks of 5, 4 in all`,
          );
        }
      },
    },
  ],
  mistakes: [
    {
      title: "looks into the future",
      answer: (query, keys, position, size, topK) => {
        const own = Math.floor(position / size);
        const blocks = [...Array(Math.ceil(keys.length / size)).keys()].filter((b) => b !== own);
        const score = (block: number) => meanScore(query, blockOf(keys, block, size));
        return ascending([...best(blocks, score, topK - 1), own]);
      },
      caught: "block 3 is its future",
    },
    {
      title: "forgets its own block",
      answer: (query, keys, position, size, topK) => {
        const blocks = [...Array(Math.floor(position / size)).keys()];
        const score = (block: number) => meanScore(query, blockOf(keys, block, size));
        return ascending(best(blocks, score, topK));
      },
      caught: "the token stands in block 3",
    },
    {
      title: "lets its own block compete",
      answer: (query, keys, position, size, topK) => {
        const blocks = [...Array(Math.floor(position / size) + 1).keys()];
        const seen = keys.slice(0, position + 1);
        const score = (block: number) => meanScore(query, blockOf(seen, block, size));
        return ascending(best(blocks, score, topK));
      },
      caught: "the token stands in block 3",
    },
    {
      title: "takes topK besides its own",
      answer: (query, keys, position, size, topK) => {
        const own = Math.floor(position / size);
        const score = (block: number) => meanScore(query, blockOf(keys, block, size));
        return ascending([...best([...Array(own).keys()], score, topK), own]);
      },
      caught: "takes one of the places",
    },
    {
      title: "judges a block by its best key",
      answer: (query, keys, position, size, topK) => {
        const own = Math.floor(position / size);
        const score = (block: number) =>
          Math.max(...blockOf(keys, block, size).map((key) => meanScore(query, [key])));
        return ascending([...best([...Array(own).keys()], score, topK - 1), own]);
      },
      caught: "has a mean of 0",
    },
  ],
});

/** What the library counts. */
function readTogether(chosen: number[][], group: number): number {
  return unionSizes(chosen.map((list) => Uint32Array.from(list)), {
    queryHeads: chosen.length,
    keyValueHeads: chosen.length / group,
    headDimension: 1,
  }).reduce((sum, size) => sum + size, 0);
}

export const tokensRead = defineExercise({
  id: "09.3",
  title: "What heads read together",
  points: 10,
  name: "tokensRead",
  stub: `/**
 * Keys that a decode step reads in one layer. \`chosen\` has, for each query head, the places of
 * the tokens that it attends to. Each \`group\` neighboring query heads share one key head; what
 * several heads of a group want is read once.
 */
function tokensRead(chosen: number[][], group: number): number {
  return NaN; // your turn
}`,
  hints: [
    "Two query heads of one group want token 7. How often is its key read? And if they are of different groups?",
    "For each group, the size of the union of its lists. Then the sum over groups, as each group has a key head of its own.",
    `A set for each group.

\`\`\`ts
function tokensRead(chosen: number[][], group: number): number {
  let read = 0;
  for (let first = 0; first < chosen.length; first += group) {
    read += new Set(chosen.slice(first, first + group).flat()).size;
  }
  return read;
}
\`\`\``,
  ],
  reference: readTogether,
  checks: [
    {
      name: "reads once what two heads of a group want",
      run: async (read) =>
        expectNumber(await read([[0, 7], [7, 9]], 2), 3, {
          unit: "keys",
          hint: "0, 7 and 9: the two share their keys",
        }),
    },
    {
      name: "reads twice what heads of two groups want",
      run: async (read) =>
        expectNumber(await read([[7], [7]], 1), 2, {
          unit: "keys",
          hint: "each group has a key head of its own, with another key for token 7",
        }),
    },
    {
      name: "reads no less when some heads want little",
      run: async (read) => expectNumber(await read([[1, 2, 3], [3], [], [8, 9]], 2), 5),
    },
    {
      name: "agrees with the library on random choices",
      run: async (read) => {
        const random = seeded(3);
        const chosen = Array.from(
          { length: 8 },
          () => random.shuffle([...Array(40).keys()]).slice(0, 10),
        );
        for (const group of [1, 2, 4, 8]) {
          expectNumber(await read(chosen, group), readTogether(chosen, group), {
            unit: "keys",
            hint: `groups of ${group}`,
          });
        }
      },
    },
  ],
  mistakes: [
    {
      title: "lets every head read for itself",
      answer: (chosen) => chosen.flat().length,
      caught: "the two share their keys",
    },
    {
      title: "shares keys among all heads",
      answer: (chosen) => new Set(chosen.flat()).size,
      caught: "a key head of its own",
    },
    {
      title: "takes the longest list of each group",
      answer: (chosen, group) => {
        let read = 0;
        for (let first = 0; first < chosen.length; first += group) {
          read += Math.max(
            ...chosen.slice(first, first + group).map((list) => list.length),
          );
        }
        return read;
      },
      caught: "expected 3 keys, got 2 keys",
    },
    {
      title: "reads only what all heads of a group agree on",
      answer: (chosen, group) => {
        let read = 0;
        for (let first = 0; first < chosen.length; first += group) {
          const lists = chosen.slice(first, first + group);
          read += lists[0]!.filter((place) => lists.every((list) => list.includes(place))).length;
        }
        return read;
      },
      caught: "the two share their keys",
    },
  ],
});

/** What the library counts, for one key head whose keys and values have so many bytes, in numbers of one byte. */
function libraryBytes(
  context: number,
  blockSize: number,
  topK: number,
  tokenBytes: number,
): number {
  const attention = {
    ...findModel("llama-2-7b").layers[0]!.attention,
    queryHeads: 1,
    keyValueHeads: 1,
    headDimension: tokenBytes / 2,
  };
  const reads = blockTopK({ blockSize, topK, sharedChoice: true });
  return reads.attended(context) * tokenBytes + reads.choice!(context, attention, 1).bytes;
}

/** Blocks before the own one, and tokens of the own one. */
const blocksOf = (context: number, blockSize: number) => {
  const earlier = Math.ceil(context / blockSize) - 1;
  return { earlier, own: context - earlier * blockSize };
};

export const sparseStepBytes = defineExercise({
  id: "09.4",
  title: "Bytes of a block-sparse step",
  points: 15,
  name: "sparseStepBytes",
  stub: `/**
 * Bytes of the cache that one decode step reads with block-sparse attention, choice included.
 * The newest token attends to its own block, which may not be full, and to topK - 1 earlier
 * ones. It chooses by one mean key for each earlier block, unless all are chosen anyhow.
 * tokenBytes: keys and values of one token, all layers. All heads choose alike.
 */
function sparseStepBytes(
  context: number,
  blockSize: number,
  topK: number,
  tokenBytes: number,
): number {
  return NaN; // your turn: context counts the newest token too
}`,
  hints: [
    "Three parts: the tokens of the own block, those of the chosen earlier blocks, and what is read to choose. Of a block, what is read to choose it?",
    "earlier = ⌈context / blockSize⌉ − 1. Attended tokens: context − earlier · blockSize, and min(earlier, topK − 1) · blockSize. A mean key is half of tokenBytes, since it has no value; there is one for each earlier block, if earlier ≥ topK.",
    `Attend, and choose.

\`\`\`ts
function sparseStepBytes(context: number, blockSize: number, topK: number, tokenBytes: number): number {
  const earlier = Math.ceil(context / blockSize) - 1;
  const own = context - earlier * blockSize;
  const attended = own + Math.min(earlier, topK - 1) * blockSize;
  const choice = earlier < topK ? 0 : earlier / 2;
  return (attended + choice) * tokenBytes;
}
\`\`\``,
  ],
  reference: libraryBytes,
  checks: [
    {
      name: "reads everything once, and chooses nothing, while all blocks are taken",
      run: async (bytes) =>
        expectNumber(await bytes(500, 128, 4, 1000), 500_000, {
          unit: "B",
          hint: "three full blocks and 116 tokens of the fourth, all of them attended to",
        }),
    },
    {
      name: "counts the mean keys, which have no values",
      run: async (bytes) =>
        expectNumber(await bytes(1024, 128, 4, 1000), 512_000 + 7 * 500, {
          unit: "B",
          hint: "seven earlier blocks, and half a token for each",
        }),
    },
    {
      name: "lets the own block be as long as it is",
      run: async (bytes) =>
        expectNumber(await bytes(1025, 128, 4, 1000), (3 * 128 + 1) * 1000 + 8 * 500, {
          unit: "B",
          hint: "a new block has begun: it holds one token",
        }),
    },
    {
      name: "agrees with the library for Llama 3.1 8B, from 1 to 200,000 tokens",
      run: async (bytes) => {
        for (const context of [1, 63, 64, 5000, 131_072, 200_000]) {
          const expected = libraryBytes(context, 64, 32, 131_072);
          expectNumber(await bytes(context, 64, 32, 131_072), expected, {
            unit: "B",
            hint: `at ${context} tokens`,
          });
        }
      },
    },
    {
      name: "stays above what choosing alone reads, however few blocks are taken",
      run: async (bytes) =>
        expectThat(
          Number(await bytes(1_048_576, 64, 1, 1000)) > 16_383 * 500,
          "at a million tokens the mean keys alone are 8 MB: is the choice counted?",
        ),
    },
  ],
  mistakes: [
    {
      title: "forgets what is read to choose",
      answer: (context, blockSize, topK, tokenBytes) => {
        const { earlier, own } = blocksOf(context, blockSize);
        return (own + Math.min(earlier, topK - 1) * blockSize) * tokenBytes;
      },
      caught: "half a token for each",
    },
    {
      title: "gives mean keys values, too",
      answer: (context, blockSize, topK, tokenBytes) => {
        const { earlier, own } = blocksOf(context, blockSize);
        const choice = earlier < topK ? 0 : earlier;
        return (own + Math.min(earlier, topK - 1) * blockSize + choice) * tokenBytes;
      },
      caught: "half a token for each",
    },
    {
      title: "takes the own block for full",
      answer: (context, blockSize, topK, tokenBytes) => {
        const { earlier } = blocksOf(context, blockSize);
        const choice = earlier < topK ? 0 : earlier / 2;
        return (Math.min(context, topK * blockSize) + choice) * tokenBytes;
      },
      caught: "it holds one token",
    },
    {
      title: "chooses where there is nothing to choose",
      answer: (context, blockSize, topK, tokenBytes) => {
        const { earlier, own } = blocksOf(context, blockSize);
        return (own + Math.min(earlier, topK - 1) * blockSize + earlier / 2) * tokenBytes;
      },
      caught: "all of them attended to",
    },
    {
      title: "attends to topK blocks besides its own",
      answer: (context, blockSize, topK, tokenBytes) => {
        const { earlier, own } = blocksOf(context, blockSize);
        const choice = earlier < topK ? 0 : earlier / 2;
        return (own + Math.min(earlier, topK) * blockSize + choice) * tokenBytes;
      },
      caught: "seven earlier blocks",
    },
  ],
});
