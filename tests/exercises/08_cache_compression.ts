import {
  affineStorage,
  type CachedModel,
  ChannelRows,
  HeavyHitterCache,
  millionTokenSteps,
  plainFourBits,
  roundAffineGroup,
  stack,
} from "@fewer-bytes/cache";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import type { Weight } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { completeCacheMethod, storedBytes } from "@fewer-bytes/transformer";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** One token's answer to a wrong grouping: the values of a list on even marks between its extremes. */
function onGrid(values: readonly number[], bits: number): number[] {
  const low = Math.min(...values);
  const step = (Math.max(...values) - low) / (2 ** bits - 1);
  return values.map((value) => step === 0 ? low : low + step * Math.round((value - low) / step));
}

/** A list for each column. */
function columnsOf(rows: readonly (readonly number[])[]): number[][] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!));
}

/** Keys of which every third channel sits far from zero. */
function randomKeys(seed: number, tokens: number, channels: number): number[][] {
  const random = seeded(seed);
  return Array.from(
    { length: tokens },
    () => Array.from({ length: channels }, (_, c) => (c % 3 === 0 ? 20 : 0) + random.normal()),
  );
}

export const keysPerChannel = defineExercise({
  id: "08.1",
  title: "Keys, channel by channel",
  points: 15,
  name: "keysPerChannel",
  stub: `/**
 * What comes back of the keys of a group of tokens, keys[token][channel], when each channel
 * has 2 ** bits marks, evenly from its smallest value to its largest.
 */
function keysPerChannel(keys: number[][], bits: number): number[][] {
  return []; // your turn
}`,
  hints: [
    "Which values share a smallest and a largest one: those of a row, or those of a column? And how many steps lie between 2 ** bits marks?",
    "For each channel: step = (max − min) / (2^bits − 1), code = round((value − min) / step), and what comes back is min + step · code. If all values are equal, the step is 0: give back the minimum.",
    `\`\`\`ts
function keysPerChannel(keys: number[][], bits: number): number[][] {
  const result = keys.map((row) => [...row]);
  for (let channel = 0; channel < keys[0]!.length; channel++) {
    const column = keys.map((row) => row[channel]!);
    const min = Math.min(...column);
    const step = (Math.max(...column) - min) / (2 ** bits - 1);
    for (const row of result) {
      row[channel] = step ? min + step * Math.round((row[channel]! - min) / step) : min;
    }
  }
  return result;
}
\`\`\``,
  ],
  reference: (keys: number[][], bits: number): number[][] => {
    const channels = keys[0]!.length;
    const data = Float32Array.from(keys.flat());
    for (let channel = 0; channel < channels; channel++) {
      roundAffineGroup(data, channel, channels, keys.length, bits);
    }
    return keys.map((_, token) => [...data.subarray(token * channels, (token + 1) * channels)]);
  },
  checks: [
    {
      name: "keeps a channel around -10 and two quiet ones exactly, when four marks suffice",
      run: async (round) => {
        const keys = [[-11, 0, 0], [-10, 1, 0.5], [-9, 2, 1], [-8, 3, 1.5]];
        expectEqual(await round(keys, 2), keys, {
          hint: "each channel has only four different values, and four marks of its own",
        });
      },
    },
    {
      name: "gives a channel of equal values back as it is, and no NaN",
      run: async (round) =>
        expectEqual(await round([[5, 0], [5, 1], [5, 2]], 2).then((rows) => rows.map(([a]) => a)), [
          5,
          5,
          5,
        ], { hint: "where the largest value is the smallest one, the step is 0, and 0/0 is NaN" }),
    },
    {
      name: "rounds to the nearest mark: 1.2 of 0 to 3 becomes 1",
      run: async (round) =>
        expectEqual(await round([[0], [1.2], [1.9], [3]], 2), [[0], [1], [2], [3]]),
    },
    {
      name: "agrees with the library's cache on random keys, up to what 16-bit scales lose",
      run: async (round) => {
        const keys = randomKeys(8, 32, 6);
        const store = new ChannelRows(6, { bits: 2, groupSize: 32 });
        for (const row of keys) store.append(Float32Array.from(row));
        const answer = (await round(keys, 2)).flat();
        store.rows.subarray(0, 32 * 6).forEach((expected, i) => {
          expectThat(
            Math.abs(answer[i]! - expected) < 0.05,
            `token ${Math.floor(i / 6)}, channel ${i % 6}: expected about ${
              expected.toFixed(2)
            }, got ${answer[i]}`,
          );
        });
      },
    },
  ],
  mistakes: [
    {
      title: "groups per token",
      answer: (keys, bits) => keys.map((row) => onGrid(row, bits)),
      caught: "four marks of its own",
    },
    {
      title: "forgets to add the minimum again",
      answer: (keys, bits) => {
        const columns = columnsOf(keys).map((column) => {
          const low = Math.min(...column);
          return onGrid(column, bits).map((value) => value - low);
        });
        return columnsOf(columns);
      },
      caught: "four marks of its own",
    },
    {
      title: "divides by a step of 0",
      answer: (keys, bits) =>
        columnsOf(
          columnsOf(keys).map((column) => {
            const low = Math.min(...column);
            const step = (Math.max(...column) - low) / (2 ** bits - 1);
            return column.map((value) => low + step * Math.round((value - low) / step));
          }),
        ),
      caught: "0/0 is NaN",
    },
    {
      title: "has a step too many: 2 ** bits steps need one more mark",
      answer: (keys, bits) =>
        columnsOf(
          columnsOf(keys).map((column) => {
            const low = Math.min(...column);
            const step = (Math.max(...column) - low) / 2 ** bits || 1;
            return column.map((value) => low + step * Math.round((value - low) / step));
          }),
        ),
      caught: "four marks of its own",
    },
  ],
});

