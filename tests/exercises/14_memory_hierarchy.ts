import { findAccessPath, findHardware, findMemoryLink, type Hardware } from "@fewer-bytes/catalog";
import {
  accessLatency,
  bufferedSchedule,
  bytesInFlight,
  fillInOrder,
  type KindOfBytes,
  placedStepTime,
  spilled,
  sustainedBandwidth,
} from "@fewer-bytes/memory";
import { seeded } from "@fewer-bytes/numeric";
import type { Operator } from "@fewer-bytes/transformer";
import { once } from "@fewer-bytes/units";
import { expectNumber } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const h100 = once(() => findHardware("nvidia-h100-sxm"));
const hbm = once(() => h100().memory[0].bandwidth);

export const underWay = defineExercise({
  id: "14.1",
  title: "Enough requests under way",
  points: 10,
  name: "underWay",
  stub: `/**
 * A memory gives \`bandwidth\` bytes a second. A request brings \`line\` bytes, \`latency\`
 * seconds after it was sent. How many requests must be under way at every moment for
 * the full bandwidth? And at which rate do bytes come, when a device can have only
 * \`slots\` requests under way?
 */
function underWay(
  bandwidth: number,
  latency: number,
  line: number,
  slots: number,
): { needed: number; rate: number } {
  return { needed: NaN, rate: NaN }; // your turn
}`,
  hints: [
    "How many bytes arrive in one latency, when bytes come at the full rate? All of them were asked for before the first one came.",
    "needed = ⌈bandwidth · latency / line⌉, and rate = min(bandwidth, slots · line / latency).",
    `\`\`\`ts
function underWay(
  bandwidth: number,
  latency: number,
  line: number,
  slots: number,
): { needed: number; rate: number } {
  const needed = Math.ceil(bandwidth * latency / line);
  const rate = Math.min(bandwidth, slots * line / latency);
  return { needed, rate };
}
\`\`\``,
  ],
  reference: (bandwidth: number, latency: number, line: number, slots: number) => ({
    needed: Math.ceil(bytesInFlight(bandwidth, latency) / line),
    rate: sustainedBandwidth({ bandwidth, latency }, slots * line),
  }),
  checks: [
    {
      name: "needs 15,704 requests of 128 bytes for 3.35 TB/s at 600 ns",
      run: async (count) => {
        const { needed } = await count(3.35e12, 600e-9, 128, 1);
        expectNumber(needed, 15_704, {
          unit: "requests",
          hint: "count requests, and a part of one is one more",
        });
      },
    },
    {
      name: "needs no more than 20 where 20 are just enough",
      run: async (count) => {
        const { needed } = await count(1e9, 1e-6, 50, 1);
        expectNumber(needed, 20, {
          unit: "requests",
          hint: "1,000 bytes under way are 20 requests of 50 bytes",
        });
      },
    },
    {
      name: "reads 7.68 GB/s with 12 lines of 64 bytes, 100 ns away",
      run: async (count) => {
        const { rate } = await count(307.2e9, 100e-9, 64, 12);
        expectNumber(rate, 7.68e9, {
          unit: "B/s",
          hint: "in one latency all slots bring their line once",
        });
      },
    },
    {
      name: "gives no more than the memory has, however many slots there are",
      run: async (count) => {
        const { rate } = await count(64e9, 1e-6, 64, 5000);
        expectNumber(rate, 64e9, { unit: "B/s", hint: "more requests cannot speed up the memory" });
      },
    },
    {
      name: "needs as many for the HBM of an H100 as the library says",
      run: async (count) => {
        const latency = accessLatency(findAccessPath("gpu-hbm")).most;
        const { needed } = await count(hbm(), latency, 32, 1);
        expectNumber(needed, Math.ceil(bytesInFlight(hbm(), latency) / 32), { unit: "requests" });
      },
    },
  ],
  mistakes: [
    {
      title: "counts bytes, not requests",
      answer: (bandwidth, latency, line, slots) => ({
        needed: Math.ceil(bandwidth * latency),
        rate: Math.min(bandwidth, slots * line / latency),
      }),
      caught: "count requests",
    },
    {
      title: "rounds down",
      answer: (bandwidth, latency, line, slots) => ({
        needed: Math.floor(bandwidth * latency / line),
        rate: Math.min(bandwidth, slots * line / latency),
      }),
      caught: "a part of one is one more",
    },
    {
      title: "adds one to be sure",
      answer: (bandwidth, latency, line, slots) => ({
        needed: Math.floor(bandwidth * latency / line) + 1,
        rate: Math.min(bandwidth, slots * line / latency),
      }),
      caught: "20 requests of 50 bytes",
    },
    {
      title: "lets one request wait for the other",
      answer: (bandwidth, latency, line) => ({
        needed: Math.ceil(bandwidth * latency / line),
        rate: Math.min(bandwidth, line / latency),
      }),
      caught: "all slots bring their line once",
    },
    {
      title: "forgets that the memory has an end",
      answer: (bandwidth, latency, line, slots) => ({
        needed: Math.ceil(bandwidth * latency / line),
        rate: slots * line / latency,
      }),
      caught: "cannot speed up the memory",
    },
  ],
});

