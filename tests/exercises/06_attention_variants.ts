import {
  decodeAttentionIntensity,
  meanPoolHeads,
  recurrentLinearAttention,
} from "@fewer-bytes/attention";
import { findModel, layerCount } from "@fewer-bytes/catalog";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { cacheBytes, cacheBytesPerToken } from "@fewer-bytes/transformer";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

export const headIntensity = defineExercise({
  id: "06.1",
  title: "Operations for each byte of cache",
  points: 10,
  name: "headIntensity",
  stub:
    `/** Operations that decode attention does for each byte of cache that it reads, when the context is long. */
function headIntensity(queryHeads: number, keyValueHeads: number, bytesPerValue: number): number {
  return NaN; // your turn
}`,
  hints: [
    "Look at one cached token. How many bytes are its keys and values? And what does each query head do with its key, and with its value?",
    "A head of d numbers takes 2·d operations for a score and 2·d for the weighted sum: 4·queryHeads·d in all. The bytes are 2·keyValueHeads·d·bytesPerValue. The d cancels.",
    "```ts\nfunction headIntensity(queryHeads: number, keyValueHeads: number, bytesPerValue: number): number {\n  return (4 * queryHeads) / (2 * keyValueHeads * bytesPerValue);\n}\n```",
  ],
  reference: (queryHeads: number, keyValueHeads: number, bytesPerValue: number): number =>
    4 * queryHeads / (2 * keyValueHeads * bytesPerValue),
  checks: [
    {
      name: "is 1 for Llama-2-7B, where every query head has a key of its own",
      run: async (intensity) =>
        expectNumber(
          await intensity(32, 32, 2),
          decodeAttentionIntensity(findModel("llama-2-7b"), 1e8),
          { unit: "FLOP/byte", tolerance: 1e-4 },
        ),
    },
    {
      name: "is 8 for Llama-3.1-70B, where eight query heads share a key",
      run: async (intensity) =>
        expectNumber(
          await intensity(64, 8, 2),
          decodeAttentionIntensity(findModel("llama-3.1-70b"), 1e8),
          { unit: "FLOP/byte", tolerance: 1e-4 },
        ),
    },
    {
      name: "doubles when the cache has 8 bits",
      run: async (intensity) =>
        expectNumber(
          await intensity(32, 8, 1),
          decodeAttentionIntensity(findModel("llama-3.1-8b"), 1e8, {
            formats: { weights: "bf16", cache: "fp8", activations: "bf16" },
          }),
          { unit: "FLOP/byte", tolerance: 1e-4 },
        ),
    },
  ],
  mistakes: [
    {
      title: "computes the scores and forgets the weighted sum of the values",
      answer: (queries, keys, size) => queries / (keys * size),
      caught: /2 times|half/,
    },
    {
      title: "divides the wrong way round",
      answer: (queries, keys, size) => keys * size / (2 * queries),
      caught: "upside down",
    },
    {
      title: "gives every query head a key of its own",
      answer: (_queries, _keys, size) => 2 / size,
      caught: "expected 8",
    },
    {
      title: "takes two bytes for granted",
      answer: (queries, keys) => queries / keys,
      caught: /2 times|half/,
    },
  ],
});

