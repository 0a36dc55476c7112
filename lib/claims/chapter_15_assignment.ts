import {
  assignOperators,
  breakEvenIntensity,
  fastestBands,
  intensities,
  interleaveStep,
  withoutPowerLimit,
} from "../pim/mod.ts";
import { ridgePoint } from "../roofline/mod.ts";
import { type Operator, operators } from "../transformer/mod.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";
import { decodeStep, shown } from "./measures.ts";

/** Chapter 15, which work goes into memory, and what a step gains. */
export const chapter15Assignment: readonly Derivation[] = [
  derive("a-attacc-beats-gpu", {
    assumptions: () => [
      "GPT-3 175B in 16 bits on eight A100 whose memory has AttAcc's 3.35 TB/s, 54 sequences of 2,048 tokens; each has five stacks of AttAcc beside it, and attention goes there; rooflines of both, communication left out",
      "the authors' simulator, run with the same sizes, gives 1.85; the paper reports up to 2.81",
      `with one sequence attention is a small part, and moving it gains ${
        shown(attAccGain(courseCatalog, 1))
      } times`,
    ],
    by: [assignOperators],
    relation: "at least",
    proxy: { computes: "a decode step without AttAcc over one with it", unit: "x", threshold: 1 },
    derived: (catalog) => attAccGain(catalog, 54),
  }),
  derive("a-neupims-gains", {
    assumptions: () => [
      "OPT-13B in 16 bits, 512 sequences of 376 tokens, A100 40 GB with NeuPIMs' memory in place of its own for attention; all peaks reached",
      `over the processor alone; what the two row buffers of each bank add to attention in memory is ${
        shown(neuPims(courseCatalog, 512).interleaved)
      } times with 512 sequences, ${shown(neuPims(courseCatalog, 256).interleaved)} with 256 and ${
        shown(neuPims(courseCatalog, 64).interleaved)
      } with 64: a batch that is cut in two reads all weights twice`,
      "only the cache stays where it is; weights cross the pins as before",
    ],
    by: [interleaveStep],
    relation: "at least",
    proxy: {
      computes: "a decode step on the processor alone over one with NeuPIMs",
      unit: "x",
      threshold: 2,
    },
    derived: (catalog) => neuPims(catalog, 512).gain,
  }),
  derive("a-pim-4-6x-vs-a100", {
    assumptions: () => [
      "the study is not named, so its design and its workload are not known; here AttAcc's five stacks beside an A100 80 GB, Llama 2 7B in 16 bits, 8 sequences of 2,048 tokens, a decode step",
      `one sequence alone has everything in memory and gains ${
        shown(besideA100(courseCatalog, 1))
      } times, as these stacks are read 15 times as fast as that GPU's memory; a prompt gains nothing`,
    ],
    by: [assignOperators],
    derived: (catalog) => besideA100(catalog, 8),
    otherwise: {
      condition: "64 sequences, where attention over a cache with all heads is most of the step",
      derived: (catalog) => besideA100(catalog, 64),
    },
  }),
  derive("d-duplex-moe-op-b", {
    assumptions: () => [
      "Mixtral 8x7B in 16 bits, all experts that a decode step of 8 sequences reads: nearly all eight of each layer",
      `one sequence has one operation a byte, less a hair for its activations; 64 have ${
        shown(expertIntensity(courseCatalog, 64))
      } and 128 have ${shown(expertIntensity(courseCatalog, 128))}`,
    ],
    by: [intensities],
    relation: "at least",
    derived: (catalog) => expertIntensity(catalog, 8),
  }),
  derive("d-duplex-gqa-op-b", {
    assumptions: () => [
      `Llama 3.1 8B, four queries to a key, 4,096 tokens of cache in 16 bits, any batch; Llama 3.1 70B has eight, and ${
        shown(attentionIntensity(courseCatalog, "llama-3.1-70b"))
      }`,
      "two operations, a multiplication and an addition, for each query and each value of two bytes",
    ],
    by: [intensities],
    derived: (catalog) => attentionIntensity(catalog, "llama-3.1-8b"),
  }),
  derive("d-duplex-pim-below-1", {
    assumptions: () => [
      "the ridge of HBM-PIM's own units: with more operations for each byte they wait for arithmetic; AttAcc and GDDR6-AiM have the same",
      `they still win over a processor that reads the same memory over its pins, up to ${
        shown(ownBreakEven(courseCatalog))
      } operations a byte`,
    ],
    by: [ridgePoint, breakEvenIntensity],
    derived: ({ pim }) => ridgePoint(pim("samsung-hbm-pim"), "fp16"),
  }),
  derive("d-duplex-logic-pim-range", {
    assumptions: () => [
      "five stacks of HBM3 with Duplex' logic dies, against units in all banks without a limit of power, and against the arithmetic of an H100 over the pins of the same memory",
      `Logic-PIM is the fastest from ${shown(logicBand(courseCatalog).from)} operations a byte on`,
    ],
    by: [fastestBands, withoutPowerLimit],
    proxy: {
      computes: "the operations a byte up to which the logic die is the fastest",
      unit: "Op/B",
      threshold: [12, 48],
    },
    derived: (catalog) => logicBand(catalog).to,
  }),
];