export const averageBits = defineExercise({
  id: "08.2",
  title: "What two bits really take",
  points: 10,
  name: "averageBits",
  stub: `/**
 * Bits of a cached value, on average over a context. The newest \`window\` tokens have 16 bits;
 * all others have codes of \`bits\`, and each \`groupSize\` of them share a scale and a minimum of
 * 16 bits each.
 */
function averageBits(context: number, window: number, bits: number, groupSize: number): number {
  return NaN; // your turn
}`,
  hints: [
    "What does one value that is not recent take, its part of scale and minimum included? And how many of the tokens are recent, when the context is shorter than the window?",
    "recent = min(context, window); (recent · 16 + (context − recent) · (bits + 32 / groupSize)) / context.",
    `\`\`\`ts
function averageBits(context: number, window: number, bits: number, groupSize: number): number {
  const recent = Math.min(context, window);
  return (recent * 16 + (context - recent) * (bits + 32 / groupSize)) / context;
}
\`\`\``,
  ],
  reference: (context: number, window: number, bits: number, groupSize: number): number =>
    8 * storedBytes(
      context,
      completeCacheMethod("bf16", { storage: affineStorage(bits, groupSize), recent: window }),
    ) / context,
  checks: [
    {
      name: "takes 3 bits for 2-bit codes in groups of 32, without a window",
      run: async (bits) => expectNumber(await bits(4096, 0, 2, 32), 3, { unit: "bits" }),
    },
    {
      name: "takes 16 bits while all tokens are recent, even if the window has room for more",
      run: async (bits) =>
        expectNumber(await bits(100, 128, 2, 32), 16, {
          unit: "bits",
          hint: "no more tokens can be recent than there are",
        }),
    },
    {
      name: "takes 4.625 bits at 1,024 tokens with a window of 128",
      run: async (bits) => expectNumber(await bits(1024, 128, 2, 32), 4.625, { unit: "bits" }),
    },
    {
      name: "takes 4.3 bits at 128 Ki tokens with 4-bit codes in groups of 128 and a window of 512",
      run: async (bits) =>
        expectNumber(await bits(131_072, 512, 4, 128), 4.25 + 11.75 * 512 / 131_072, {
          unit: "bits",
        }),
    },
  ],
  mistakes: [
    {
      title: "counts the codes alone",
      answer: (context, window, bits) => {
        const recent = Math.min(context, window);
        return (recent * 16 + (context - recent) * bits) / context;
      },
      caught: "expected 3 bits, got 2 bits",
    },
    {
      title: "counts a scale and no minimum",
      answer: (context, window, bits, groupSize) => {
        const recent = Math.min(context, window);
        return (recent * 16 + (context - recent) * (bits + 16 / groupSize)) / context;
      },
      caught: "got 2.5 bits",
    },
    {
      title: "has more recent tokens than tokens",
      answer: (context, window, bits, groupSize) =>
        (window * 16 + (context - window) * (bits + 32 / groupSize)) / context,
      caught: "no more tokens can be recent",
    },
    {
      title: "forgets the window",
      answer: (_context, _window, bits, groupSize) => bits + 32 / groupSize,
      caught: "expected 16 bits, got 3 bits",
    },
  ],
});