export const meanPool = defineExercise({
  id: "06.2",
  title: "Fewer heads from many",
  points: 15,
  name: "meanPool",
  stub: `/** The heads of keys, one a row, made fewer: each group of neighbors becomes its mean. */
function meanPool(heads: number[][], kept: number): number[][] {
  return []; // your turn: kept divides the number of heads
}`,
  hints: [
    "How many of the old heads become one new head? And which query heads will look at it: neighbors, or every so many?",
    "With group = heads.length / kept, new head j is the mean of the old heads j·group to j·group + group − 1, number by number.",
    "```ts\nfunction meanPool(heads: number[][], kept: number): number[][] {\n  const group = heads.length / kept;\n  return Array.from({ length: kept }, (_, j) =>\n    heads[0].map((_, i) => {\n      let sum = 0;\n      for (let m = 0; m < group; m++) sum += heads[j * group + m][i];\n      return sum / group;\n    }));\n}\n```",
  ],
  reference: (heads: number[][], kept: number): number[][] => {
    const group = heads.length / kept;
    return Array.from(
      { length: kept },
      (_, j) =>
        heads[0]!.map((_, i) => {
          let sum = 0;
          for (let m = 0; m < group; m++) sum += heads[j * group + m]![i]!;
          return sum / group;
        }),
    );
  },
  checks: [
    {
      name: "makes two heads of four",
      run: async (pool) =>
        expectEqual(await pool([[1, 2], [3, 6], [10, 0], [20, 40]], 2), [[2, 4], [15, 20]]),
    },
    {
      name: "leaves the heads as they are when all are kept",
      run: async (pool) => expectEqual(await pool([[1, 2], [3, 6]], 2), [[1, 2], [3, 6]]),
    },
    {
      name: "agrees with the library on eight random heads, three times",
      run: async (pool) => {
        const random = seeded(6);
        const heads = Array.from({ length: 8 }, () => Array.from({ length: 3 }, random.normal));
        const data = Float32Array.from(heads.flat());
        for (const kept of [4, 2, 1]) {
          const pooled = meanPoolHeads({ name: "keys", outputs: 24, inputs: 1, data }, 8, kept);
          const found = await pool(heads, kept);
          const expected = Array.from(
            { length: kept },
            (_, j) => [...pooled.data.slice(3 * j, 3 * j + 3)],
          );
          expectEqual(found.map((head) => head.map(Math.fround)), expected, { tolerance: 1e-5 });
        }
      },
    },
  ],
  mistakes: [
    {
      title: "keeps the first head of each group",
      answer: (heads, kept) => heads.filter((_, index) => index % (heads.length / kept) === 0),
      caught: "[0][0]",
    },
    {
      title: "adds and does not divide",
      answer: (heads, kept) => {
        const group = heads.length / kept;
        return Array.from(
          { length: kept },
          (_, j) =>
            heads[0]!.map((_, i) =>
              heads.slice(j * group, (j + 1) * group).reduce((sum, head) => sum + head[i]!, 0)
            ),
        );
      },
      caught: /2 times|double/,
    },
    {
      title: "takes every second head into a group, not neighbors",
      answer: (heads, kept) =>
        Array.from(
          { length: kept },
          (_, j) =>
            heads[0]!.map((_, i) =>
              heads.filter((_, index) => index % kept === j).reduce(
                (sum, head) => sum + head[i]!,
                0,
              ) * kept / heads.length
            ),
        ),
      caught: "[0][0]",
    },
    {
      title: "keeps as many heads as there are",
      answer: (heads) => heads,
      caught: "[0][0]",
    },
  ],
});

/** What the cache of latent attention needs to know. */
interface LatentShape {
  layers: number;
  heads: number;
  latentWidth: number;
  rotaryWidth: number;
}

/** The widths of a model with latent attention, as the exercise names them. */
function latentShape(name: string): LatentShape {
  const model = findModel(name);
  const { attention } = model.layers[0]!;
  if (attention.kind !== "latent") throw new TypeError(`${name} has no latent attention`);
  return {
    layers: layerCount(model),
    heads: attention.queryHeads,
    latentWidth: attention.keyValueRank,
    rotaryWidth: attention.rotaryDimension,
  };
}