/** How far bytes are read. */
type Reading = "on demand" | "ahead";

/** Seconds to read so many bytes, of which a share lies behind a link, by the library. */
function placedSeconds(
  bytes: number,
  near: number,
  far: number,
  share: number,
  reading: Reading,
): number {
  const table: Operator[] = [{
    name: "weights",
    flops: 0,
    bytes: { weights: bytes, cache: 0, activations: 0 },
    precision: "bf16",
    layers: 1,
    transfer: 0,
  }];
  const hardware: Hardware = { ...h100(), memory: [{ ...h100().memory[0], bandwidth: near }] };
  const second = { name: "far", capacity: bytes, bandwidth: far };
  return placedStepTime(table, hardware, spilled(hardware, second, { weights: share }), {
    overlap: reading === "ahead" ? "step" : "none",
  }).seconds;
}

export const farShare = defineExercise({
  id: "14.2",
  title: "The break-even",
  points: 15,
  name: "farShare",
  stub: `/**
 * A step reads \`bytes\` of weights, near ones at \`near\` and far ones at \`far\` bytes a
 * second. The largest share of them, from 0 to 1, that may lie far away, so that the
 * step takes no longer than \`seconds\`. Read "on demand", far bytes come after near
 * ones; read "ahead", they come at the same time. With all bytes near a step takes less
 * than \`seconds\`.
 */
function farShare(
  bytes: number,
  near: number,
  far: number,
  seconds: number,
  reading: "on demand" | "ahead",
): number {
  return NaN; // your turn
}`,
  hints: [
    "Write down how long a step takes with a share f far away: two times that are added up, or of which the longer one counts. Then solve for f.",
    "Ahead: f · bytes / far = seconds. On demand: (1 − f) · bytes / near + f · bytes / far = seconds, so f = (seconds − bytes / near) / (bytes / far − bytes / near). A share is at most 1.",
    `\`\`\`ts
function farShare(
  bytes: number,
  near: number,
  far: number,
  seconds: number,
  reading: "on demand" | "ahead",
): number {
  const share = reading === "ahead"
    ? seconds * far / bytes
    : (seconds - bytes / near) / (bytes / far - bytes / near);
  return Math.min(1, share);
}
\`\`\``,
  ],
  reference: (bytes: number, near: number, far: number, seconds: number, reading: Reading) => {
    if (placedSeconds(bytes, near, far, 1, reading) <= seconds) return 1;
    let [low, high] = [0, 1];
    for (let turn = 0; turn < 60; turn++) {
      const middle = (low + high) / 2;
      if (placedSeconds(bytes, near, far, middle, reading) <= seconds) low = middle;
      else high = middle;
    }
    return low;
  },
  checks: [
    {
      name: "leaves 4.6 % of 70 GB behind 64 GB/s for 20 tokens a second, read ahead",
      run: async (share) =>
        expectNumber(await share(70e9, hbm(), 64e9, 1 / 20, "ahead"), 3.2 / 70, {
          hint: "in 50 ms the link brings 3.2 GB, while the near bytes come by themselves",
        }),
    },
    {
      name: "leaves 2.5 % on demand where near bytes take half of the time",
      run: async (share) =>
        expectNumber(await share(100, 100, 2.5, 1.975, "on demand"), 0.025, {
          tolerance: 1e-6,
          hint: "a byte that lies far away need not be read near as well",
        }),
    },
    {
      name: "leaves everything far away when there is time enough",
      run: async (share) => {
        const all = await share(16e9, hbm(), 64e9, 1, "ahead");
        expectNumber(all, 1, { hint: "there is no more than all of it" });
        expectNumber(await share(16e9, hbm(), 64e9, 1, "on demand"), 1, {
          hint: "there is no more than all of it",
        });
      },
    },
    {
      name: "agrees with a placed step of the library, on every link",
      run: async (share) => {
        for (const id of ["pcie-4-x16", "pcie-5-x16", "nvlink-c2c"]) {
          const { bandwidth } = findMemoryLink(id);
          for (const reading of ["on demand", "ahead"] as const) {
            const seconds = 40e-3;
            const answer = await share(70e9, hbm(), bandwidth, seconds, reading);
            const taken = placedSeconds(70e9, hbm(), bandwidth, Math.min(1, answer), reading);
            expectNumber(taken, seconds, {
              unit: "s",
              tolerance: 1e-6,
              hint: `70 GB read ${reading} with your share behind ${bandwidth / 1e9} GB/s`,
            });
          }
        }
      },
    },
  ],
  mistakes: [
    {
      title: "reads near bytes first in both cases",
      answer: (bytes, near, far, seconds) =>
        Math.min(1, (seconds - bytes / near) / (bytes / far - bytes / near)),
      caught: "near bytes come by themselves",
    },
    {
      title: "overlaps in both cases",
      answer: (bytes, _near, far, seconds) => Math.min(1, seconds * far / bytes),
      caught: "need not be read near as well",
    },
    {
      title: "reads near what lies far away",
      answer: (bytes, near, far, seconds, reading) =>
        Math.min(1, (reading === "ahead" ? seconds : seconds - bytes / near) * far / bytes),
      caught: "need not be read near as well",
    },
    {
      title: "forgets that a share ends at 1",
      answer: (bytes, near, far, seconds, reading) =>
        reading === "ahead"
          ? seconds * far / bytes
          : (seconds - bytes / near) / (bytes / far - bytes / near),
      caught: "no more than all of it",
    },
  ],
});

