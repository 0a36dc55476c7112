import { bytesPerValue, findHardware, type Hardware } from "../catalog/mod.ts";
import {
  fastestRate,
  growthPerGeneration,
  peakRate,
  ridgePoint,
  shoreline,
} from "../roofline/mod.ts";
import { type Derivation, derive } from "./derivation.ts";

const h100 = "nvidia-h100-sxm";
const line =
  "a least-squares fit through V100 32 GB, A100 80 GB, H100 SXM and B200, on the logarithms";
const mainMemory = ({ memory }: Hardware) => memory[0];

/** Chapter 01, devices: what the datasheets say, and how it grows from one generation to the next. */
export const chapter01Hardware: readonly Derivation[] = [
  derive("a-h100-bandwidth-3tb", {
    assumptions: ['H100 SXM5 80 GB; "up to 3 TB/s" is read as: memory reaches at least that'],
    by: [findHardware],
    relation: "at least",
    derived: ({ hardware }) => mainMemory(hardware(h100)).bandwidth / 1e12,
  }),
  derive("a-h100-double-a100-bandwidth", {
    assumptions: ["SXM cards of 80 GB each"],
    by: [findHardware],
    derived: ({ hardware }) =>
      mainMemory(hardware(h100)).bandwidth / mainMemory(hardware("nvidia-a100-sxm-80gb")).bandwidth,
    otherwise: {
      condition: "the H100 80 GB is compared with the older A100 40 GB",
      derived: ({ hardware }) =>
        mainMemory(hardware(h100)).bandwidth /
        mainMemory(hardware("nvidia-a100-sxm-40gb")).bandwidth,
    },
  }),
  derive("a-h100-capacity-80gb", {
    assumptions: ["H100 SXM5 stands for the high-end cards"],
    by: [findHardware],
    relation: "at least",
    derived: ({ hardware }) => mainMemory(hardware(h100)).capacity / 1e9,
  }),
  derive("a-h100-l2-50mb", {
    assumptions: ["the L2 cache as the catalog lists it"],
    by: [findHardware],
    derived: ({ hardware }) => {
      const cache = hardware(h100).memory.find(({ name }) => name === "L2 cache");
      if (!cache) throw new RangeError(`Cannot find the L2 cache of ${h100} in the catalog`);
      return cache.capacity / 1e6;
    },
  }),
  derive("a-h100-30x-inference", {
    assumptions: [
      "the better of two bounds: arithmetic in FP8 against the A100's FP16, or memory traffic at 8 bits against 16",
      "2:4 sparsity doubles the rate of arithmetic; its traffic is left dense, as its indices cost part of the gain",
    ],
    by: [peakRate, bytesPerValue],
    relation: "at least",
    derived: ({ hardware }) => {
      const [older, newer] = [hardware("nvidia-a100-sxm-80gb"), hardware(h100)];
      const sparsity = 4 / 2; // of every 4 weights 2 are left
      const compute = sparsity * peakRate(newer, "fp8") / peakRate(older, "fp16");
      const narrowing = bytesPerValue("fp16") / bytesPerValue("fp8");
      return Math.max(
        compute,
        narrowing * mainMemory(newer).bandwidth / mainMemory(older).bandwidth,
      );
    },
  }),
  derive("c-b200-fp8-peak", {
    assumptions: ["the dense rate, not the one for 2:4 sparsity"],
    by: [peakRate],
    derived: ({ hardware }) => peakRate(hardware("nvidia-b200"), "fp8") / 1e12,
  }),
  derive("c-b200-bandwidth", {
    assumptions: ["HBM3e of one B200"],
    by: [findHardware],
    derived: ({ hardware }) => mainMemory(hardware("nvidia-b200")).bandwidth / 1e12,
  }),
  derive("c-ridge-562", {
    assumptions: [
      "the dense FP8 peak over the memory bandwidth of one B200, though the document counts its model in BF16",
    ],
    by: [ridgePoint],
    derived: ({ hardware }) => ridgePoint(hardware("nvidia-b200"), "fp8"),
  }),
  derive("c-shoreline-compute-area", {
    assumptions: ["a square chip, arithmetic spread evenly over its area"],
    by: [shoreline],
    derived: () => Math.log2(shoreline(2).compute / shoreline(1).compute),
  }),
  derive("c-shoreline-bandwidth-perimeter", {
    assumptions: ["a square chip, wires to memory spread evenly along its edge"],
    by: [shoreline],
    derived: () => Math.log2(shoreline(2).bandwidth / shoreline(1).bandwidth),
  }),
  derive("c-compute-4x-per-generation", {
    assumptions: [line, "dense FP16 throughout"],
    by: [growthPerGeneration],
    derived: ({ everyHardware }) => growthPerGeneration(everyHardware, ({ peak }) => peak.fp16),
    otherwise: {
      condition:
        "every generation computes in its narrowest format: FP16 on V100 and A100, FP8 on H100, FP4 on B200",
      derived: ({ everyHardware }) => growthPerGeneration(everyHardware, fastestRate),
    },
  }),
  derive("c-bandwidth-2x-per-generation", {
    assumptions: [line],
    by: [growthPerGeneration],
    derived: ({ everyHardware }) =>
      growthPerGeneration(everyHardware, (entry) => mainMemory(entry).bandwidth),
  }),
  derive("c-capacity-1-4x-per-generation", {
    assumptions: [line, "B200 with what its users can allocate, not with all that its stacks hold"],
    by: [growthPerGeneration],
    relation: "at most",
    derived: ({ everyHardware }) =>
      growthPerGeneration(everyHardware, (entry) => mainMemory(entry).capacity),
  }),
];