export const latentCachePerToken = defineExercise({
  id: "06.3",
  title: "The cache of latent attention",
  points: 15,
  name: "latentCachePerToken",
  stub: `/** Bytes that each token adds to the cache of a model with latent attention. */
function latentCachePerToken(
  model: { layers: number; heads: number; latentWidth: number; rotaryWidth: number },
  bytesPerValue: number,
): number {
  return NaN; // your turn: DeepSeek-V3 has 61 layers, 128 heads, and widths of 512 and 64
}`,
  hints: [
    "Keys and values of all heads are functions of one vector. Which numbers cannot be computed from that vector?",
    "In each layer one latent, and beside it one rotary key that all heads share: latentWidth + rotaryWidth values. There is no 2, as the same latent makes keys and values.",
    "```ts\nfunction latentCachePerToken(\n  model: { layers: number; heads: number; latentWidth: number; rotaryWidth: number },\n  bytesPerValue: number,\n): number {\n  return model.layers * (model.latentWidth + model.rotaryWidth) * bytesPerValue;\n}\n```",
  ],
  reference: (model: LatentShape, bytesPerValue: number): number =>
    model.layers * (model.latentWidth + model.rotaryWidth) * bytesPerValue,
  checks: [
    {
      name: "is 70,272 bytes for DeepSeek-V3 at sixteen bits",
      run: async (cache) =>
        expectNumber(
          await cache(latentShape("deepseek-v3"), 2),
          cacheBytesPerToken(findModel("deepseek-v3")),
          { unit: "B" },
        ),
    },
    {
      name: "is 31,104 bytes for DeepSeek-V2-Lite, with fewer layers and heads",
      run: async (cache) =>
        expectNumber(
          await cache(latentShape("deepseek-v2-lite"), 2),
          cacheBytesPerToken(findModel("deepseek-v2-lite")),
          { unit: "B" },
        ),
    },
    {
      name: "does not change when there are more heads",
      run: async (cache) => {
        const shape = latentShape("deepseek-v3");
        const [few, many] = [await cache({ ...shape, heads: 8 }, 2), await cache(shape, 2)];
        expectThat(
          few === many,
          "more heads must not add to the cache: all heads look at the same latent",
        );
        expectNumber(few, cacheBytesPerToken(findModel("deepseek-v3")), { unit: "B" });
      },
    },
  ],
  mistakes: [
    {
      title: "keeps a latent for keys and another for values",
      answer: (m, size) => 2 * m.layers * (m.latentWidth + m.rotaryWidth) * size,
      caught: /2 times|double/,
    },
    {
      title: "keeps a latent for each head",
      answer: (m, size) => m.layers * m.heads * (m.latentWidth + m.rotaryWidth) * size,
      caught: /16 times/,
    },
    {
      title: "forgets the rotary key",
      answer: (m, size) => m.layers * m.latentWidth * size,
      caught: "62,464",
    },
    {
      title: "adds the 64 once more, on top of 576",
      answer: (m, size) => m.layers * (m.latentWidth + 2 * m.rotaryWidth) * size,
      caught: "78,080",
    },
    {
      title: "gives each head a rotary key of its own",
      answer: (m, size) => m.layers * (m.latentWidth + m.heads * m.rotaryWidth) * size,
      caught: "1,061,888",
    },
  ],
});

