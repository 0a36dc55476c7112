import { findModel, type HeadAttention, type Model } from "@fewer-bytes/catalog";
import {
  binomialForwards,
  expectedSlowdown,
  fastestOfAll,
  keptActivations,
  stateBytes,
  uniformChain,
  youngInterval,
  type ZeroStage,
  zeroTraffic,
} from "@fewer-bytes/training";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** A layer of a Llama. */
interface LayerShape {
  hiddenSize: number;
  queryHeads: number;
  keyValueHeads: number;
  headDimension: number;
  intermediateSize: number;
}

/** The shape of a model's layers. */
function shapeOf(name: string): LayerShape {
  const { hiddenSize, layers: [group] } = findModel(name);
  const { attention, feedForward } = group!;
  if (attention.kind !== "heads" || feedForward.kind !== "dense") {
    throw new TypeError(`${name} is no Llama`);
  }
  const { queryHeads, keyValueHeads, headDimension } = attention;
  const { intermediateSize } = feedForward;
  return { hiddenSize, queryHeads, keyValueHeads, headDimension, intermediateSize };
}

/** The library's count, for a layer of any shape. */
function countKept(tokens: number, shape: LayerShape): number {
  const llama = findModel("llama-2-7b"), [group] = llama.layers;
  const { hiddenSize, intermediateSize, ...heads } = shape;
  const attention: HeadAttention = { ...group!.attention as HeadAttention, ...heads };
  const feedForward = { ...group!.feedForward, intermediateSize };
  const model: Model = {
    ...llama,
    hiddenSize,
    layers: [{ ...group!, count: 1, attention, feedForward } as Model["layers"][number]],
  };
  return keptActivations(model, { sequences: 1, tokens })
    .reduce((sum, { inLayers, bytes }) => sum + (inLayers ? bytes : 0), 0);
}

/** Values of a token in 16 bits: each kind as often as it is kept. */
function valuesOf(shape: LayerShape, times: { wide: number; inputs: number; shared: number }) {
  const queries = shape.queryHeads * shape.headDimension;
  const keys = times.shared * shape.headDimension;
  return times.inputs * shape.hiddenSize + 2 * queries + 2 * keys +
    times.wide * shape.intermediateSize;
}

