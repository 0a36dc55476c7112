import { findHardware, findModel } from "@fewer-bytes/catalog";
import { largestBatch } from "@fewer-bytes/roofline";
import {
  attentionProjections,
  cacheBytes,
  cacheBytesPerToken,
  expectedDistinctExperts,
  feedForwardParameters,
  weightCount,
} from "@fewer-bytes/transformer";
import { expectNumber } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** What one layer of attention with heads and a gated feed-forward needs to know. */
interface LayerShape {
  hiddenSize: number;
  intermediateSize: number;
  queryHeads: number;
  keyValueHeads: number;
  headDimension: number;
}

/** The shape of a layer, and the parameters of its matrices by the library. */
function layerOf(name: string): [LayerShape, number] {
  const model = findModel(name);
  const { attention, feedForward } = model.layers[0]!;
  if (attention.kind !== "heads" || feedForward.kind !== "dense") {
    throw new TypeError(`${name} has no plain layers`);
  }
  const { queryHeads, keyValueHeads, headDimension } = attention;
  const shape = {
    hiddenSize: model.hiddenSize,
    intermediateSize: feedForward.intermediateSize,
    queryHeads,
    keyValueHeads,
    headDimension,
  };
  return [
    shape,
    weightCount(attentionProjections(model, attention)) +
    feedForwardParameters(model, feedForward).total,
  ];
}

export const layerParameters = defineExercise({
  id: "02.1",
  title: "Parameters of one layer",
  points: 15,
  name: "layerParameters",
  stub:
    `/** Weights in the matrices of one layer: queries, keys, values, output; gate, up, down. Norms are not counted. */
function layerParameters(layer: {
  hiddenSize: number;
  intermediateSize: number;
  queryHeads: number;
  keyValueHeads: number;
  headDimension: number;
}): number {
  return NaN; // your turn
}`,
  hints: [
    "Seven matrices. Each has as many weights as its inputs times its outputs. Do all heads have keys of their own?",
    "Queries and output are hiddenSize × queryHeads·headDimension each, keys and values hiddenSize × keyValueHeads·headDimension each, and the feed-forward has three of hiddenSize × intermediateSize.",
    "```ts\nfunction layerParameters(layer: {\n  hiddenSize: number;\n  intermediateSize: number;\n  queryHeads: number;\n  keyValueHeads: number;\n  headDimension: number;\n}): number {\n  const { hiddenSize, intermediateSize, queryHeads, keyValueHeads, headDimension } = layer;\n  return hiddenSize * (2 * (queryHeads + keyValueHeads) * headDimension + 3 * intermediateSize);\n}\n```",
  ],
  reference: (layer: LayerShape): number =>
    layer.hiddenSize *
    (2 * (layer.queryHeads + layer.keyValueHeads) * layer.headDimension +
      3 * layer.intermediateSize),
  checks: [
    {
      name: "counts a layer of Llama-2-7B, where every query head has its own keys",
      run: async (count) => {
        const [shape, expected] = layerOf("llama-2-7b");
        expectNumber(await count(shape), expected, { unit: "weights" });
      },
    },
    {
      name: "counts a layer of Llama-3.1-8B, where four query heads share keys",
      run: async (count) => {
        const [shape, expected] = layerOf("llama-3.1-8b");
        expectNumber(await count(shape), expected, { unit: "weights" });
      },
    },
    {
      name: "counts a layer of Qwen3-32B, whose heads together are wider than its hidden state",
      run: async (count) => {
        const [shape, expected] = layerOf("qwen3-32b");
        expectNumber(await count(shape), expected, { unit: "weights" });
      },
    },
  ],
  mistakes: [
    {
      title: "gives every query head its own keys and values",
      answer: (l) => l.hiddenSize * (4 * l.queryHeads * l.headDimension + 3 * l.intermediateSize),
      caught: "218,103,808",
    },
    {
      title: "forgets the gate",
      answer: (l) =>
        l.hiddenSize *
        (2 * (l.queryHeads + l.keyValueHeads) * l.headDimension + 2 * l.intermediateSize),
      caught: "202,375,168",
    },
    {
      title: "takes the hidden size for the width of the heads",
      answer: (l) =>
        l.hiddenSize *
        (2 * l.hiddenSize * (1 + l.keyValueHeads / l.queryHeads) + 3 * l.intermediateSize),
      caught: "487,587,840",
    },
  ],
});