export const localGlobalCache = defineExercise({
  id: "06.4",
  title: "The cache of a stack with windows",
  points: 15,
  name: "localGlobalCache",
  stub: `/**
 * Bytes of cache of one sequence. One layer in globalEvery sees everything, the last of each
 * group; the others see a window. Each token leaves bytesPerToken in one layer that keeps it.
 */
function localGlobalCache(
  layers: number,
  globalEvery: number,
  window: number,
  context: number,
  bytesPerToken: number,
): number {
  return NaN; // your turn
}`,
  hints: [
    "How many layers are global when the last group is not complete? And what does a local layer keep of a context that is shorter than its window?",
    "global = floor(layers / globalEvery). They keep context tokens each, the other layers min(context, window).",
    "```ts\nfunction localGlobalCache(\n  layers: number,\n  globalEvery: number,\n  window: number,\n  context: number,\n  bytesPerToken: number,\n): number {\n  const global = Math.floor(layers / globalEvery);\n  const tokens = global * context + (layers - global) * Math.min(context, window);\n  return tokens * bytesPerToken;\n}\n```",
  ],
  reference: (
    layers: number,
    globalEvery: number,
    window: number,
    context: number,
    bytesPerToken: number,
  ): number => {
    const global = Math.floor(layers / globalEvery);
    return (global * context + (layers - global) * Math.min(context, window)) * bytesPerToken;
  },
  checks: [
    {
      name: "is that of Gemma-3-27B at 131,072 tokens: 62 layers, one in six global",
      run: async (cache) =>
        expectNumber(
          await cache(62, 6, 1024, 131_072, 2 * 16 * 128 * 2),
          cacheBytes(findModel("gemma-3-27b"), 131_072),
          { unit: "B" },
        ),
    },
    {
      name: "is that of Gemma-3-1B at 300 tokens, less than its window of 512",
      run: async (cache) =>
        expectNumber(
          await cache(26, 6, 512, 300, 2 * 256 * 2),
          cacheBytes(findModel("gemma-3-1b"), 300),
          { unit: "B" },
        ),
    },
    {
      name: "is that of Mistral-7B v0.1 at 32,768 tokens, which has no global layer",
      run: async (cache) =>
        expectNumber(
          await cache(32, Infinity, 4096, 32_768, 2 * 8 * 128 * 2),
          cacheBytes(findModel("mistral-7b-v0.1"), 32_768),
          { unit: "B" },
        ),
    },
  ],
  mistakes: [
    {
      title: "lets every layer keep everything",
      answer: (layers, _every, _window, context, bytes) => layers * context * bytes,
      caught: "66,571,993,088",
    },
    {
      title: "counts a part of a layer as global",
      answer: (layers, every, window, context, bytes) =>
        (layers / every * context + (layers - layers / every) * Math.min(context, window)) * bytes,
      caught: "expected 11,173,625,856",
    },
    {
      title: "begins each group with its global layer",
      answer: (layers, every, window, context, bytes) => {
        const global = Math.ceil(layers / every);
        return (global * context + (layers - global) * Math.min(context, window)) * bytes;
      },
      caught: "12,238,",
    },
    {
      title: "fills windows that are not full yet",
      answer: (layers, every, window, context, bytes) => {
        const global = Math.floor(layers / every);
        return (global * context + (layers - global) * window) * bytes;
      },
      caught: "7,987,200",
    },
  ],
});

/** What a step of linear attention gives. */
interface LinearStep {
  output: number[];
  sums: number[][];
  norms: number[];
}

/** Three tokens with queries, keys and values; the features of queries and keys are positive already. */
const tokens = {
  queries: [[1, 2], [0.5, 1], [3, 0.25]],
  keys: [[2, 1], [1, 4], [0.5, 0.5]],
  values: [[1, 0, 2], [3, 5, 1], [0, 1, 7]],
};