/** A tier with room, and one that holds the rest. */
interface Room {
  readonly capacity: number;
  readonly near: number;
  readonly far: number;
}

/** Fills the near tier with kinds in some order, each as far as it goes, and reads all of it. */
function filled(kinds: readonly KindOfBytes[], { capacity, near, far }: Room): number {
  let room = capacity, seconds = 0;
  for (const { footprint, traffic } of kinds) {
    const share = Math.min(1, room / footprint);
    room -= share * footprint;
    seconds += share * traffic / near + (1 - share) * traffic / far;
  }
  return seconds;
}

/** All orders of a list. */
function orders<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((first, at) =>
    orders(list.filter((_, index) => index !== at)).map((rest) => [first, ...rest])
  );
}

const hardWorking = (one: KindOfBytes, other: KindOfBytes) =>
  other.traffic / other.footprint - one.traffic / one.footprint;

export const leastSeconds = defineExercise({
  id: "14.3",
  title: "Who lies near?",
  points: 20,
  name: "leastSeconds",
  stub: `/**
 * A step reads \`traffic\` bytes of each kind, evenly, of the \`footprint\` bytes that the
 * kind takes. The near memory has room for \`capacity\` bytes and is read at \`near\`
 * bytes a second; the far one holds the rest and is read at \`far\` afterwards. A kind
 * may be cut in two. How long does a step take at least?
 */
function leastSeconds(
  kinds: { footprint: number; traffic: number }[],
  capacity: number,
  near: number,
  far: number,
): number {
  return NaN; // your turn
}`,
  hints: [
    "A byte of room near is worth what is read of it in a step. Which kind reads most for each byte of its footprint?",
    "Sort by traffic / footprint, largest first, and fill the near memory. With a share s near, a kind takes s · traffic / near + (1 − s) · traffic / far.",
    `\`\`\`ts
function leastSeconds(
  kinds: { footprint: number; traffic: number }[],
  capacity: number,
  near: number,
  far: number,
): number {
  const sorted = kinds.toSorted((a, b) => b.traffic / b.footprint - a.traffic / a.footprint);
  let room = capacity, seconds = 0;
  for (const { footprint, traffic } of sorted) {
    const share = Math.min(1, room / footprint);
    room -= share * footprint;
    seconds += share * traffic / near + (1 - share) * traffic / far;
  }
  return seconds;
}
\`\`\``,
  ],
  reference: (kinds: KindOfBytes[], capacity: number, near: number, far: number): number =>
    fillInOrder([
      { name: "near", capacity, bandwidth: near },
      { name: "far", capacity: sum(kinds.map(({ footprint }) => footprint)), bandwidth: far },
    ], kinds).seconds,
  checks: [
    {
      name: "reads all of it near when all of it fits",
      run: async (least) =>
        expectNumber(
          await least(
            [{ footprint: 20e9, traffic: 20e9 }, { footprint: 10e9, traffic: 5e9 }],
            80e9,
            1e12,
            50e9,
          ),
          25e-3,
          { unit: "s", hint: "25 GB are read, and all of them at the near rate" },
        ),
    },
    {
      name: "leaves experts far away, not the cache",
      run: async (least) =>
        expectNumber(
          // 200 GB of experts of which a quarter is read, and 40 GB of cache that is read to the end
          await least(
            [{ footprint: 200e9, traffic: 50e9 }, { footprint: 40e9, traffic: 40e9 }],
            40e9,
            1e12,
            50e9,
          ),
          40e9 / 1e12 + 50e9 / 50e9,
          {
            unit: "s",
            hint: "sort by what is read for each byte that is held; far bytes come after near ones",
          },
        ),
    },
    {
      name: "cuts the kind that does not fit as a whole",
      run: async (least) =>
        expectNumber(
          await least([{ footprint: 100e9, traffic: 100e9 }], 75e9, 1e12, 100e9),
          75e9 / 1e12 + 25e9 / 100e9,
          { unit: "s", hint: "three quarters of it fit near" },
        ),
    },
    {
      name: "is as good as the best of all orders, for kinds drawn at random",
      run: async (least) => {
        const random = seeded(14);
        for (let trial = 0; trial < 12; trial++) {
          const kinds = Array.from({ length: 4 }, () => {
            const footprint = 10e9 + 90e9 * random.uniform();
            return { footprint, traffic: footprint * random.uniform() };
          });
          const room = { capacity: 120e9, near: 3e12, far: 60e9 };
          const best = Math.min(...orders(kinds).map((order) => filled(order, room)));
          const answer = await least(kinds, room.capacity, room.near, room.far);
          expectNumber(answer, best, {
            unit: "s",
            tolerance: 1e-9,
            hint: `all orders of ${
              kinds.map((kind) => `${(kind.footprint / 1e9).toFixed(0)} GB`).join(", ")
            } were tried`,
          });
        }
      },
    },
  ],
  mistakes: [
    {
      title: "puts what reads most near",
      answer: (kinds, capacity, near, far) =>
        filled(kinds.toSorted((a, b) => b.traffic - a.traffic), { capacity, near, far }),
      caught: "for each byte that is held",
    },
    {
      title: "takes kinds as they come",
      answer: (kinds, capacity, near, far) => filled(kinds, { capacity, near, far }),
      caught: "for each byte that is held",
    },
    {
      title: "puts the smallest near",
      answer: (kinds, capacity, near, far) =>
        filled(kinds.toSorted((a, b) => a.footprint - b.footprint), { capacity, near, far }),
      caught: "all orders",
    },
    {
      title: "leaves a kind whole",
      answer: (kinds, capacity, near, far) => {
        let room = capacity, seconds = 0;
        for (const { footprint, traffic } of kinds.toSorted(hardWorking)) {
          const fits = footprint <= room;
          if (fits) room -= footprint;
          seconds += traffic / (fits ? near : far);
        }
        return seconds;
      },
      caught: "three quarters of it fit near",
    },
    {
      title: "reads both at the same time",
      answer: (kinds, capacity, near, far) => {
        let room = capacity, first = 0, second = 0;
        for (const { footprint, traffic } of kinds.toSorted(hardWorking)) {
          const share = Math.min(1, room / footprint);
          room -= share * footprint;
          first += share * traffic / near;
          second += (1 - share) * traffic / far;
        }
        return Math.max(first, second);
      },
      caught: "far bytes come after near ones",
    },
  ],
});