export const keptBytes = defineExercise({
  id: "18.1",
  title: "What a layer keeps",
  points: 15,
  name: "keptBytes",
  stub: `/**
 * Bytes that one layer of a Llama keeps until the backward pass, of all tokens of a
 * sequence. In 16 bits: what goes into each of two norms; what goes into each matrix,
 * where queries, keys and values read the same, and so do gate and up; queries, keys
 * and values themselves; both inputs of the gated activation function. Attention runs
 * tile by tile: it keeps a 32-bit number for each query head.
 */
function keptBytes(
  tokens: number,
  layer: {
    hiddenSize: number;
    queryHeads: number;
    keyValueHeads: number;
    headDimension: number;
    intermediateSize: number;
  },
): number {
  return NaN; // your turn
}`,
  hints: [
    "Follow one token. What is as wide as the hidden state, what as wide as the query heads, as the key-value heads, as the network? How often each?",
    "Of a token: 4 · hiddenSize (two norms, two inputs of matrices) + 2 · queryHeads · headDimension (queries, input of attention's output) + 2 · keyValueHeads · headDimension + 3 · intermediateSize (gate, up, input of the way down), each of 2 bytes; and 4 · queryHeads bytes.",
    `\`\`\`ts
function keptBytes(
  tokens: number,
  layer: {
    hiddenSize: number;
    queryHeads: number;
    keyValueHeads: number;
    headDimension: number;
    intermediateSize: number;
  },
): number {
  const queries = layer.queryHeads * layer.headDimension;
  const keys = layer.keyValueHeads * layer.headDimension;
  const values = 4 * layer.hiddenSize + 2 * queries + 2 * keys + 3 * layer.intermediateSize;
  return tokens * (2 * values + 4 * layer.queryHeads);
}
\`\`\``,
  ],
  reference: countKept,
  checks: [
    {
      name: "keeps 132 kB of a token in a layer of Llama-2-7B",
      run: async (kept) =>
        expectNumber(await kept(1, shapeOf("llama-2-7b")), 131_712, {
          unit: "B",
          hint:
            "4 times the hidden state, queries, keys, values, the input of attention's output, and 3 times the width of the network, in 2 bytes each, and 32 sums of 4 bytes",
        }),
    },
    {
      name: "keeps fewer keys and values where heads are grouped, as in Llama-3.1-8B",
      run: async (kept) =>
        expectNumber(
          await kept(1, shapeOf("llama-3.1-8b")),
          countKept(1, shapeOf("llama-3.1-8b")),
          { unit: "B", hint: "8 key-value heads serve 32 query heads here" },
        ),
    },
    {
      name: "keeps twice as much of twice as many tokens",
      run: async (kept) => {
        const shape = shapeOf("llama-2-7b");
        expectNumber(await kept(8192, shape), 2 * countKept(4096, shape), {
          unit: "B",
          hint: "no score is kept, so nothing grows with pairs of tokens",
        });
      },
    },
    {
      name: "knows heads that are together wider than the hidden state, as in Qwen3-0.6B",
      run: async (kept) =>
        expectNumber(
          await kept(100, shapeOf("qwen3-0.6b")),
          countKept(100, shapeOf("qwen3-0.6b")),
          {
            unit: "B",
            hint: "queries are queryHeads · headDimension wide, whatever the hidden size",
          },
        ),
    },
  ],
  mistakes: [
    {
      title: "keeps an input for each matrix by itself",
      answer: (tokens, shape) =>
        tokens *
        (2 * valuesOf(shape, { inputs: 7, wide: 3, shared: shape.keyValueHeads }) +
          4 * shape.queryHeads),
      caught: "4 times the hidden state",
    },
    {
      title: "keeps the scores",
      answer: (tokens, shape) =>
        tokens *
        (2 * valuesOf(shape, { inputs: 4, wide: 3, shared: shape.keyValueHeads }) +
          2 * shape.queryHeads * tokens),
      caught: "nothing grows with pairs of tokens",
    },
    {
      title: "forgets that the network is gated",
      answer: (tokens, shape) =>
        tokens *
        (2 * valuesOf(shape, { inputs: 4, wide: 2, shared: shape.keyValueHeads }) +
          4 * shape.queryHeads),
      caught: "3 times the width of the network",
    },
    {
      title: "gives every query head keys and values of its own",
      answer: (tokens, shape) =>
        tokens *
        (2 * valuesOf(shape, { inputs: 4, wide: 3, shared: shape.queryHeads }) +
          4 * shape.queryHeads),
      caught: "8 key-value heads serve 32",
    },
  ],
});

/** The recursion, with what is wrong in it. */
function walked(
  steps: number,
  states: number,
  choose: (steps: number, states: number) => readonly number[],
  freed = true,
): number {
  if (steps === 1) return 0;
  if (states === 1) return steps * (steps - 1) / 2;
  return Math.min(
    ...choose(steps, states).map((walk) =>
      walk + walked(steps - walk, states - 1, choose, freed) +
      walked(walk, freed ? states : states - 1, choose, freed)
    ),
  );
}

const anywhere = (steps: number) => Array.from({ length: steps - 1 }, (_, i) => i + 1);