export const linearStep = defineExercise({
  id: "06.5",
  title: "A memory that does not grow",
  points: 15,
  name: "linearStep",
  stub: `/**
 * One token of linear attention. The memory is sums (a row for each number of a key, a column
 * for each of a value) and norms. The token is written first, and then sees itself too.
 */
function linearStep(
  memory: { sums: number[][]; norms: number[] },
  token: { query: number[]; key: number[]; value: number[] },
): { output: number[]; sums: number[][]; norms: number[] } {
  return { output: [], sums: [], norms: [] }; // your turn: queries and keys are positive already
}`,
  hints: [
    "What is added to the memory when a key and its value come? It must hold every product of a number of the key and one of the value.",
    "sums[i][j] += key[i]·value[j] and norms[i] += key[i]. Then output[j] = Σᵢ query[i]·sums[i][j] / Σᵢ query[i]·norms[i].",
    "```ts\nfunction linearStep(\n  memory: { sums: number[][]; norms: number[] },\n  token: { query: number[]; key: number[]; value: number[] },\n): { output: number[]; sums: number[][]; norms: number[] } {\n  const { query, key, value } = token;\n  const sums = memory.sums.map((row, i) => row.map((sum, j) => sum + key[i] * value[j]));\n  const norms = memory.norms.map((norm, i) => norm + key[i]);\n  const total = query.reduce((sum, q, i) => sum + q * norms[i], 0);\n  const output = value.map((_, j) => query.reduce((sum, q, i) => sum + q * sums[i][j], 0) / total);\n  return { output, sums, norms };\n}\n```",
  ],
  reference: (
    memory: { sums: number[][]; norms: number[] },
    token: { query: number[]; key: number[]; value: number[] },
  ): LinearStep => step(memory, token),
  checks: [
    {
      name: "gives the first token its own value back",
      run: async (answer) => {
        const first = { query: [1, 2], key: [2, 1], value: [1, 0, 2] };
        const { output } = await answer({ sums: [[0, 0, 0], [0, 0, 0]], norms: [0, 0] }, first);
        expectEqual(output, [1, 0, 2], { hint: "there is nothing else to look at" });
      },
    },
    {
      name: "remembers each product of key and value",
      run: async (answer) => {
        const { sums, norms } = await answer(
          { sums: [[1, 1, 1], [0, 0, 0]], norms: [1, 0] },
          { query: [1, 2], key: [2, 1], value: [1, 0, 2] },
        );
        expectEqual({ sums, norms }, { sums: [[3, 1, 5], [1, 0, 2]], norms: [3, 1] });
      },
    },
    {
      name: "agrees with the library over three tokens",
      run: async (answer) => {
        const { output: expected, state } = recurrentLinearAttention(
          Matrix.from(tokens.queries),
          Matrix.from(tokens.keys),
          Matrix.from(tokens.values),
          (value) => value,
        );
        let memory = { sums: [[0, 0, 0], [0, 0, 0]], norms: [0, 0] };
        for (const [t, query] of tokens.queries.entries()) {
          const { output, ...held } = await answer(memory, {
            query,
            key: tokens.keys[t]!,
            value: tokens.values[t]!,
          });
          expectEqual(output, [...expected.row(t)], { hint: `the result of token ${t}` });
          memory = held;
        }
        expectEqual(memory.norms, [...state.norms]);
      },
    },
  ],
  mistakes: [
    {
      title: "reads before it writes",
      answer: (memory, token) => {
        const { sums, norms } = step(memory, token);
        return { ...read(memory, token.query, token.value), sums, norms };
      },
      caught: "nothing else to look at",
    },
    {
      title: "does not divide by the norm",
      answer: (memory, token) => {
        const { sums, norms } = step(memory, token);
        const output = token.value.map((_, j) =>
          token.query.reduce((sum, q, i) => sum + q * sums[i]![j]!, 0)
        );
        return { output, sums, norms };
      },
      caught: "4 times",
    },
    {
      title: "overwrites what it knew",
      answer: (memory, token) =>
        step({ sums: memory.sums.map((row) => row.map(() => 0)), norms: [0, 0] }, token),
      caught: "sums[0][0]",
    },
    {
      title: "adds the value without its key",
      answer: (memory, token) => {
        const sums = memory.sums.map((row) => row.map((sum, j) => sum + token.value[j]!));
        const norms = memory.norms.map((norm, i) => norm + token.key[i]!);
        return { ...read({ sums, norms }, token.query, token.value), sums, norms };
      },
      caught: "[0]",
    },
  ],
});

function step(
  memory: { sums: number[][]; norms: number[] },
  { query, key, value }: { query: number[]; key: number[]; value: number[] },
): LinearStep {
  const sums = memory.sums.map((row, i) => row.map((sum, j) => sum + key[i]! * value[j]!));
  const norms = memory.norms.map((norm, i) => norm + key[i]!);
  return { ...read({ sums, norms }, query, value), sums, norms };
}

function read(
  { sums, norms }: { sums: number[][]; norms: number[] },
  query: number[],
  value: number[],
): { output: number[] } {
  const total = query.reduce((sum, q, i) => sum + q * norms[i]!, 0);
  return {
    output: value.map((_, j) => query.reduce((sum, q, i) => sum + q * sums[i]![j]!, 0) / total),
  };
}
