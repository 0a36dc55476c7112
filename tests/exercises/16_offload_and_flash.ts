import { findHardware, findMemory } from "@fewer-bytes/catalog";
import { seeded } from "@fewer-bytes/numeric";
import {
  bestMix,
  countWindowReads,
  drawActivations,
  hidingBatch,
  readThroughput,
} from "@fewer-bytes/offload";
import { expectEqual, expectNumber } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** A device, and the way that weights come to it. */
interface Streaming {
  peak: number;
  way: number;
  bytesPerWeight: number;
}

/** The same both times a weight's bytes are loaded once and its two operations are done for each sequence. */
function streamed(parameters: number, sequences: number, { peak, way, bytesPerWeight }: Streaming) {
  const loading = parameters * bytesPerWeight / way;
  const computing = 2 * parameters * sequences / peak;
  return { loading, computing };
}

export const streamedTokens = defineExercise({
  id: "16.1",
  title: "How many sequences hide the disk?",
  points: 20,
  name: "streamedTokens",
  stub: `/**
 * All weights are loaded again in every step, while the layer before is computed:
 * \`way\` is bytes a second, \`peak\` operations a second. How many tokens a second
 * do so many sequences get together? And from how many sequences on is arithmetic
 * the longer part? Caches are left out; a weight is multiplied and added once for
 * each sequence.
 */
function streamedTokens(
  parameters: number,
  sequences: number,
  device: { peak: number; way: number; bytesPerWeight: number },
): { tokensPerSecond: number; breakEven: number } {
  return { tokensPerSecond: NaN, breakEven: NaN }; // your turn
}`,
  hints: [
    "Two things happen side by side in a step. Which of them grows with the number of sequences, and which does not?",
    "loading = parameters · bytesPerWeight / way; computing = 2 · parameters · sequences / peak; a step takes the longer of both, and gives a token to each sequence. They are equal at peak · bytesPerWeight / (2 · way) sequences.",
    `\`\`\`ts
function streamedTokens(
  parameters: number,
  sequences: number,
  device: { peak: number; way: number; bytesPerWeight: number },
): { tokensPerSecond: number; breakEven: number } {
  const loading = parameters * device.bytesPerWeight / device.way;
  const computing = 2 * parameters * sequences / device.peak;
  return {
    tokensPerSecond: sequences / Math.max(loading, computing),
    breakEven: device.peak * device.bytesPerWeight / (2 * device.way),
  };
}
\`\`\``,
  ],
  reference: (parameters: number, sequences: number, device: Streaming) => {
    const { loading, computing } = streamed(parameters, sequences, device);
    return {
      tokensPerSecond: sequences / Math.max(loading, computing),
      breakEven: hidingBatch(device.peak, device.way, device.bytesPerWeight),
    };
  },
  checks: [
    {
      name: "gives one sequence a token each 4 s, with 30 billion weights of 16 bits at 15 GB/s",
      run: async (stream) => {
        const device = { peak: 60e12, way: 15e9, bytesPerWeight: 2 };
        const { tokensPerSecond } = await stream(30e9, 1, device);
        expectNumber(tokensPerSecond, 0.25, {
          unit: "tokens/s",
          hint: "60 GB come over 15 GB/s, whatever is computed meanwhile",
        });
      },
    },
    {
      name: "stops growing where arithmetic is the longer: 1,000 tokens/s for 8,000 sequences",
      run: async (stream) => {
        const device = { peak: 60e12, way: 15e9, bytesPerWeight: 2 };
        const { tokensPerSecond } = await stream(30e9, 8000, device);
        expectNumber(tokensPerSecond, 1000, {
          unit: "tokens/s",
          hint: "the two go on side by side, so a step takes the longer, not the sum",
        });
      },
    },
    {
      name: "hides the PCIe of a T4 behind 4,062.5 sequences",
      run: async (stream) => {
        const t4 = findHardware("nvidia-t4");
        const device = { peak: t4.peak.fp16!, way: 16e9, bytesPerWeight: 2 };
        const { breakEven } = await stream(1e9, 1, device);
        expectNumber(breakEven, hidingBatch(t4.peak.fp16!, 16e9), {
          unit: "sequences",
          hint: "each weight costs its bytes once, and two operations for each sequence",
        });
      },
    },
    {
      name: "needs a quarter as many sequences with weights of 4 bits, and as many for any model",
      run: async (stream) => {
        const device = { peak: 100e12, way: 5e9, bytesPerWeight: 0.5 };
        const few = await stream(1e9, 10, device);
        const many = await stream(70e9, 10, device);
        expectNumber(few.breakEven, 5000, {
          unit: "sequences",
          hint: "fewer bytes of a weight are hidden sooner",
        });
        expectNumber(many.breakEven, 5000, {
          unit: "sequences",
          hint: "a larger model loads longer and computes longer, by the same factor",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "adds loading and computing up",
      answer: (parameters, sequences, device) => {
        const { loading, computing } = streamed(parameters, sequences, device);
        const { peak, way, bytesPerWeight } = device;
        return {
          tokensPerSecond: sequences / (loading + computing),
          breakEven: peak * bytesPerWeight / (2 * way),
        };
      },
      caught: "side by side",
    },
    {
      title: "counts one operation for each weight",
      answer: (parameters, sequences, device) => {
        const { loading } = streamed(parameters, sequences, device);
        const { peak, way, bytesPerWeight } = device;
        return {
          tokensPerSecond: sequences / Math.max(loading, parameters * sequences / peak),
          breakEven: peak * bytesPerWeight / way,
        };
      },
      caught: "stops growing",
    },
    {
      title: "loads weights for each sequence",
      answer: (parameters, sequences, device) => {
        const { loading, computing } = streamed(parameters, sequences, device);
        const { peak, way, bytesPerWeight } = device;
        return {
          tokensPerSecond: 1 / Math.max(loading, computing / sequences),
          breakEven: peak * bytesPerWeight / (2 * way),
        };
      },
      caught: "stops growing",
    },
    {
      title: "forgets the bytes of a weight in the break-even",
      answer: (parameters, sequences, device) => {
        const { loading, computing } = streamed(parameters, sequences, device);
        return {
          tokensPerSecond: sequences / Math.max(loading, computing),
          breakEven: device.peak / device.way,
        };
      },
      caught: "fewer bytes of a weight",
    },
  ],
});

/** What a read depends on. */
interface Drive {
  latency: number;
  bandwidth: number;
}

export const flashThroughput = defineExercise({
  id: "16.2",
  title: "Small reads are slow reads",
  points: 15,
  name: "flashThroughput",
  stub: `/**
 * How many bytes a second arrive, when flash is read in chunks of \`bytes\`, and
 * \`depth\` reads are under way at once? Alone, a read takes the latency and then
 * its bytes. Reads that are under way together wait together, but no drive gives
 * more than its bandwidth.
 */
function flashThroughput(
  bytes: number,
  drive: { latency: number; bandwidth: number },
  depth: number,
): number {
  return NaN; // your turn
}`,
  hints: [
    "How long does one read take, from asking to the last byte? How many bytes came in that time?",
    "One after the other: bytes / (latency + bytes / bandwidth). With depth reads under way depth times as much, at most the bandwidth.",
    `\`\`\`ts
function flashThroughput(
  bytes: number,
  drive: { latency: number; bandwidth: number },
  depth: number,
): number {
  const seconds = drive.latency + bytes / drive.bandwidth;
  return Math.min(drive.bandwidth, depth * bytes / seconds);
}
\`\`\``,
  ],
  reference: (bytes: number, drive: Drive, depth: number): number =>
    readThroughput(drive, bytes, depth),
  checks: [
    {
      name: "gives half of the bandwidth for latency × bandwidth bytes",
      run: async (rate) =>
        expectNumber(await rate(600e3, { latency: 100e-6, bandwidth: 6e9 }, 1), 3e9, {
          unit: "B/s",
          hint: "100 µs of waiting, and 100 µs for the bytes",
        }),
    },
    {
      name: "makes 39 MB/s of 4.2 GB/s, in a phone that reads 4 KiB at a time",
      run: async (rate) => {
        const { latency, bandwidth } = findMemory("ufs-4.0");
        const drive = { latency: latency!, bandwidth: bandwidth! };
        expectNumber(await rate(4096, drive, 1), readThroughput(drive, 4096), {
          unit: "B/s",
          hint: "latency is in seconds and is paid for each read",
        });
      },
    },
    {
      name: "is 8 times as fast with 8 reads under way, as long as the drive keeps up",
      run: async (rate) =>
        expectNumber(await rate(4096, { latency: 96e-6, bandwidth: 1.024e9 }, 8), 327.68e6, {
          unit: "B/s",
          hint: "each of them takes 100 µs, and they wait side by side",
        }),
    },
    {
      name: "gives no more than the bandwidth, however many reads wait",
      run: async (rate) =>
        expectNumber(await rate(2 ** 20, { latency: 80e-6, bandwidth: 7e9 }, 64), 7e9, {
          unit: "B/s",
          hint: "the bandwidth is a limit for all reads together",
        }),
    },
  ],
  mistakes: [
    {
      title: "forgets that the bytes take time, too",
      answer: (bytes, { latency, bandwidth }, depth) =>
        Math.min(bandwidth, depth * bytes / latency),
      caught: "100 µs for the bytes",
    },
    {
      title: "lets many reads exceed the bandwidth",
      answer: (bytes, { latency, bandwidth }, depth) =>
        depth * bytes / (latency + bytes / bandwidth),
      caught: "a limit for all reads together",
    },
    {
      title: "reads one after the other, whatever the depth",
      answer: (bytes, { latency, bandwidth }) => bytes / (latency + bytes / bandwidth),
      caught: "wait side by side",
    },
    {
      title: "divides only the latency by the depth",
      answer: (bytes, { latency, bandwidth }, depth) =>
        bytes / (latency / depth + bytes / bandwidth),
      caught: "each of them takes 100 µs",
    },
  ],
});

/** Counted with a set for each token. */
function readAnew(trace: readonly (readonly number[])[], window: number): number[] {
  return trace.map((active, token) => {
    const kept = new Set(trace.slice(Math.max(0, token - window), token).flat());
    return active.filter((neuron) => !kept.has(neuron)).length;
  });
}

export const windowedReads = defineExercise({
  id: "16.3",
  title: "Read only what is new",
  points: 20,
  name: "windowedReads",
  stub: `/**
 * For each token, the neurons that are active. Memory keeps those that were active
 * for any of the last \`window\` tokens; all others must come from flash. How many
 * neurons are read for each token?
 */
function windowedReads(trace: number[][], window: number): number[] {
  return trace.map(() => NaN); // your turn
}`,
  hints: [
    "Before a token: which neurons are in memory? Which of its own are not among them?",
    "For token t, what is kept are the neurons of tokens t − window to t − 1. Count those of t that are not kept. A neuron stays as long as it was active lately, whether it was read lately or not.",
    `\`\`\`ts
function windowedReads(trace: number[][], window: number): number[] {
  return trace.map((active, token) => {
    const kept = new Set(trace.slice(Math.max(0, token - window), token).flat());
    return active.filter((neuron) => !kept.has(neuron)).length;
  });
}
\`\`\``,
  ],
  reference: readAnew,
  checks: [
    {
      name: "reads each neuron once while it stays active",
      run: async (reads) =>
        expectEqual(await reads([[0, 1], [0, 1], [0, 1, 2]], 1), [2, 0, 1], {
          hint: "what the token before had is still in memory",
        }),
    },
    {
      name: "reads everything without a window",
      run: async (reads) =>
        expectEqual(await reads([[0, 1], [0, 1], [0, 1, 2]], 0), [2, 2, 3], {
          hint: "a window of 0 keeps nothing",
        }),
    },
    {
      name: "forgets a neuron that slept through the whole window",
      run: async (reads) =>
        expectEqual(await reads([[7], [1], [7], [1], [2], [7]], 2), [1, 1, 0, 0, 1, 1], {
          hint: "a window of two holds the last two tokens: three tokens ago is too long ago",
        }),
    },
    {
      name: "keeps a neuron that was in use lately, though it was read long ago",
      run: async (reads) =>
        expectEqual(await reads([[3], [3], [], [3]], 2), [1, 0, 0, 0], {
          hint: "being active again counts, not being read",
        }),
    },
    {
      name: "counts as the library does, for 300 drawn tokens",
      run: async (reads) => {
        const trace = drawActivations(
          { neurons: 200, tokens: 300, activity: 0.1, persistence: 0.7 },
          seeded(163),
        );
        const counted = await reads(trace, 5);
        const sum = counted.slice(5).reduce((all, count) => all + count, 0);
        expectNumber(sum, countWindowReads(trace, 200, 5).loaded * 295 * 200, {
          unit: "neurons",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "keeps everything that was ever read",
      answer: (trace) => readAnew(trace, trace.length),
      caught: "keeps nothing",
    },
    {
      title: "compares with the token before only",
      answer: (trace, window) => readAnew(trace, Math.min(1, window)),
      caught: "the last two tokens",
    },
    {
      title: "counts the current token to the window",
      answer: (trace, window) => readAnew(trace, Math.max(0, window - 1)),
      caught: "is still in memory",
    },
    {
      title: "counts from the last time a neuron was read",
      answer: (trace, window) => {
        const read = new Map<number, number>();
        return trace.map((active, token) => {
          const fresh = active.filter((neuron) =>
            !(token - (read.get(neuron) ?? -Infinity) <= window)
          );
          for (const neuron of fresh) read.set(neuron, token);
          return fresh.length;
        });
      },
      caught: "not being read",
    },
  ],
});

/** What a token of a cache costs, in seconds. */
interface TokenCosts {
  load: number;
  loadInput: number;
  recompute: number;
  rest: number;
}

function layerSeconds(tokens: number, recomputed: number, costs: TokenCosts): number {
  return Math.max(
    recomputed * costs.loadInput + (tokens - recomputed) * costs.load,
    costs.rest + recomputed * costs.recompute,
  );
}

export const splitCache = defineExercise({
  id: "16.4",
  title: "Load it, or compute it again?",
  points: 20,
  name: "splitCache",
  stub: `/**
 * The cache of a layer lies on the host. Of each token either keys and values come
 * over the link, \`load\` seconds, or its input, \`loadInput\` seconds, from which the
 * device computes keys and values again, \`recompute\` seconds. The device has
 * \`rest\` seconds of other work in the layer. Link and device work side by side.
 * For how many of the tokens should inputs come, so that the layer is done soonest?
 */
function splitCache(
  tokens: number,
  costs: { load: number; loadInput: number; recompute: number; rest: number },
): { recomputed: number; seconds: number } {
  return { recomputed: NaN, seconds: NaN }; // your turn
}`,
  hints: [
    "With each further token as an input the link gets faster and the device slower. Where does it stop to pay?",
    "link = r · loadInput + (tokens − r) · load; device = rest + r · recompute. Equal at r = (tokens · load − rest) / (recompute + load − loadInput). Take a whole number from 0 to tokens; none where loadInput is not less than load.",
    `\`\`\`ts
function splitCache(
  tokens: number,
  costs: { load: number; loadInput: number; recompute: number; rest: number },
): { recomputed: number; seconds: number } {
  const { load, loadInput, recompute, rest } = costs;
  const seconds = (count: number) =>
    Math.max(count * loadInput + (tokens - count) * load, rest + count * recompute);
  let best = 0;
  for (let count = 1; count <= tokens; count++) if (seconds(count) < seconds(best)) best = count;
  return { recomputed: best, seconds: seconds(best) };
}
\`\`\``,
  ],
  reference: (tokens: number, costs: TokenCosts) => {
    const { recomputed, seconds } = bestMix(tokens, costs);
    return { recomputed, seconds };
  },
  checks: [
    {
      name: "computes a third again where loading takes twice as long and inputs are free",
      run: async (split) => {
        const costs = { load: 2, loadInput: 0, recompute: 1, rest: 300 };
        expectEqual(await split(300, costs), { recomputed: 100, seconds: 400 }, {
          hint:
            "the device's other work counts: it has 300 s of it before it computes anything again",
        });
      },
    },
    {
      name: "lets inputs cost their way: half as many bytes are half the time",
      run: async (split) => {
        const costs = { load: 2, loadInput: 1, recompute: 1, rest: 0 };
        expectEqual(await split(100, costs), { recomputed: 100, seconds: 100 }, {
          hint: "inputs come over the same link",
        });
      },
    },
    {
      name: "loads everything where inputs are no smaller, as with grouped heads",
      run: async (split) => {
        const costs = { load: 1, loadInput: 2, recompute: 0.1, rest: 10 };
        expectEqual(await split(100, costs), { recomputed: 0, seconds: 100 }, {
          hint: "an input that is larger than keys and values saves nothing",
        });
      },
    },
    {
      name: "leaves the device alone where it is the slower one",
      run: async (split) => {
        const costs = { load: 1, loadInput: 0.5, recompute: 1, rest: 500 };
        expectEqual(await split(100, costs), { recomputed: 0, seconds: 500 }, {
          hint: "there are no fewer than 0 tokens",
        });
      },
    },
    {
      name: "agrees with trying all splits of 97 tokens",
      run: async (split) => {
        for (
          const [load, loadInput, recompute, rest] of [[3, 1, 2, 20], [5, 2, 1, 33], [2, 1, 4, 7]]
        ) {
          const costs = { load: load!, loadInput: loadInput!, recompute: recompute!, rest: rest! };
          const { seconds } = await split(97, costs);
          const all = Array.from({ length: 98 }, (_, count) => layerSeconds(97, count, costs));
          expectNumber(seconds, Math.min(...all), {
            unit: "s",
            hint: "tokens come whole: try the numbers on both sides of the balance",
          });
        }
      },
    },
  ],
  mistakes: [
    {
      title: "lets inputs come for free",
      answer: (tokens, costs) => {
        const { recomputed } = bestMix(tokens, { ...costs, loadInput: 0 });
        return { recomputed, seconds: layerSeconds(tokens, recomputed, costs) };
      },
      caught: "over the same link",
    },
    {
      title: "forgets the device's other work",
      answer: (tokens, costs) => {
        const { recomputed } = bestMix(tokens, { ...costs, rest: 0 });
        return { recomputed, seconds: layerSeconds(tokens, recomputed, costs) };
      },
      caught: "other work counts",
    },
    {
      title: "goes below zero",
      answer: (tokens, costs) => {
        const { load, loadInput, recompute, rest } = costs;
        const recomputed = loadInput < load
          ? Math.min(tokens, Math.round((tokens * load - rest) / (recompute + load - loadInput)))
          : 0;
        return { recomputed, seconds: layerSeconds(tokens, recomputed, costs) };
      },
      caught: "no fewer than 0",
    },
    {
      title: "computes everything again as soon as an input is smaller",
      answer: (tokens, costs) => {
        const recomputed = costs.loadInput < costs.load ? tokens : 0;
        return { recomputed, seconds: layerSeconds(tokens, recomputed, costs) };
      },
      caught: "other work counts",
    },
  ],
});
