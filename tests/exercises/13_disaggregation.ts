import { findModel, type Model } from "@fewer-bytes/catalog";
import {
  handOffBytes,
  microBatchesFor,
  pingPong,
  ringAllReduce,
  splitServers,
  transferTime,
} from "@fewer-bytes/disaggregation";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** What a model's cache needs to know. */
interface CacheShape {
  layers: number;
  keyValueHeads: number;
  headDimension: number;
}

/** The way between two servers. */
interface Way {
  gigabits: number;
  links: number;
  latency: number;
}

/** Keys and values in 16 bits. */
function cacheOf({ layers, keyValueHeads, headDimension }: CacheShape, tokens: number): number {
  return 2 * layers * keyValueHeads * headDimension * 2 * tokens;
}

/** The shape of a model's cache. */
function shapeOf(model: Model): CacheShape {
  const { attention } = model.layers[0]!;
  if (attention.kind !== "heads") throw new TypeError(`${model.name} has no plain heads`);
  const { keyValueHeads, headDimension } = attention;
  const layers = model.layers.reduce((sum, { count }) => sum + count, 0);
  return { layers, keyValueHeads, headDimension };
}

export const handOff = defineExercise({
  id: "13.1",
  title: "What crosses the link",
  points: 15,
  name: "handOff",
  stub: `/**
 * Another server goes on after the prompt: how many bytes must cross, and how long
 * do they take? Keys and values have 16 bits. The way has some links side by side,
 * each of so many gigabits a second, and nothing arrives before the latency, in
 * seconds, is over.
 */
function handOff(
  model: { layers: number; keyValueHeads: number; headDimension: number },
  promptTokens: number,
  way: { gigabits: number; links: number; latency: number },
): { bytes: number; seconds: number } {
  return { bytes: NaN, seconds: NaN }; // your turn
}`,
  hints: [
    "What does a token leave behind in each layer? And what is 400 Gb/s in bytes a second?",
    "bytes = 2 · layers · keyValueHeads · headDimension · 2 · promptTokens; seconds = latency + bytes / (links · gigabits · 10⁹ / 8).",
    `\`\`\`ts
function handOff(
  model: { layers: number; keyValueHeads: number; headDimension: number },
  promptTokens: number,
  way: { gigabits: number; links: number; latency: number },
): { bytes: number; seconds: number } {
  const perToken = 2 * model.layers * model.keyValueHeads * model.headDimension * 2;
  const bytes = perToken * promptTokens;
  const bandwidth = way.links * way.gigabits * 1e9 / 8;
  return { bytes, seconds: way.latency + bytes / bandwidth };
}
\`\`\``,
  ],
  reference: (model: CacheShape, promptTokens: number, way: Way) => {
    const bytes = cacheOf(model, promptTokens);
    const link = { name: "the link", bandwidth: way.gigabits * 1e9 / 8 };
    return {
      bytes,
      seconds: transferTime(bytes, { link, links: way.links, latency: way.latency }),
    };
  },
  checks: [
    {
      name: "sends 1.2 GB for 512 tokens of OPT-66B, the example of DistServe",
      run: async (send) => {
        const model = findModel("opt-66b");
        const { bytes } = await send(shapeOf(model), 512, { gigabits: 100, links: 1, latency: 0 });
        expectNumber(bytes, handOffBytes(model, 512), {
          unit: "B",
          hint: "every layer keeps a key and a value, each of 16 bits",
        });
      },
    },
    {
      name: "needs 10.5 ms for 4,000 tokens of Llama-3.1-8B over 400 Gb/s",
      run: async (send) => {
        const shape = shapeOf(findModel("llama-3.1-8b"));
        const { seconds } = await send(shape, 4000, { gigabits: 400, links: 1, latency: 0 });
        expectNumber(seconds, 10.48576e-3, { unit: "s", hint: "networks are sold in bits" });
      },
    },
    {
      name: "is as many times faster as there are links, but for the latency",
      run: async (send) => {
        const shape = { layers: 1, keyValueHeads: 1, headDimension: 125 };
        const { seconds } = await send(shape, 1000, { gigabits: 1, links: 4, latency: 1e-3 });
        expectNumber(seconds, 2e-3, {
          unit: "s",
          hint: "1 ms until the first byte comes, and 1 ms for 500 kB over four links",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "takes gigabits for gigabytes",
      answer: (model, tokens, { gigabits, links, latency }) => {
        const bytes = cacheOf(model, tokens);
        return { bytes, seconds: latency + bytes / (links * gigabits * 1e9) };
      },
      caught: "networks are sold in bits",
    },
    {
      title: "sends the keys alone",
      answer: (model, tokens, { gigabits, links, latency }) => {
        const bytes = cacheOf(model, tokens) / 2;
        return { bytes, seconds: latency + bytes / (links * gigabits * 1e9 / 8) };
      },
      caught: "a key and a value",
    },
    {
      title: "divides the latency by the links, too",
      answer: (model, tokens, { gigabits, links, latency }) => {
        const bytes = cacheOf(model, tokens);
        return { bytes, seconds: (latency + bytes / (gigabits * 1e9 / 8)) / links };
      },
      caught: "1 ms until the first byte comes",
    },
    {
      title: "sends one layer",
      answer: (model, tokens, { gigabits, links, latency }) => {
        const bytes = cacheOf({ ...model, layers: 1 }, tokens);
        return { bytes, seconds: latency + bytes / (links * gigabits * 1e9 / 8) };
      },
      caught: "every layer keeps",
    },
  ],
});

/** The best of all ways to cut, tried one after the other. */
function tried(
  servers: number,
  rateOf: (prefill: number) => number,
): { prefill: number; decode: number; rate: number } {
  let best = 1;
  for (let count = 2; count < servers; count++) if (rateOf(count) > rateOf(best)) best = count;
  return { prefill: best, decode: servers - best, rate: rateOf(best) };
}

export const matchRates = defineExercise({
  id: "13.2",
  title: "Two pools, one rate",
  points: 15,
  name: "matchRates",
  stub: `/**
 * One server can read the prompts of \`prefill\` requests a second, or write the
 * answers of \`decode\` requests a second. Cut a number of servers into two pools
 * so that together they serve as many requests a second as possible.
 */
function matchRates(
  servers: number,
  prefill: number,
  decode: number,
): { prefill: number; decode: number; rate: number } {
  return { prefill: NaN, decode: NaN, rate: NaN }; // your turn
}`,
  hints: [
    "Every request needs both pools, one after the other. Which of the two decides how many get through?",
    "With P servers that read, the rate is min(P · prefill, (servers − P) · decode). Both are equal at P = servers · decode / (prefill + decode); the best whole number stands beside it, and each pool needs at least one server.",
    `\`\`\`ts
function matchRates(
  servers: number,
  prefill: number,
  decode: number,
): { prefill: number; decode: number; rate: number } {
  const rate = (count: number) => Math.min(count * prefill, (servers - count) * decode);
  let best = 1;
  for (let count = 2; count < servers; count++) if (rate(count) > rate(best)) best = count;
  return { prefill: best, decode: servers - best, rate: rate(best) };
}
\`\`\``,
  ],
  reference: (servers: number, prefill: number, decode: number) => {
    const split = splitServers(servers, { prefill, decode });
    return { prefill: split.prefill, decode: split.decode, rate: split.rate };
  },
  checks: [
    {
      name: "gives six of eight servers to prompts that take three times as long as answers",
      run: async (split) =>
        expectEqual(await split(8, 5, 15), { prefill: 6, decode: 2, rate: 30 }, {
          hint: "the pool whose work takes longer needs more servers, and the slower pool decides",
        }),
    },
    {
      name: "leaves each pool a server, whatever the traffic asks for",
      run: async (split) =>
        expectEqual(await split(2, 5, 100), { prefill: 1, decode: 1, rate: 5 }, {
          hint: "with two servers there is one way to cut them",
        }),
    },
    {
      name: "rounds to the better side: 5 and 2 for rates of 10 and 21",
      run: async (split) =>
        expectEqual(await split(7, 10, 21), { prefill: 5, decode: 2, rate: 42 }, {
          hint: "try the whole numbers on both sides of where the rates are equal",
        }),
    },
    {
      name: "does as well as trying all ways to cut 3 to 12 servers",
      run: async (split) => {
        for (let servers = 3; servers <= 12; servers++) {
          for (const [prefill, decode] of [[7, 3], [2, 9], [11, 4]] as const) {
            const { rate } = await split(servers, prefill, decode);
            const best = tried(
              servers,
              (count) => Math.min(count * prefill, (servers - count) * decode),
            );
            expectNumber(rate, best.rate, {
              unit: "requests/s",
              hint: `${best.prefill} of ${servers} servers read prompts at best`,
            });
          }
        }
      },
    },
  ],
  mistakes: [
    {
      title: "gives more servers to the faster work",
      answer: (servers, prefill, decode) => {
        const count = Math.min(
          servers - 1,
          Math.max(1, Math.round(servers * prefill / (prefill + decode))),
        );
        const rate = Math.min(count * prefill, (servers - count) * decode);
        return { prefill: count, decode: servers - count, rate };
      },
      caught: "whose work takes longer needs more servers",
    },
    {
      title: "adds the rates of the pools",
      answer: (servers, prefill, decode) => {
        const { prefill: count } = tried(
          servers,
          (count) => Math.min(count * prefill, (servers - count) * decode),
        );
        const rate = count * prefill + (servers - count) * decode;
        return { prefill: count, decode: servers - count, rate };
      },
      caught: "the slower pool decides",
    },
    {
      title: "rounds down",
      answer: (servers, prefill, decode) => {
        const count = Math.max(1, Math.floor(servers * decode / (prefill + decode)));
        const rate = Math.min(count * prefill, (servers - count) * decode);
        return { prefill: count, decode: servers - count, rate };
      },
      caught: "on both sides",
    },
    {
      title: "leaves no server to write",
      answer: (servers, prefill, decode) => {
        const count = Math.round(servers * decode / (prefill + decode));
        const rate = Math.min(count * prefill, (servers - count) * decode);
        return { prefill: count, decode: servers - count, rate };
      },
      caught: "one way to cut them",
    },
  ],
});

export const microBatches = defineExercise({
  id: "13.3",
  title: "Never wait",
  points: 20,
  name: "microBatches",
  stub: `/**
 * The fewest micro-batches with which the slower side never waits. In each layer a
 * micro-batch is computed on by attention, sent, computed on by feed-forward, and
 * sent back; all times are of one micro-batch. Infinity when no number is enough.
 */
function microBatches(attention: number, feedForward: number, transfer: number): number {
  return NaN; // your turn
}`,
  hints: [
    "While one micro-batch makes its round and comes back, the slower side must have others to work on. How long is the round? How long is one piece of work?",
    "m · slower ≥ attention + feedForward + 2 · transfer, and m is a whole number. If the transfer takes longer than the slower side, the link is the slowest of all, and the sides wait whatever m is.",
    `\`\`\`ts
function microBatches(attention: number, feedForward: number, transfer: number): number {
  const slower = Math.max(attention, feedForward);
  if (transfer > slower) return Infinity;
  return Math.ceil((attention + feedForward + 2 * transfer) / slower);
}
\`\`\``,
  ],
  reference: (attention: number, feedForward: number, transfer: number): number =>
    microBatchesFor({ attention, feedForward, transfer }),
  checks: [
    {
      name: "needs 2 where the way takes no time: the sides take turns",
      run: async (count) => expectNumber(await count(1, 1, 0), 2, { unit: "micro-batches" }),
    },
    {
      name: "needs 3 while the way takes half as long as a side, and 4 while it takes as long",
      run: async (count) => {
        expectNumber(await count(2, 2, 1), 3, {
          unit: "micro-batches",
          hint: "the way is gone twice: there and back",
        });
        expectNumber(await count(4, 4, 3), 4, {
          unit: "micro-batches",
          hint: "a part of a micro-batch is one more",
        });
      },
    },
    {
      name: "asks only that the slower side is busy: 2 for sides of 4 and 1 with a way of 1",
      run: async (count) =>
        expectNumber(await count(4, 1, 1), 2, {
          unit: "micro-batches",
          hint: "the faster side waits in any case, and cannot be filled",
        }),
    },
    {
      name: "gives up where the way takes longer than either side",
      run: async (count) =>
        expectThat(
          await count(1, 1, 2) === Infinity,
          "with a way of 2 and sides of 1 the link is the slowest, so the sides wait whatever the number is: return Infinity",
        ),
    },
    {
      name: "agrees with the schedule, played turn by turn",
      run: async (count) => {
        for (const [attention, feedForward, transfer] of [[3, 5, 2], [7, 2, 6], [4, 4, 1]]) {
          const times = {
            attention: attention!,
            feedForward: feedForward!,
            transfer: transfer!,
          };
          let fewest = 1;
          while (!pingPong(times, fewest, 10).overlaps) fewest++;
          expectNumber(await count(attention!, feedForward!, transfer!), fewest, {
            unit: "micro-batches",
            hint: `sides of ${attention} and ${feedForward} with a way of ${transfer}`,
          });
        }
      },
    },
  ],
  mistakes: [
    {
      title: "forgets the way back",
      answer: (attention, feedForward, transfer) =>
        transfer > Math.max(attention, feedForward)
          ? Infinity
          : Math.ceil((attention + feedForward + transfer) / Math.max(attention, feedForward)),
      caught: "4 while it takes as long",
    },
    {
      title: "leaves the count a fraction",
      answer: (attention, feedForward, transfer) =>
        transfer > Math.max(attention, feedForward)
          ? Infinity
          : (attention + feedForward + 2 * transfer) / Math.max(attention, feedForward),
      caught: "a part of a micro-batch is one more",
    },
    {
      title: "wants the faster side busy",
      answer: (attention, feedForward, transfer) =>
        transfer > Math.max(attention, feedForward)
          ? Infinity
          : Math.ceil((attention + feedForward + 2 * transfer) / Math.min(attention, feedForward)),
      caught: "the faster side waits in any case",
    },
    {
      title: "believes that more always helps",
      answer: (attention, feedForward, transfer) =>
        Math.ceil((attention + feedForward + 2 * transfer) / Math.max(attention, feedForward)),
      caught: "the link is the slowest",
    },
  ],
});

export const allReduceSeconds = defineExercise({
  id: "13.4",
  title: "Around the ring",
  points: 15,
  name: "allReduceSeconds",
  stub: `/**
 * Seconds until each of some devices has the sum of what all of them have, when
 * they stand in a ring. Each cuts its bytes into as many pieces as there are
 * devices. In every turn each device sends one piece to the next one: first until
 * every piece is summed up on one device, then until all devices have all pieces. A
 * turn takes the latency and the time of its piece.
 */
function allReduceSeconds(
  bytes: number,
  devices: number,
  bandwidth: number,
  latency: number,
): number {
  return NaN; // your turn
}`,
  hints: [
    "How many turns does a piece need to get around the ring once, when it starts on one of n devices? And how large is a piece?",
    "n − 1 turns to sum up, n − 1 more to hand out; each takes latency + (bytes / n) / bandwidth.",
    `\`\`\`ts
function allReduceSeconds(
  bytes: number,
  devices: number,
  bandwidth: number,
  latency: number,
): number {
  const turns = 2 * (devices - 1);
  return turns * (latency + bytes / devices / bandwidth);
}
\`\`\``,
  ],
  reference: (bytes: number, devices: number, bandwidth: number, latency: number): number =>
    ringAllReduce(bytes, { devices, bandwidth, latency }),
  checks: [
    {
      name: "takes 1.5 s for 1 GB on four devices with links of 1 GB/s",
      run: async (seconds) =>
        expectNumber(await seconds(1e9, 4, 1e9, 0), 1.5, {
          unit: "s",
          hint: "six turns, each of a quarter of the bytes",
        }),
    },
    {
      name: "waits for 14 messages on eight devices, even when there is nothing in them",
      run: async (seconds) =>
        expectNumber(await seconds(0, 8, 450e9, 2e-6), 28e-6, {
          unit: "s",
          hint: "every turn starts a message",
        }),
    },
    {
      name: "takes no time where one device has it all",
      run: async (seconds) =>
        expectNumber(await seconds(1e9, 1, 1e9, 1e-6), 0, {
          unit: "s",
          hint: "a device alone sends nothing",
        }),
    },
    {
      name: "agrees with the library for the hidden states of 64 tokens of Llama-3.1-70B",
      run: async (seconds) => {
        const bytes = 64 * findModel("llama-3.1-70b").hiddenSize * 2;
        const ring = { devices: 8, bandwidth: 450e9, latency: 3e-6 };
        expectNumber(await seconds(bytes, 8, 450e9, 3e-6), ringAllReduce(bytes, ring), {
          unit: "s",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "stops when the sums are there, before all devices have them",
      answer: (bytes, devices, bandwidth, latency) =>
        (devices - 1) * (latency + bytes / (devices * bandwidth)),
      caught: "six turns",
    },
    {
      title: "sends everything in every turn",
      answer: (bytes, devices, bandwidth, latency) =>
        2 * (devices - 1) * (latency + bytes / bandwidth),
      caught: "each of a quarter",
    },
    {
      title: "waits for the latency once",
      answer: (bytes, devices, bandwidth, latency) =>
        latency + 2 * (devices - 1) * bytes / (devices * bandwidth),
      caught: "every turn starts a message",
    },
    {
      title: "makes n turns of each kind",
      answer: (bytes, devices, bandwidth, latency) =>
        2 * devices * (latency + bytes / (devices * bandwidth)),
      caught: "six turns",
    },
  ],
});