/** What the cache of a token needs to know. */
interface CacheShape {
  layers: number;
  keyValueHeads: number;
  headDimension: number;
}

export const cachePerToken = defineExercise({
  id: "02.2",
  title: "What a token leaves behind",
  points: 10,
  name: "cachePerToken",
  stub: `/** Bytes that each token adds to the cache. */
function cachePerToken(
  model: { layers: number; keyValueHeads: number; headDimension: number },
  bytesPerValue: number,
): number {
  return NaN; // your turn
}`,
  hints: [
    "In every layer, each key-value head keeps two vectors.",
    "2 × layers × keyValueHeads × headDimension × bytesPerValue. Query heads do not appear: queries are not kept.",
    "```ts\nfunction cachePerToken(\n  model: { layers: number; keyValueHeads: number; headDimension: number },\n  bytesPerValue: number,\n): number {\n  return 2 * model.layers * model.keyValueHeads * model.headDimension * bytesPerValue;\n}\n```",
  ],
  reference: (model: CacheShape, bytesPerValue: number): number =>
    2 * model.layers * model.keyValueHeads * model.headDimension * bytesPerValue,
  checks: [
    {
      name: "is 144 KiB for Qwen3-8B at sixteen bits",
      run: async (cache) =>
        expectNumber(
          await cache({ layers: 36, keyValueHeads: 8, headDimension: 128 }, 2),
          cacheBytesPerToken(findModel("qwen3-8b")),
          { unit: "B" },
        ),
    },
    {
      name: "makes 640 MiB for 2,048 tokens of Llama-2-70B",
      run: async (cache) =>
        expectNumber(
          2048 * await cache({ layers: 80, keyValueHeads: 8, headDimension: 128 }, 2),
          cacheBytes(findModel("llama-2-70b"), 2048),
          { unit: "B" },
        ),
    },
    {
      name: "is halved by an 8-bit cache",
      run: async (cache) =>
        expectNumber(
          await cache({ layers: 32, keyValueHeads: 32, headDimension: 128 }, 1),
          262_144,
          { unit: "B" },
        ),
    },
  ],
  mistakes: [
    {
      title: "keeps keys and no values",
      answer: (model, bytes) => model.layers * model.keyValueHeads * model.headDimension * bytes,
      caught: /2 times|half/,
    },
    {
      title: "forgets the layers",
      answer: (model, bytes) => 2 * model.keyValueHeads * model.headDimension * bytes,
      caught: "147,456",
    },
    {
      title: "counts values, not bytes",
      answer: (model) => 2 * model.layers * model.keyValueHeads * model.headDimension,
      caught: /2 times|half/,
    },
    {
      title: "counts bits",
      answer: (model, bytes) =>
        16 * model.layers * model.keyValueHeads * model.headDimension * bytes,
      caught: /8 times/,
    },
  ],
});

