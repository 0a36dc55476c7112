import {
  findHardware,
  findModel,
  findPim,
  type Hardware,
  type PimDevice,
} from "@fewer-bytes/catalog";
import { seeded } from "@fewer-bytes/numeric";
import {
  assignOperators,
  breakEvenPoints,
  lookupProducts,
  rowEfficiency,
  withUnits,
} from "@fewer-bytes/pim";
import { type Operator, operators } from "@fewer-bytes/transformer";
import { once } from "@fewer-bytes/units";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** What a memory has inside. */
interface Inside {
  banks: number;
  banksPerUnit: number;
  bytesPerCycle: number;
  multiplyAdds: number;
  clock: number;
  powerShare: number;
}

const hbmPim: Inside = {
  banks: 256,
  banksPerUnit: 2,
  bytesPerCycle: 32,
  multiplyAdds: 16,
  clock: 300e6,
  powerShare: 1,
};

export const insideMemory = defineExercise({
  id: "15.1",
  title: "All units at once",
  points: 10,
  name: "insideMemory",
  stub: `/**
 * Bytes and operations a second of all units of a memory together. A unit serves
 * banksPerUnit banks and reads one of them at a time: in a cycle it takes
 * bytesPerCycle and does multiplyAdds with them. Power leaves it powerShare of its
 * cycles.
 */
function insideMemory(memory: {
  banks: number;
  banksPerUnit: number;
  bytesPerCycle: number;
  multiplyAdds: number;
  clock: number; // cycles a second
  powerShare: number;
}): { bandwidth: number; peak: number } {
  return { bandwidth: NaN, peak: NaN }; // your turn
}`,
  hints: [
    "How many units are there, and how many cycles does each have in a second? Everything else is for each of those cycles.",
    "cycles = banks / banksPerUnit · clock · powerShare; bandwidth = cycles · bytesPerCycle; peak = cycles · 2 · multiplyAdds.",
    `\`\`\`ts
function insideMemory(memory: {
  banks: number;
  banksPerUnit: number;
  bytesPerCycle: number;
  multiplyAdds: number;
  clock: number;
  powerShare: number;
}): { bandwidth: number; peak: number } {
  const units = memory.banks / memory.banksPerUnit;
  const cycles = units * memory.clock * memory.powerShare;
  return { bandwidth: cycles * memory.bytesPerCycle, peak: cycles * 2 * memory.multiplyAdds };
}
\`\`\``,
  ],
  reference: ({ banks, banksPerUnit, multiplyAdds, powerShare, ...unit }: Inside) => {
    const device = findPim("samsung-hbm-pim");
    const units = banks / banksPerUnit;
    const { memory, peak } = withUnits(
      { ...device, pim: { ...device.pim, units, powerShare } },
      { ...unit, flopsPerCycle: 2 * multiplyAdds },
    );
    return { bandwidth: memory[0].bandwidth, peak: peak.fp16! };
  },
  checks: [
    {
      name: "finds the 1.2288 TB/s and 1.2288 TFLOP/s of a stack of HBM-PIM",
      run: async (inside) => {
        const { bandwidth, peak } = await inside(hbmPim);
        expectNumber(bandwidth, 1.2288e12, {
          unit: "B/s",
          hint: "two banks share a unit, which reads one of them at a time",
        });
        expectNumber(peak, 1.2288e12, {
          unit: "FLOP/s",
          hint: "a multiply-add is two operations",
        });
      },
    },
    {
      name: "finds the terabyte a second of a chip of GDDR6-AiM, with a unit in each of 32 banks",
      run: async (inside) => {
        const memory = { ...hbmPim, banks: 32, banksPerUnit: 1, clock: 1e9 };
        const { bandwidth, peak } = await inside(memory);
        expectNumber(bandwidth, 1.024e12, { unit: "B/s" });
        expectNumber(peak, 1.024e12, { unit: "FLOP/s" });
      },
    },
    {
      name: "leaves AttAcc nine sixteenths of its 5,120 units' cycles",
      run: async (inside) => {
        const memory = {
          ...hbmPim,
          banks: 5120,
          banksPerUnit: 1,
          clock: 325e6,
          powerShare: 0.5625,
        };
        const { bandwidth, peak } = await inside(memory);
        expectNumber(bandwidth, 29.952e12, {
          unit: "B/s",
          hint: "in a cycle that power does not allow nothing is read and nothing computed",
        });
        expectNumber(peak, 29.952e12, {
          unit: "FLOP/s",
          hint: "in a cycle that power does not allow nothing is read and nothing computed",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "puts a unit in each bank",
      answer: ({ banks, bytesPerCycle, multiplyAdds, clock, powerShare }) => {
        const cycles = banks * clock * powerShare;
        return { bandwidth: cycles * bytesPerCycle, peak: cycles * 2 * multiplyAdds };
      },
      caught: "two banks share a unit",
    },
    {
      title: "counts a multiply-add as one operation",
      answer: ({ banks, banksPerUnit, bytesPerCycle, multiplyAdds, clock, powerShare }) => {
        const cycles = banks / banksPerUnit * clock * powerShare;
        return { bandwidth: cycles * bytesPerCycle, peak: cycles * multiplyAdds };
      },
      caught: "a multiply-add is two operations",
    },
    {
      title: "forgets the power",
      answer: ({ banks, banksPerUnit, bytesPerCycle, multiplyAdds, clock }) => {
        const cycles = banks / banksPerUnit * clock;
        return { bandwidth: cycles * bytesPerCycle, peak: cycles * 2 * multiplyAdds };
      },
      caught: "that power does not allow",
    },
    {
      title: "lets the power limit the arithmetic alone",
      answer: ({ banks, banksPerUnit, bytesPerCycle, multiplyAdds, clock, powerShare }) => {
        const cycles = banks / banksPerUnit * clock;
        return { bandwidth: cycles * bytesPerCycle, peak: cycles * powerShare * 2 * multiplyAdds };
      },
      caught: "nothing is read",
    },
  ],
});

/** A roof. */
interface Roof {
  bandwidth: number;
  peak: number;
}

const gpu = once(() => findHardware("nvidia-h100-sxm"));
const attAcc = once(() => findPim("attacc-bank"));

function processorOf({ bandwidth, peak }: Roof): Hardware {
  return {
    ...gpu(),
    peak: { bf16: peak },
    memory: [{ name: "pins", capacity: 80e9, bandwidth }],
  };
}

function deviceOf({ bandwidth, peak }: Roof): PimDevice {
  return {
    ...attAcc(),
    peak: { bf16: peak },
    memory: [{ ...attAcc().memory[0], bandwidth }],
  };
}

const h100: Roof = { bandwidth: 3.35e12, peak: 989.4e12 };
const nine: Roof = { bandwidth: 30.15e12, peak: 30.15e12 };

export const timesAsFast = defineExercise({
  id: "15.2",
  title: "Where does it stop paying?",
  points: 15,
  name: "timesAsFast",
  stub: `/**
 * How many times as fast is work in memory as on a processor that reads the same
 * bytes over its pins? The work has so many operations for each byte (intensity);
 * both sides have a bandwidth in bytes a second and a peak in operations a second.
 * Below 1 memory loses.
 */
function timesAsFast(
  intensity: number,
  memory: { bandwidth: number; peak: number },
  processor: { bandwidth: number; peak: number },
): number {
  return NaN; // your turn
}`,
  hints: [
    "Both sides have a roof of their own. How many operations a second does each do at this intensity?",
    "rate = min(peak, intensity · bandwidth) on each side; the answer is one rate over the other.",
    `\`\`\`ts
function timesAsFast(
  intensity: number,
  memory: { bandwidth: number; peak: number },
  processor: { bandwidth: number; peak: number },
): number {
  const rate = (side: { bandwidth: number; peak: number }) =>
    Math.min(side.peak, intensity * side.bandwidth);
  return rate(memory) / rate(processor);
}
\`\`\``,
  ],
  reference: (intensity: number, memory: Roof, processor: Roof): number =>
    breakEvenPoints(processorOf(processor), deviceOf(memory), [intensity], { rows: false })[0]!
      .speedup,
  checks: [
    {
      name: "wins all of the bandwidth, nine times, for a query to each key",
      run: async (times) =>
        expectNumber(await times(1, nine, h100), 9, {
          unit: "x",
          hint: "both sides wait for bytes, and memory has nine times as many of them",
        }),
    },
    {
      name: "wins an eighth of nine for eight queries to each key",
      run: async (times) =>
        expectNumber(await times(8, nine, h100), 9 / 8, {
          unit: "x",
          hint:
            "the units do one operation for each byte, so eight operations take them eight times as long",
        }),
    },
    {
      name: "breaks even at nine operations a byte, and loses at 242",
      run: async (times) => {
        expectNumber(await times(9, nine, h100), 1, {
          unit: "x",
          hint: "the processor still waits for its pins there",
        });
        expectNumber(await times(242, nine, h100), 9 / 242, { unit: "x" });
      },
    },
    {
      name: "loses by the ratio of the peaks, and no more, where the processor computes",
      run: async (times) =>
        expectNumber(await times(5000, nine, h100), 30.15 / 989.4, {
          unit: "x",
          hint: "no side does more than its peak",
        }),
    },
    {
      name: "breaks even at peak / pins with more arithmetic, too",
      run: async (times) => {
        const logicDie = { bandwidth: 13.3e12, peak: 106.5e12 };
        for (const intensity of [0.5, 4, 8, 20, 31.8, 100, 1000]) {
          const expected = Math.min(106.5e12, intensity * 13.3e12) /
            Math.min(989.4e12, intensity * 3.35e12);
          expectNumber(await times(intensity, logicDie, h100), expected, {
            unit: "x",
            hint: `${intensity} operations a byte, on a logic die of 13.3 TB/s and 106.5 TFLOP/s`,
          });
        }
      },
    },
  ],
  mistakes: [
    {
      title: "always wins the ratio of bandwidths",
      answer: (_, memory, processor) => memory.bandwidth / processor.bandwidth,
      caught: "eight operations take them eight times as long",
    },
    {
      title: "compares the peaks",
      answer: (_, memory, processor) => memory.peak / processor.peak,
      caught: "both sides wait for bytes",
    },
    {
      title: "sends all work to the processor once the units compute",
      answer: (intensity, memory, processor) =>
        intensity * memory.bandwidth > memory.peak ? 1 : memory.bandwidth / processor.bandwidth,
      caught: "eight operations take them eight times as long",
    },
    {
      title: "forgets that the processor has a peak",
      answer: (intensity, memory, processor) =>
        Math.min(memory.peak, intensity * memory.bandwidth) / (intensity * processor.bandwidth),
      caught: "no side does more than its peak",
    },
    {
      title: "divides the wrong way round",
      answer: (intensity, memory, processor) =>
        Math.min(processor.peak, intensity * processor.bandwidth) /
        Math.min(memory.peak, intensity * memory.bandwidth),
      caught: "memory has nine times as many",
    },
  ],
});

/** An operator, as the exercise sees it. */
interface Work {
  flops: number;
  bytes: number;
  vectors: number;
}

/** A memory with what it costs to use it. */
interface UsedMemory extends Roof {
  rowShare: number;
  link: number;
  start: number;
}

/** Both times of an operator. */
function times({ flops, bytes, vectors }: Work, processor: Roof, memory: UsedMemory) {
  return {
    outside: Math.max(flops / processor.peak, (bytes + vectors) / processor.bandwidth),
    reading: bytes / (memory.bandwidth * memory.rowShare),
    computing: flops / memory.peak,
    crossing: vectors / memory.link,
  };
}

function choose(outside: number, inside: number) {
  const place = inside < outside ? "memory" : "processor";
  return { place, seconds: Math.min(inside, outside) };
}

/** A device of which opening rows leaves the given share. */
function usedDevice({ rowShare, link, start, ...roof }: UsedMemory): PimDevice {
  const device = deviceOf(roof);
  const { bytesPerCycle, clock, powerShare } = device.pim;
  const activation = 1024 / (bytesPerCycle * clock * powerShare) * (1 / rowShare - 1);
  return {
    ...device,
    links: [{ name: "link", bandwidth: link }],
    pim: { ...device.pim, row: { bytes: 1024, activation }, command: start },
  };
}

function operatorOf({ flops, bytes, vectors }: Work): Operator {
  return {
    name: "work",
    layers: 1,
    flops,
    bytes: { weights: bytes, cache: 0, activations: vectors },
    transfer: 0,
    precision: "bf16",
  };
}

const used: UsedMemory = { ...nine, rowShare: 0.8, link: 300e9, start: 1e-6 };

export const placeWork = defineExercise({
  id: "15.3",
  title: "Here or there?",
  points: 20,
  name: "placeWork",
  stub: `/**
 * Where is an operator faster, and how long does it take there? It does some
 * operations (flops), reads bytes of weights or cache, and has inputs and results
 * (vectors, in bytes). The processor reads all of them over its pins. In memory,
 * weights and cache are read inside, where opening rows leaves rowShare of the
 * bandwidth; vectors cross the link, before and after; and starting takes a while.
 */
function placeWork(
  work: { flops: number; bytes: number; vectors: number },
  processor: { bandwidth: number; peak: number },
  memory: {
    bandwidth: number;
    peak: number;
    rowShare: number;
    link: number; // bytes a second
    start: number; // seconds
  },
): { place: "processor" | "memory"; seconds: number } {
  return { place: "processor", seconds: NaN }; // your turn
}`,
  hints: [
    "What can go on at the same time, and what must wait for something else? Units compute while they read; but they cannot begin before the inputs are there.",
    "outside = max(flops / peak, (bytes + vectors) / bandwidth). inside = start + max(bytes / (bandwidth · rowShare), flops / peak) + vectors / link. Memory has it when inside < outside.",
    `\`\`\`ts
function placeWork(
  work: { flops: number; bytes: number; vectors: number },
  processor: { bandwidth: number; peak: number },
  memory: {
    bandwidth: number;
    peak: number;
    rowShare: number;
    link: number;
    start: number;
  },
): { place: "processor" | "memory"; seconds: number } {
  const { flops, bytes, vectors } = work;
  const outside = Math.max(flops / processor.peak, (bytes + vectors) / processor.bandwidth);
  const reading = bytes / (memory.bandwidth * memory.rowShare);
  const inside = memory.start + Math.max(reading, flops / memory.peak) + vectors / memory.link;
  return inside < outside
    ? { place: "memory", seconds: inside }
    : { place: "processor", seconds: outside };
}
\`\`\``,
  ],
  reference: (work: Work, processor: Roof, memory: UsedMemory) => {
    const [assigned] = assignOperators([operatorOf(work)], {
      processor: processorOf(processor),
      device: usedDevice(memory),
    }).operators;
    return { place: assigned!.place as "processor" | "memory", seconds: assigned!.seconds };
  },
  checks: [
    {
      name: "opens rows: a gigabyte with an operation a byte takes 1 µs and 41 µs",
      run: async (place) => {
        const { place: where, seconds } = await place(
          { flops: 1e9, bytes: 1e9, vectors: 0 },
          h100,
          used,
        );
        expectThat(
          where === "memory",
          "the processor needs 299 µs for a gigabyte, memory 42: it belongs into memory",
        );
        expectNumber(seconds, 1e-6 + 1e9 / 24.12e12, {
          unit: "s",
          hint: "while rows are opened nothing is read: 24.1 of 30.15 TB/s are left",
        });
      },
    },
    {
      name: "waits for the units where there are eight operations for each byte",
      run: async (place) => {
        const { seconds } = await place({ flops: 8e9, bytes: 1e9, vectors: 0 }, h100, used);
        expectNumber(seconds, 1e-6 + 8e9 / 30.15e12, {
          unit: "s",
          hint: "units compute while they read, so the longer of the two counts, not both",
        });
      },
    },
    {
      name: "leaves a feed-forward of 64 sequences to the processor",
      run: async (place) => {
        const work = { flops: 64e9, bytes: 1e9, vectors: 1e6 };
        expectEqual(await place(work, h100, used), {
          place: "processor",
          seconds: 1.001e9 / 3.35e12,
        }, { hint: "the processor reads weights and vectors, and computes meanwhile" });
      },
    },
    {
      name: "leaves small work where it is, when starting takes longer than all of it",
      run: async (place) => {
        const { place: where, seconds } = await place(
          { flops: 1e6, bytes: 1e6, vectors: 0 },
          h100,
          used,
        );
        expectThat(
          where === "processor",
          "a megabyte takes the processor 0.3 µs, and memory 1 µs only to start: it stays with the processor",
        );
        expectNumber(seconds, 1e6 / 3.35e12, { unit: "s" });
      },
    },
    {
      name: "leaves work with large vectors where it is, too",
      run: async (place) => {
        const work = { flops: 1e9, bytes: 1e9, vectors: 1e8 };
        const { place: where, seconds } = await place(work, h100, used);
        expectThat(
          where === "processor",
          "100 MB of vectors take 333 µs over a link of 300 GB/s, longer than the processor needs for everything: they must cross before and after",
        );
        expectNumber(seconds, 1.1e9 / 3.35e12, { unit: "s" });
      },
    },
    {
      name: "agrees with the library for each operator of Llama 3.1 8B, with 1, 4 and 64 sequences",
      run: async (place) => {
        const memory = {
          bandwidth: attAcc().memory[0].bandwidth,
          peak: attAcc().peak.fp16!,
          rowShare: rowEfficiency(attAcc()),
          link: attAcc().links[0]!.bandwidth,
          start: 0,
        };
        for (const batch of [1, 4, 64]) {
          const step = { phase: "decode", batch, newTokens: 1, context: 2000 } as const;
          const table = operators(findModel("llama-3.1-8b"), step)
            .filter(({ precision }) => precision === "bf16");
          const { operators: expected } = assignOperators(table, {
            processor: gpu(),
            device: attAcc(),
          });
          for (const { operator, place: where, seconds } of expected) {
            const { flops, bytes } = operator;
            const work = { flops, bytes: bytes.weights + bytes.cache, vectors: bytes.activations };
            const found = await place(work, h100, memory);
            const what = `${operator.name}, ${batch} sequences`;
            expectThat(found.place === where, `${what}: expected ${where}, got ${found.place}`);
            expectNumber(found.seconds, seconds, { unit: "s", tolerance: 1e-6, hint: what });
          }
        }
      },
    },
  ],
  mistakes: [
    {
      title: "reads at all of the bandwidth",
      answer: (work, processor, memory) => {
        const { outside, reading, computing, crossing } = times(work, processor, memory);
        const inside = Math.max(reading * memory.rowShare, computing) + crossing + memory.start;
        return choose(outside, inside) as never;
      },
      caught: "while rows are opened nothing is read",
    },
    {
      title: "computes after it has read",
      answer: (work, processor, memory) => {
        const { outside, reading, computing, crossing } = times(work, processor, memory);
        return choose(outside, memory.start + reading + computing + crossing) as never;
      },
      caught: "the longer of the two counts",
    },
    {
      title: "forgets the start",
      answer: (work, processor, memory) => {
        const { outside, reading, computing, crossing } = times(work, processor, memory);
        return choose(outside, Math.max(reading, computing) + crossing) as never;
      },
      caught: "memory 1 µs only to start",
    },
    {
      title: "lets vectors cross while units compute",
      answer: (work, processor, memory) => {
        const { outside, reading, computing } = times(work, processor, memory);
        return choose(outside, memory.start + Math.max(reading, computing)) as never;
      },
      caught: "before and after",
    },
    {
      title: "computes wherever more bytes come",
      answer: (work, processor, memory) => {
        const { reading, computing, crossing } = times(work, processor, memory);
        const seconds = memory.start + Math.max(reading, computing) + crossing;
        return { place: "memory", seconds };
      },
      caught: "it stays with the processor",
    },
  ],
});

const random = seeded(154);
/** Whole numbers that some bits hold. */
const draw = (length: number, bits: number) =>
  Array.from({ length }, () => random.integer(2 ** bits) - 2 ** (bits - 1));

/** Sums of subsets of some inputs: entry 0b101 has the first and the third. */
function tableOf(inputs: readonly number[]): number[] {
  return inputs.reduce((table, input) => [...table, ...table.map((sum) => sum + input)], [0]);
}

/** A product by tables, with one thing done otherwise. */
function byTables(
  weights: readonly number[],
  inputs: readonly number[],
  bits: number,
  group: number,
  { sign = -1, shift = (bit: number) => 2 ** bit, ends = weights.length, reversed = false } = {},
) {
  let product = 0, reads = 0;
  for (let from = 0; from < ends; from += group) {
    const part = weights.slice(from, from + group);
    const table = tableOf(inputs.slice(from, from + group));
    for (let bit = 0; bit < bits; bit++) {
      const pattern = part.reduce(
        (sum, weight, i) => sum + (weight >> bit & 1) * 2 ** (reversed ? part.length - 1 - i : i),
        0,
      );
      product += (bit === bits - 1 ? sign : 1) * shift(bit) * table[pattern]!;
      reads++;
    }
  }
  return { product, reads };
}

export const lookUp = defineExercise({
  id: "15.4",
  title: "Multiply by looking up",
  points: 20,
  name: "lookUp",
  stub: `/**
 * The sum of weights[i] * inputs[i], without a multiplication of the two. Weights
 * are whole numbers of so many bits, in two's complement. Inputs stand in groups
 * (the last one may be smaller), and a table holds the sums of all subsets of a
 * group. For each bit, the bits of the group's weights name the sum that is read.
 * Give the number of reads, too.
 */
function lookUp(
  weights: number[],
  inputs: number[],
  bits: number,
  group: number,
): { product: number; reads: number } {
  return { product: NaN, reads: NaN }; // your turn
}`,
  hints: [
    "A weight of 4 bits is −8·w₃ + 4·w₂ + 2·w₁ + w₀. Collect all w₀ of a group: which inputs do they add up? Which entry of the table is that? In TypeScript (weight >> bit) & 1 is one bit of a number, of a negative one, too.",
    "table[p] = Σ of the inputs whose bit in p is set; p = Σ ((weights[from + i] >> bit) & 1) · 2^i; product += ±2^bit · table[p], with the minus for the highest bit alone; one read for each group and bit.",
    `\`\`\`ts
function lookUp(
  weights: number[],
  inputs: number[],
  bits: number,
  group: number,
): { product: number; reads: number } {
  let product = 0, reads = 0;
  for (let from = 0; from < weights.length; from += group) {
    let table = [0];
    for (const input of inputs.slice(from, from + group)) {
      table = [...table, ...table.map((sum) => sum + input)];
    }
    for (let bit = 0; bit < bits; bit++) {
      let pattern = 0;
      weights.slice(from, from + group).forEach((weight, i) => {
        pattern |= ((weight >> bit) & 1) << i;
      });
      const shifted = table[pattern]! * 2 ** bit;
      product += bit === bits - 1 ? -shifted : shifted;
      reads++;
    }
  }
  return { product, reads };
}
\`\`\``,
  ],
  reference: (weights: number[], inputs: number[], bits: number, group: number) => {
    const data = Int32Array.from(weights);
    const { products, counts } = lookupProducts(
      { rows: 1, columns: weights.length, bits, data },
      Int32Array.from(inputs),
      group,
    );
    return { product: products[0]!, reads: counts.lookups };
  },
  checks: [
    {
      name: "reads three sums for 3 · 10 + 1 · 20 + 2 · 30, and shifts them",
      run: async (look) =>
        expectEqual(await look([3, 1, 2], [10, 20, 30], 3, 3), { product: 110, reads: 3 }, {
          hint:
            "one read for each bit: the lowest bits, 1, 1 and 0, read 30; the next ones, 1, 0 and 1, read 40, which counts twice",
        }),
    },
    {
      name: "takes the highest bit away: −8 · 10 + 7 · 20",
      run: async (look) => {
        const { product } = await look([-8, 7], [10, 20], 4, 2);
        expectNumber(product, 60, {
          hint: "in two's complement the highest bit of four counts −8",
        });
      },
    },
    {
      name: "finds the entry of each of four weights, in their order",
      run: async (look) => {
        const { product } = await look([1, 0, 0, -2], [1, 10, 100, 1000], 2, 4);
        expectNumber(product, -1999, {
          hint:
            "the first weight of a group names the lowest bit of the entry, if the table is filled in that order",
        });
      },
    },
    {
      name: "has a smaller table for the last ones: five weights in groups of two",
      run: async (look) =>
        expectEqual(await look([1, 2, 3, 4, 5], [1, 1, 1, 1, 100], 4, 2), {
          product: 510,
          reads: 12,
        }, { hint: "three groups, the last one of a single weight, and four bits" }),
    },
    {
      name: "is exact for 48 weights of 2 to 8 bits, in groups of 1 to 6",
      run: async (look) => {
        for (const bits of [2, 3, 4, 8]) {
          for (const group of [1, 4, 5, 6]) {
            const [weights, inputs] = [draw(48, bits), draw(48, 8)];
            const product = weights.reduce((sum, weight, i) => sum + weight * inputs[i]!, 0);
            const reads = Math.ceil(48 / group) * bits;
            expectEqual(await look(weights, inputs, bits, group), { product, reads }, {
              hint: `${bits} bits, groups of ${group}`,
            });
          }
        }
      },
    },
  ],
  mistakes: [
    {
      title: "adds the highest bit",
      answer: (weights, inputs, bits, group) => byTables(weights, inputs, bits, group, { sign: 1 }),
      caught: "the highest bit of four counts −8",
    },
    {
      title: "forgets to shift",
      answer: (weights, inputs, bits, group) =>
        byTables(weights, inputs, bits, group, { shift: () => 1 }),
      caught: "which counts twice",
    },
    {
      title: "reads the table from the other end",
      answer: (weights, inputs, bits, group) =>
        byTables(weights, inputs, bits, group, { reversed: true }),
      caught: "names the lowest bit of the entry",
    },
    {
      title: "leaves out the last ones",
      answer: (weights, inputs, bits, group) =>
        byTables(weights, inputs, bits, group, { ends: weights.length - weights.length % group }),
      caught: "the last one of a single weight",
    },
    {
      title: "counts a read for each weight",
      answer: (weights, inputs, bits, group) => ({
        ...byTables(weights, inputs, bits, group),
        reads: weights.length * bits,
      }),
      caught: "one read for each bit",
    },
  ],
});