const empty: Weight = { name: "empty", outputs: 1, inputs: 1, data: new Float32Array(1) };
const gain = new Float32Array(1);
/** The smallest model that a cache can serve: one layer with one head of one channel. */
const oneHead: CachedModel = {
  layers: [{
    attentionNorm: gain,
    queries: empty,
    keys: empty,
    values: empty,
    output: empty,
    feedForwardNorm: gain,
    gate: empty,
    up: empty,
    down: empty,
  }],
  queryHeads: 1,
  keyValueHeads: 1,
  headDimension: 1,
  ropeTheta: 10_000,
};

/** What the library's cache keeps in the end, when its one head divides its attention so. */
function keptByLibrary(attention: number[][], heavy: number, recent: number): number[] {
  const cache = new HeavyHitterCache(oneHead, { heavy, recent });
  attention.forEach((shares, position) => {
    // The value of a token is its position, so that a read tells which token is in which slot.
    const values = Float32Array.of(position);
    cache.append(0, { position, keys: gain, values, hidden: gain });
    const { count, values: tokens } = cache.read(0);
    cache.observe(0, 0, Float32Array.from(tokens.subarray(0, count), (token) => shares[token]!));
  });
  return cache.kept(0, 0);
}

/** Shares of random attention, a row for each token over itself and those before it. */
function randomAttention(seed: number, tokens: number): number[][] {
  const random = seeded(seed);
  return Array.from({ length: tokens }, (_, last) => {
    const row = Array.from({ length: last + 1 }, () => Math.exp(2 * random.normal()));
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((weight) => weight / sum);
  });
}

/** Keeps tokens as they come; `choose` says which one of the kept goes. */
function keepOnline(
  attention: number[][],
  budget: number,
  choose: (kept: number[], sums: number[], last: number) => number,
): number[] {
  let kept: number[] = [];
  const sums: number[] = [];
  attention.forEach((shares, last) => {
    if (kept.length === budget) {
      const gone = choose(kept, sums, last);
      kept = kept.filter((token) => token !== gone);
    }
    kept.push(last);
    for (const token of kept) sums[token] = (sums[token] ?? 0) + shares[token]!;
  });
  return kept;
}

const lightest = (tokens: number[], sums: number[]) =>
  tokens.reduce((least, token) => sums[token]! < sums[least]! ? token : least);