export const fewestForwards = defineExercise({
  id: "18.2",
  title: "As few steps as possible",
  points: 20,
  name: "fewestForwards",
  stub: `/**
 * The fewest forward steps with which a chain of equal steps can be reversed, when
 * memory holds so many states, the first one included. The computation of a step right
 * before its own reversal is not counted. A single step needs nothing; with one state
 * you walk from the start for every step. Else walk some way, keep the state there,
 * reverse what lies behind it, and then, with that state free again, what lies before.
 */
function fewestForwards(steps: number, states: number): number {
  return NaN; // your turn
}`,
  hints: [
    "Suppose that you walk k steps first and keep the state there. What is left to do behind it, with how many states? And before it? Try every k.",
    "f(1, s) = 0; f(l, 1) = l (l − 1) / 2; f(l, s) = the least, over k from 1 to l − 1, of k + f(l − k, s − 1) + f(k, s).",
    `\`\`\`ts
function fewestForwards(steps: number, states: number): number {
  if (steps === 1) return 0;
  if (states === 1) return steps * (steps - 1) / 2;
  let best = Infinity;
  for (let walk = 1; walk < steps; walk++) {
    const behind = fewestForwards(steps - walk, states - 1);
    const before = fewestForwards(walk, states);
    best = Math.min(best, walk + behind + before);
  }
  return best;
}
\`\`\``,
  ],
  reference: binomialForwards,
  checks: [
    {
      name: "walks 9 + 8 + … + 1 steps when only the start is kept",
      run: async (fewest) =>
        expectNumber(await fewest(10, 1), 45, {
          unit: "steps",
          hint: "the last of ten steps needs nine before it, the one before eight, and so on",
        }),
    },
    {
      name: "walks each step but the last once when every state is kept",
      run: async (fewest) =>
        expectNumber(await fewest(10, 10), 9, {
          unit: "steps",
          hint: "to come to the last step takes nine, and all states on the way stay",
        }),
    },
    {
      name: "uses a state again once it is free: 6 steps, 2 states, 8",
      run: async (fewest) =>
        expectNumber(await fewest(6, 2), 8, {
          unit: "steps",
          hint:
            "walk 3, keep, reverse the last three with one state (3 steps), then the first three with both again (2 steps)",
        }),
    },
    {
      name: "finds the best place, not just the middle: what a search over all schedules finds",
      run: async (fewest) => {
        for (const [steps, states] of [[5, 2], [6, 3], [7, 2], [8, 3]] as const) {
          const chain = uniformChain(steps, { forward: 1, backward: 0, input: 1 });
          expectNumber(await fewest(steps, states), fastestOfAll(chain, states - 1) - steps, {
            unit: "steps",
            hint: `${steps} steps with ${states} states; try every place to keep one`,
          });
        }
      },
    },
    {
      name: "agrees with the formula of Griewank and Walther for 12 steps",
      run: async (fewest) => {
        for (const states of [2, 3, 4, 5]) {
          expectNumber(await fewest(12, states), binomialForwards(12, states), { unit: "steps" });
        }
      },
    },
  ],
  mistakes: [
    {
      title: "always keeps the middle",
      answer: (steps, states) => walked(steps, states, (length) => [Math.floor(length / 2)]),
      caught: "try every place",
    },
    {
      title: "never frees a state",
      answer: (steps, states) => walked(steps, states, anywhere, false),
      caught: "with both again",
    },
    {
      title: "counts the computation before each reversal, too",
      answer: (steps, states) => walked(steps, states, anywhere) + steps,
      caught: "the last of ten steps needs nine",
    },
    {
      title: "does not count the first state",
      answer: (steps, states) => walked(steps, states + 1, anywhere),
      caught: "when only the start is kept",
    },
  ],
});