export const twoBuffers = defineExercise({
  id: "14.4",
  title: "Two buffers",
  points: 15,
  name: "twoBuffers",
  stub: `/**
 * Layers are loaded one after the other over a link, and computed one after the other
 * on a device. There are two buffers: a layer can be loaded as soon as the link is free
 * and the layer two before it is computed, and computed as soon as it is loaded and the
 * layer before it is computed. How long does it all take? loads[i] and computes[i] are
 * the seconds of layer i.
 */
function twoBuffers(loads: number[], computes: number[]): number {
  return NaN; // your turn
}`,
  hints: [
    "While layer i is computed, layer i + 1 is loaded, and nothing else happens. When does the next pair begin?",
    "seconds = loads[0] + Σ max(loads[i + 1], computes[i]) + the last of computes.",
    `\`\`\`ts
function twoBuffers(loads: number[], computes: number[]): number {
  let seconds = loads[0];
  for (let i = 0; i + 1 < loads.length; i++) {
    seconds += Math.max(loads[i + 1], computes[i]);
  }
  return seconds + computes[computes.length - 1];
}
\`\`\``,
  ],
  reference: (loads: number[], computes: number[]): number =>
    bufferedSchedule(loads.map((load, i) => ({ load, compute: computes[i]! })), 2).seconds,
  checks: [
    {
      name: "adds up the load and the computation of a single layer",
      run: async (seconds) =>
        expectNumber(await seconds([3], [2]), 5, {
          unit: "s",
          hint: "nothing can be computed before it is there",
        }),
    },
    {
      name: "takes 11 for ten layers that load and compute in 1 each, not 20",
      run: async (seconds) =>
        expectNumber(await seconds(new Array(10).fill(1), new Array(10).fill(1)), 11, {
          unit: "s",
          hint: "the first load and the last computation stand alone, all others in pairs",
        }),
    },
    {
      name: "waits for the link where loads are longer",
      run: async (seconds) =>
        expectNumber(await seconds([2, 2, 2], [1, 1, 1]), 7, {
          unit: "s",
          hint: "the device waits for each layer, and the last one is computed after all loads",
        }),
    },
    {
      name: "does not load a third layer while the first is computed",
      run: async (seconds) =>
        expectNumber(await seconds([1, 1, 5], [6, 2, 1]), 13, {
          unit: "s",
          hint: "two buffers are taken until the first layer is computed, at 7",
        }),
    },
    {
      name: "agrees with the library for layers drawn at random",
      run: async (seconds) => {
        const random = seeded(4);
        const draw = () => Array.from({ length: 12 }, () => Math.round(1 + 8 * random.uniform()));
        for (let trial = 0; trial < 8; trial++) {
          const [loads, computes] = [draw(), draw()];
          const stages = loads.map((load, i) => ({ load, compute: computes[i]! }));
          expectNumber(await seconds(loads, computes), bufferedSchedule(stages, 2).seconds, {
            unit: "s",
          });
        }
      },
    },
  ],
  mistakes: [
    {
      title: "has one buffer",
      answer: (loads, computes) => sum(loads) + sum(computes),
      caught: "all others in pairs",
    },
    {
      title: "takes the longer of the two sums",
      answer: (loads, computes) => Math.max(sum(loads), sum(computes)),
      caught: "before it is there",
    },
    {
      title: "has as many buffers as layers",
      answer: (loads, computes) =>
        bufferedSchedule(loads.map((load, i) => ({ load, compute: computes[i]! })), loads.length)
          .seconds,
      caught: "two buffers are taken",
    },
    {
      title: "forgets the last computation",
      answer: (loads, computes) => {
        let seconds = loads[0]!;
        for (let i = 0; i + 1 < loads.length; i++) seconds += Math.max(loads[i + 1]!, computes[i]!);
        return seconds;
      },
      caught: "before it is there",
    },
    {
      title: "pairs each load with its own computation",
      answer: (loads, computes) =>
        loads[0]! + sum(loads.slice(1).map((load, i) => Math.max(load, computes[i + 1]!))) +
        computes[0]!,
      caught: "two buffers are taken",
    },
  ],
});