export const keptTokens = defineExercise({
  id: "08.3",
  title: "Whom does H2O keep?",
  points: 20,
  name: "keptTokens",
  stub: `/**
 * The tokens that are left in the end, in order. attention[t] holds the shares that token t gives
 * to the tokens 0 to t. Before token t comes in, when heavy + recent tokens are kept already, one
 * of them goes: the one that has received least so far, and is not among the \`recent\` newest,
 * token t included. Only kept tokens receive.
 */
function keptTokens(attention: number[][], heavy: number, recent: number): number[] {
  return []; // your turn
}`,
  hints: [
    "Walk through the tokens one by one, with two things in hand: who is kept, and what each has received. What has gone cannot come back.",
    "For token t: if the cache is full, drop the one with the smallest sum among those kept at positions ≤ t − recent. Then keep t, and add attention[t][token] to the sum of each kept token.",
    `\`\`\`ts
function keptTokens(attention: number[][], heavy: number, recent: number): number[] {
  let kept: number[] = [];
  const sums: number[] = [];
  for (const [t, shares] of attention.entries()) {
    if (kept.length === heavy + recent) {
      const old = kept.filter((token) => token <= t - recent);
      const least = Math.min(...old.map((token) => sums[token]!));
      const gone = old.find((token) => sums[token] === least);
      kept = kept.filter((token) => token !== gone);
    }
    kept.push(t);
    for (const token of kept) sums[token] = (sums[token] ?? 0) + shares[token]!;
  }
  return kept;
}
\`\`\``,
  ],
  reference: keptByLibrary,
  checks: [
    {
      name: "keeps all while there is room",
      run: async (keep) => expectEqual(await keep([[1], [0.5, 0.5]], 1, 2), [0, 1]),
    },
    {
      name: "drops the one that received least: token 1 of three",
      run: async (keep) =>
        expectEqual(
          await keep([[1], [0.8, 0.2], [0.6, 0, 0.4], [0.5, 0, 0.25, 0.25]], 2, 1),
          [0, 2, 3],
          { hint: "token 0 was looked at most" },
        ),
    },
    {
      name: "spares the newest, though they have hardly had time to receive",
      run: async (keep) =>
        expectEqual(
          await keep([[1], [0.9, 0.1], [0.7, 0.25, 0.05], [0.4, 0.5, 0.05, 0.05]], 1, 2),
          [0, 2, 3],
          { hint: "the recent tokens stay in any case" },
        ),
    },
    {
      name: "does not bring back who has gone, however much the last token would have given it",
      run: async (keep) => {
        const attention = [
          [1],
          [1, 0],
          [0.5, 0, 0.5],
          [0.05, 0.9, 0, 0.05],
          [0, 0.95, 0, 0, 0.05],
          [0, 0.95, 0, 0, 0, 0.05],
        ];
        expectEqual(await keep(attention, 1, 1), [0, 5], {
          hint: "token 1 had gone before token 3 looked for it",
        });
      },
    },
    {
      name: "agrees with the library's cache on 40 tokens of random attention",
      run: async (keep) => {
        const attention = randomAttention(3, 40);
        expectEqual(await keep(attention, 5, 4), keptByLibrary(attention, 5, 4));
      },
    },
  ],
  mistakes: [
    {
      title: "keeps the newest only",
      answer: (attention, heavy, recent) =>
        keepOnline(attention, heavy + recent, ([first]) => first!),
      caught: "token 0 was looked at most",
    },
    {
      title: "does not spare the recent ones",
      answer: (attention, heavy, recent) =>
        keepOnline(attention, heavy + recent, (kept, sums) => lightest(kept, sums)),
      caught: "the recent tokens stay in any case",
    },
    {
      title: "judges once, in the end, with all that has gone",
      answer: (attention, heavy, recent) => {
        const sums: number[] = [];
        for (const shares of attention) {
          shares.forEach((share, token) => sums[token] = (sums[token] ?? 0) + share);
        }
        const old = Math.max(0, attention.length - recent);
        const best = Array.from({ length: old }, (_, token) => token)
          .sort((a, b) => sums[b]! - sums[a]!).slice(0, heavy).sort((a, b) => a - b);
        return [...best, ...Array.from({ length: attention.length - old }, (_, i) => old + i)];
      },
      caught: "had gone before token 3 looked for it",
    },
    {
      title: "drops the one that received most",
      answer: (attention, heavy, recent) =>
        keepOnline(
          attention,
          heavy + recent,
          (kept, sums, last) =>
            lightest(kept.filter((token) => token <= last - recent), sums.map((sum) => -sum)),
        ),
      caught: "token 0 was looked at most",
    },
  ],
});

/** What a context asks of a memory. */
interface LongContext {
  tokens: number;
  valuesPerToken: number;
  bits: number;
  read: number;
  weights: number;
}