export const zeroDevice = defineExercise({
  id: "18.3",
  title: "Divide and send",
  points: 15,
  name: "zeroDevice",
  stub: `/**
 * What each of some data-parallel devices holds, and what it sends in a step, in bytes.
 * A parameter has 2 bytes of weight, 2 of gradient and 12 of optimizer. Stage 1 divides
 * the optimizer among the devices, stage 2 gradients too, stage 3 weights too. To add
 * up n values over all devices, or to hand them out, each sends (devices − 1) / devices
 * of them: stages 0 to 2 add up gradients and hand out weights, stage 3 hands them out
 * twice. Weights and gradients travel in 2 bytes.
 */
function zeroDevice(
  parameters: number,
  devices: number,
  stage: 0 | 1 | 2 | 3,
): { held: number; sent: number } {
  return { held: NaN, sent: NaN }; // your turn
}`,
  hints: [
    "Write down the 16 bytes of a parameter as 2 + 2 + 12. Which of the three are divided at each stage?",
    "held = parameters · (2 or 2/N + 2 or 2/N + 12 or 12/N); sent = (2 or 3) · 2 · parameters · (N − 1) / N.",
    `\`\`\`ts
function zeroDevice(
  parameters: number,
  devices: number,
  stage: 0 | 1 | 2 | 3,
): { held: number; sent: number } {
  const share = (from: number) => stage >= from ? 1 / devices : 1;
  const held = parameters * (2 * share(3) + 2 * share(2) + 12 * share(1));
  const times = stage === 3 ? 3 : 2;
  return { held, sent: times * 2 * parameters * (devices - 1) / devices };
}
\`\`\``,
  ],
  reference: (parameters: number, devices: number, stage: ZeroStage) => {
    const sharding = { stage, dataParallel: devices };
    return {
      held: stateBytes(parameters, sharding).total,
      sent: zeroTraffic(parameters, sharding).total,
    };
  },
  checks: [
    {
      name: "holds 120, 31.4, 16.6 and 1.9 GB of 7.5 billion parameters on 64 devices",
      run: async (zero) => {
        const words = [
          "stage 0 divides nothing",
          "stage 1 divides the optimizer alone: 2 + 2 + 12/64 bytes",
          "stage 2 divides gradients too, and keeps all weights",
          "stage 3 divides all 16 bytes",
        ];
        for (const stage of [0, 1, 2, 3] as const) {
          const { held } = await zero(7.5e9, 64, stage);
          const expected = stateBytes(7.5e9, { stage, dataParallel: 64 }).total;
          expectNumber(held, expected, { unit: "B", hint: words[stage]! });
        }
      },
    },
    {
      name: "sends the same at stages 0 to 2, and half as much again at stage 3",
      run: async (zero) => {
        const sent = await Promise.all(
          ([0, 1, 2, 3] as const).map(async (stage) => (await zero(1e9, 4, stage)).sent),
        );
        expectEqual(sent, [3e9, 3e9, 3e9, 4.5e9], {
          unit: "B",
          hint: "a quarter of everything is on the device already; stage 3 hands weights out twice",
        });
      },
    },
    {
      name: "divides nothing by one device, which sends nothing",
      run: async (zero) =>
        expectEqual(await zero(1e9, 1, 3), { held: 16e9, sent: 0 }, {
          hint: "a device alone has nobody to send to",
        }),
    },
  ],
  mistakes: [
    {
      title: "divides weights at stage 2 already",
      answer: (parameters, devices, stage) => {
        const { total: sent } = zeroTraffic(parameters, { stage, dataParallel: devices });
        const share = (from: number) => stage >= from ? 1 / devices : 1;
        return { held: parameters * (2 * share(2) + 2 * share(2) + 12 * share(1)), sent };
      },
      caught: "keeps all weights",
    },
    {
      title: "forgets the optimizer's copy of the weights",
      answer: (parameters, devices, stage) => {
        const { total: sent } = zeroTraffic(parameters, { stage, dataParallel: devices });
        const share = (from: number) => stage >= from ? 1 / devices : 1;
        return { held: parameters * (2 * share(3) + 2 * share(2) + 8 * share(1)), sent };
      },
      caught: "stage 0 divides nothing",
    },
    {
      title: "sends no more at stage 3",
      answer: (parameters, devices, stage) => ({
        held: stateBytes(parameters, { stage, dataParallel: devices }).total,
        sent: zeroTraffic(parameters, { stage: 2, dataParallel: devices }).total,
      }),
      caught: "hands weights out twice",
    },
    {
      title: "sends what it has itself, too",
      answer: (parameters, devices, stage) => ({
        held: stateBytes(parameters, { stage, dataParallel: devices }).total,
        sent: (stage === 3 ? 6 : 4) * parameters,
      }),
      caught: "on the device already",
    },
  ],
});

/** A cluster that fails now and then. */
interface Cluster {
  devices: number;
  hoursBetweenFailures: number;
}

const daily = { devices: 1000, hoursBetweenFailures: 24_000 };