export const expertsRead = defineExercise({
  id: "02.4",
  title: "How many experts are read?",
  points: 15,
  name: "expertsRead",
  stub:
    `/** Different experts that at least one of the tokens picks, on average, when each picks \`perToken\` at random. */
function expertsRead(experts: number, perToken: number, tokens: number): number {
  return NaN; // your turn
}`,
  hints: [
    "Look at one expert. With which probability does one token pass it by? And all of them?",
    "One token misses it with probability 1 − perToken/experts, all of them with that to the power of tokens. The rest of the time it is read.",
    "```ts\nfunction expertsRead(experts: number, perToken: number, tokens: number): number {\n  return experts * (1 - (1 - perToken / experts) ** tokens);\n}\n```",
  ],
  reference: (experts: number, perToken: number, tokens: number): number =>
    experts * (1 - (1 - perToken / experts) ** tokens),
  checks: [
    {
      name: "reads what one token picks",
      run: async (read) =>
        expectNumber(await read(8, 2, 1), 2, { unit: "experts", tolerance: 1e-9 }),
    },
    {
      name: "reads nearly all of Mixtral's 8 experts for 64 tokens",
      run: async (read) =>
        expectNumber(await read(8, 2, 64), expectedDistinctExperts(8, 2, 64), {
          unit: "experts",
          tolerance: 1e-9,
        }),
    },
    {
      name: "reads 51.6 of 128 experts for 8 tokens",
      run: async (read) =>
        expectNumber(await read(128, 8, 8), expectedDistinctExperts(128, 8, 8), {
          unit: "experts",
          tolerance: 1e-9,
        }),
    },
  ],
  mistakes: [
    {
      title: "reads what one token picks, whatever the batch",
      answer: (_experts, perToken) => perToken,
      caught: /8/,
    },
    {
      title: "lets every token read experts of its own",
      answer: (experts, perToken, tokens) => Math.min(experts, perToken * tokens),
      caught: /51\.6|51\.\d+/,
    },
    {
      title: "gives the share and not the number",
      answer: (experts, perToken, tokens) => 1 - (1 - perToken / experts) ** tokens,
      caught: "2",
    },
  ],
});

export const sequencesThatFit = defineExercise({
  id: "02.3",
  title: "How many users fit?",
  points: 15,
  name: "sequencesThatFit",
  stub: `/** Whole sequences that fit in memory next to the weights. All sizes are in bytes. */
function sequencesThatFit(memory: number, weights: number, cachePerToken: number, tokensPerSequence: number): number {
  return NaN; // your turn
}`,
  hints: [
    "The weights are there once. What is left is divided among the sequences. Can half a sequence be served?",
    "floor((memory − weights) / (cachePerToken × tokensPerSequence)), and never less than zero.",
    "```ts\nfunction sequencesThatFit(memory: number, weights: number, cachePerToken: number, tokensPerSequence: number): number {\n  return Math.max(0, Math.floor((memory - weights) / (cachePerToken * tokensPerSequence)));\n}\n```",
  ],
  reference: (
    memory: number,
    weights: number,
    cachePerToken: number,
    tokensPerSequence: number,
  ): number => Math.max(0, Math.floor((memory - weights) / (cachePerToken * tokensPerSequence))),
  checks: [
    {
      name: "fits 7 users of 50,000 tokens next to Yi-34B on two A100",
      // The example of "Challenges in Deploying Long-Context Transformers": a 34B model, 160 GB, 50K tokens.
      run: async (fit) =>
        expectNumber(await fit(160e9, 68.8e9, cacheBytesPerToken(findModel("yi-34b")), 50_000), 7, {
          unit: "sequences",
        }),
    },
    {
      name: "fits none when the weights alone are too large, and no negative number",
      run: async (fit) =>
        expectNumber(await fit(80e9, 140e9, 327_680, 1000), 0, { unit: "sequences" }),
    },
    {
      name: "agrees with the library's largest batch within the activations that it also counts",
      run: async (fit) => {
        const deployment = {
          model: findModel("llama-3.1-8b"),
          hardware: findHardware("nvidia-h100-sxm"),
        };
        const expected = largestBatch(deployment, { promptTokens: 7000, outputTokens: 1000 });
        expectNumber(await fit(0.9 * 80e9, 2 * 8_030_261_248, 131_072, 8000), expected, {
          unit: "sequences",
          tolerance: 0.03,
        });
      },
    },
  ],
  mistakes: [
    {
      title: "serves a part of a sequence",
      answer: (memory, weights, cache, tokens) =>
        Math.max(0, (memory - weights) / (cache * tokens)),
      caught: /7/,
    },
    {
      title: "forgets the weights",
      answer: (memory, _weights, cache, tokens) => Math.floor(memory / (cache * tokens)),
      caught: /7/,
    },
    {
      title: "goes below zero",
      answer: (memory, weights, cache, tokens) => Math.floor((memory - weights) / (cache * tokens)),
      caught: /0/,
    },
    {
      title: "stores one token a sequence",
      answer: (memory, weights, cache) => Math.max(0, Math.floor((memory - weights) / cache)),
      caught: /7/,
    },
  ],
});