export const storedAndMoved = defineExercise({
  id: "08.4",
  title: "Stored, and moved",
  points: 15,
  name: "storedAndMoved",
  stub: `/**
 * Bytes that must fit, and bytes that move for the next token of one sequence: weights and cache
 * together. Attention reads at most \`read\` of the tokens.
 */
function storedAndMoved(context: {
  tokens: number;
  valuesPerToken: number; // over all layers
  bits: number;
  read: number;
  weights: number; // bytes
}): { stored: number; moved: number } {
  return { stored: NaN, moved: NaN }; // your turn
}`,
  hints: [
    "Reading less is not storing less: a token that is not read now may be read next time. And what else is read for each token?",
    "stored = weights + tokens · valuesPerToken · bits / 8; moved = weights + min(tokens, read) · valuesPerToken · bits / 8.",
    `\`\`\`ts
function storedAndMoved(context: {
  tokens: number;
  valuesPerToken: number;
  bits: number;
  read: number;
  weights: number;
}): { stored: number; moved: number } {
  const { tokens, valuesPerToken, bits, read, weights } = context;
  const perToken = valuesPerToken * bits / 8;
  return {
    stored: weights + tokens * perToken,
    moved: weights + Math.min(tokens, read) * perToken,
  };
}
\`\`\``,
  ],
  reference: ({ tokens, valuesPerToken, bits, read, weights }: LongContext) => ({
    stored: weights + tokens * valuesPerToken * bits / 8,
    moved: weights + Math.min(tokens, read) * valuesPerToken * bits / 8,
  }),
  checks: [
    {
      name: "stores 147 GB of cache at a million tokens of Qwen3-8B, and moves all of it",
      run: async (sums) =>
        expectEqual(
          await sums({
            tokens: 1_000_000,
            valuesPerToken: 36 * 2 * 8 * 128,
            bits: 16,
            read: Infinity,
            weights: 0,
          }),
          { stored: 147_456_000_000, moved: 147_456_000_000 },
          { unit: "B" },
        ),
    },
    {
      name: "stores no less when a tenth is read",
      run: async (sums) => {
        const { stored } = await sums({
          tokens: 1000,
          valuesPerToken: 100,
          bits: 8,
          read: 100,
          weights: 0,
        });
        expectNumber(stored, 100_000, {
          unit: "B",
          hint: "what is not read now may be read next time, so it stays",
        });
      },
    },
    {
      name: "moves the weights, too",
      run: async (sums) => {
        const { moved } = await sums({
          tokens: 1000,
          valuesPerToken: 100,
          bits: 8,
          read: 100,
          weights: 5_000_000,
        });
        expectNumber(moved, 5_010_000, { unit: "B", hint: "every token reads the weights" });
      },
    },
    {
      name: "reads no more tokens than there are",
      run: async (sums) => {
        const { moved } = await sums({
          tokens: 50,
          valuesPerToken: 8,
          bits: 4,
          read: 1000,
          weights: 0,
        });
        expectNumber(moved, 200, { unit: "B", hint: "a short context has fewer than it may read" });
      },
    },
    {
      name: "comes to the library's stack: latents of Qwen3-8B in 4 bits, all of a million read",
      run: async (sums) => {
        const [, , fourBits] = stack(
          { model: findModel("qwen3-8b"), hardware: findHardware("nvidia-b200") },
          1_000_000,
          millionTokenSteps({ fourBits: plainFourBits }),
        );
        const { stored, moved } = await sums({
          tokens: 1_000_000,
          valuesPerToken: 36 * 576,
          bits: 4,
          read: 1_000_000,
          weights: fourBits!.moved.weights,
        });
        expectNumber(stored, fourBits!.moved.weights + fourBits!.stored.cache, { unit: "B" });
        expectNumber(moved, fourBits!.moved.weights + fourBits!.moved.cache, {
          unit: "B",
          tolerance: 1e-4,
        });
      },
    },
  ],
  mistakes: [
    {
      title: "lets sparse reads shrink the storage",
      answer: ({ tokens, valuesPerToken, bits, read, weights }) => {
        const cache = Math.min(tokens, read) * valuesPerToken * bits / 8;
        return { stored: weights + cache, moved: weights + cache };
      },
      caught: "may be read next time",
    },
    {
      title: "moves the cache alone",
      answer: ({ tokens, valuesPerToken, bits, read, weights }) => ({
        stored: weights + tokens * valuesPerToken * bits / 8,
        moved: Math.min(tokens, read) * valuesPerToken * bits / 8,
      }),
      caught: "every token reads the weights",
    },
    {
      title: "counts bits and not bytes",
      answer: ({ tokens, valuesPerToken, bits, read, weights }) => ({
        stored: weights + tokens * valuesPerToken * bits,
        moved: weights + Math.min(tokens, read) * valuesPerToken * bits,
      }),
      caught: /8 times/,
    },
    {
      title: "reads tokens that are not there",
      answer: ({ tokens, valuesPerToken, bits, read, weights }) => ({
        stored: weights + tokens * valuesPerToken * bits / 8,
        moved: weights + Math.min(read, 1e6) * valuesPerToken * bits / 8,
      }),
      caught: "fewer than it may read",
    },
  ],
});