/** How many times as fast a step is when each operator goes where it is faster. */
function gainOf(
  rows: readonly Operator[],
  pair: Parameters<typeof assignOperators>[1],
): number {
  const { processorSeconds, seconds } = assignOperators(rows, pair);
  return processorSeconds / seconds;
}

function attAccGain({ model, hardware, pim }: Catalog, batch: number): number {
  const shard = operators(model("gpt-3-175b"), decodeStep(2048, batch), { devices: 8 })
    .filter(({ name }) => name !== "all-reduce");
  const a100 = hardware("nvidia-a100-sxm-80gb");
  const device = pim("attacc-bank");
  const main = { ...a100.memory[0], bandwidth: device.pim.external };
  const attention = shard.filter(({ name }) => name === "attention");
  const rest = shard.filter(({ name }) => name !== "attention");
  const processor = { ...a100, memory: [main] as const };
  const inside = assignOperators(attention, { processor, device });
  const outside = assignOperators(rest, { processor, device }).processorSeconds;
  return (inside.processorSeconds + outside) / (inside.seconds + outside);
}

function neuPims({ model, hardware, pim }: Catalog, batch: number) {
  const { processorOnly, serial, concurrent } = interleaveStep(
    { model: model("opt-13b"), batch, context: 376 },
    { processor: hardware("nvidia-a100-sxm-40gb"), device: pim("neupims-memory") },
  );
  return {
    gain: processorOnly / concurrent.seconds,
    interleaved: serial / concurrent.seconds,
  };
}

function besideA100({ model, hardware, pim }: Catalog, batch: number): number {
  return gainOf(operators(model("llama-2-7b"), decodeStep(2048, batch)), {
    processor: hardware("nvidia-a100-sxm-80gb"),
    device: pim("attacc-bank"),
  });
}

function intensityOf(rows: readonly Operator[], wanted: string): number {
  return intensities(rows).find(({ name }) => name === wanted)!.intensity;
}

function expertIntensity({ model }: Catalog, batch: number): number {
  return intensityOf(operators(model("mixtral-8x7b"), decodeStep(2048, batch)), "experts");
}

function attentionIntensity({ model }: Catalog, name: string): number {
  return intensityOf(operators(model(name), decodeStep(4096)), "attention");
}

/** Up to where HBM-PIM wins over an H100's arithmetic that reads HBM-PIM's own pins. */
function ownBreakEven({ hardware, pim }: Catalog): number {
  const device = pim("samsung-hbm-pim");
  const h100 = hardware("nvidia-h100-sxm");
  const main = { ...h100.memory[0], bandwidth: device.pim.external };
  return breakEvenIntensity({ ...h100, memory: [main] }, device, { format: "fp16" });
}

function logicBand({ hardware, pim }: Catalog) {
  const device = pim("duplex-logic-pim");
  const h100 = hardware("nvidia-h100-sxm");
  const bands = fastestBands(
    [h100, device, withoutPowerLimit(pim("attacc-bank"))],
    "fp16",
  );
  return bands.find(({ hardware }) => hardware === device) ?? { from: 0, to: 0 };
}