export const snapshotEvery = defineExercise({
  id: "18.4",
  title: "How often to take a snapshot",
  points: 15,
  name: "snapshotEvery",
  stub: `/**
 * Young's interval between two snapshots in seconds, and the share of the work that
 * snapshots and failures cost together. Each device writes its bytes at its bandwidth
 * while training stands still; each fails once in so many hours, and stops all others.
 * A failure loses half an interval on average.
 */
function snapshotEvery(
  bytes: number,
  bandwidth: number,
  cluster: { devices: number; hoursBetweenFailures: number },
): { interval: number; overhead: number } {
  return { interval: NaN, overhead: NaN }; // your turn
}`,
  hints: [
    "How long does a snapshot take? And when a thousand devices each fail once in 24,000 hours, how often does the cluster?",
    "C = bytes / bandwidth; M = 3600 · hours / devices; interval = √(2 C M); overhead = C / interval + interval / (2 M).",
    `\`\`\`ts
function snapshotEvery(
  bytes: number,
  bandwidth: number,
  cluster: { devices: number; hoursBetweenFailures: number },
): { interval: number; overhead: number } {
  const snapshot = bytes / bandwidth;
  const failure = 3600 * cluster.hoursBetweenFailures / cluster.devices;
  const interval = Math.sqrt(2 * snapshot * failure);
  return { interval, overhead: snapshot / interval + interval / (2 * failure) };
}
\`\`\``,
  ],
  reference: (bytes: number, bandwidth: number, { devices, hoursBetweenFailures }: Cluster) => {
    const costs = {
      snapshot: bytes / bandwidth,
      meanBetweenFailures: 3600 * hoursBetweenFailures / devices,
    };
    const interval = youngInterval(costs);
    const overhead = costs.snapshot / interval + interval / (2 * costs.meanBetweenFailures);
    return { interval, overhead };
  },
  checks: [
    {
      name: "waits 36 minutes between snapshots of 27 s, with a failure a day",
      run: async (every) => {
        const { interval } = await every(27e9, 1e9, daily);
        expectNumber(interval, 2160, {
          unit: "s",
          hint:
            "a failure of any device is a failure of all: 24 hours between two. √(2 · 27 · 86,400)",
        });
      },
    },
    {
      name: "loses 2.5 % then: as much by snapshots as by failures",
      run: async (every) => {
        const { overhead } = await every(27e9, 1e9, daily);
        expectNumber(overhead, 0.025, {
          hint: "27 s of each 36 minutes, and half of 36 minutes of each day",
        });
      },
    },
    {
      name: "takes them ten times as often when they are a hundred times as fast",
      run: async (every) => {
        const { interval } = await every(27e9, 100e9, daily);
        expectNumber(interval, 216, {
          unit: "s",
          hint: "the interval grows with the root of what a snapshot costs",
        });
      },
    },
    {
      name: "is near what the exact sum over all failures gives",
      run: async (every) => {
        const { interval, overhead } = await every(4e9, 2e9, {
          devices: 16_384,
          hoursBetweenFailures: 50_000,
        });
        const costs = { snapshot: 2, meanBetweenFailures: 3600 * 50_000 / 16_384 };
        const exact = expectedSlowdown(interval, costs) - 1;
        expectThat(
          Math.abs(overhead / exact - 1) < 0.05,
          `the exact overhead with your interval is ${exact.toPrecision(3)}, and yours is ${
            overhead.toPrecision(3)
          }`,
        );
      },
    },
  ],
  mistakes: [
    {
      title: "takes one device's failures for the cluster's",
      answer: (bytes, bandwidth, { hoursBetweenFailures }) => {
        const [snapshot, failure] = [bytes / bandwidth, 3600 * hoursBetweenFailures];
        const interval = Math.sqrt(2 * snapshot * failure);
        return { interval, overhead: snapshot / interval + interval / (2 * failure) };
      },
      caught: "a failure of any device",
    },
    {
      title: "counts the snapshots and not what failures lose",
      answer: (bytes, bandwidth, { devices, hoursBetweenFailures }) => {
        const [snapshot, failure] = [bytes / bandwidth, 3600 * hoursBetweenFailures / devices];
        const interval = Math.sqrt(2 * snapshot * failure);
        return { interval, overhead: snapshot / interval };
      },
      caught: "half of 36 minutes",
    },
    {
      title: "lets a failure lose a whole interval",
      answer: (bytes, bandwidth, { devices, hoursBetweenFailures }) => {
        const [snapshot, failure] = [bytes / bandwidth, 3600 * hoursBetweenFailures / devices];
        const interval = Math.sqrt(snapshot * failure);
        return { interval, overhead: snapshot / interval + interval / failure };
      },
      caught: "√(2",
    },
    {
      title: "lets the interval grow with the snapshot",
      answer: (bytes, bandwidth, { devices, hoursBetweenFailures }) => {
        const [snapshot, failure] = [bytes / bandwidth, 3600 * hoursBetweenFailures / devices];
        const interval = 80 * snapshot;
        return { interval, overhead: snapshot / interval + interval / (2 * failure) };
      },
      caught: "the root of what a snapshot costs",
    },
  ],
});
