import type { Model } from "../catalog/mod.ts";
import { peakRate } from "../roofline/mod.ts";
import {
  dataParallelStep,
  dgx2Tiers,
  largestMicroBatch,
  offloadSeconds,
  offloadTraffic,
  parameterStates,
  parametersThatFit,
  placeStates,
  stateBytes,
  studiedModels,
  trainingFootprint,
} from "../training/mod.ts";
import { parameters } from "../transformer/mod.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { shown } from "./measures.ts";

const v100 = ({ hardware }: Catalog) => hardware("nvidia-v100-sxm-32gb");
const capacity = (catalog: Catalog) => v100(catalog).memory[0].capacity;
const halfFormats = { weights: "fp16", cache: "fp16", activations: "fp16" } as const;
const classic = { recompute: "layers", attention: "scores", dropout: true } as const;
const kernels = { compute: 0.5, memory: 0.8, link: 0.8 };
const setting60 =
  "a GPT of 60 billion (75 layers of 8,192, recalled from the paper), each layer split over 16 V100, stage 2, every layer computed again, 1,024 tokens, scores and dropout masks in memory, 95 % of it filled; kernels reach half of the peak, the network is 6.25 GB/s a device: both assumed";

/** Chapter 18, states: what ZeRO divides, and where ZeRO-Infinity puts it. */
export const chapter18States: readonly Derivation[] = [
  derive("d-zero-13b-no-mp", {
    assumptions: () => [
      "64 V100 of 32 GB, stage 2, a sequence of 1,024 tokens with every layer computed again, 95 % of the memory filled: the largest model of Llama-2-13B's activations that fits",
      `with nothing divided, states alone leave room for ${
        shown(parametersThatFit(capacity(courseCatalog)) / 1e9)
      } billion`,
    ],
    by: [trainingFootprint],
    relation: "at least",
    derived: (catalog) => {
      const model = catalog.model("llama-2-13b");
      const place = trainingFootprint({
        model,
        hardware: v100(catalog),
        batch: { sequences: 1, tokens: 1024 },
        stage: 2,
        dataParallel: 64,
        recompute: "layers",
        memoryShare: 0.95,
      });
      const each = place.states.total / parameters(model).total;
      return (place.capacity - place.activations.total) / each / 1e9;
    },
  }),
  derive("d-zero-100b", {
    assumptions: () => [
      "400 V100 of 32 GB: 25 groups of 16 that split each layer, stage 2; the largest model whose states alone fit",
      `100 billion parameters take ${
        shown(stateBytes(100e9 / 16, { stage: 2, dataParallel: 25 }).total / 1e9)
      } GB of each device, so that half of it is left for activations`,
    ],
    by: [parametersThatFit, stateBytes],
    relation: "at least",
    derived: (catalog) =>
      16 * parametersThatFit(capacity(catalog), { stage: 2, dataParallel: 25 }) / 1e9,
  }),
  derive("d-zero-1t-potential", {
    assumptions: () => [
      "stage 3 on 1,024 V100 of 32 GB, states alone; where activations go is another question",
      `a trillion takes ${
        shown(stateBytes(1e12, { stage: 3, dataParallel: 1024 }).total / 1e9)
      } GB of each`,
    ],
    by: [parametersThatFit, stateBytes],
    relation: "at least",
    derived: (catalog) =>
      parametersThatFit(capacity(catalog), { stage: 3, dataParallel: 1024 }) / 1e12,
  }),
  derive("d-zero-15-pflops", {
    assumptions: () => [
      setting60,
      `as in the paper, operations that are done twice count twice; those of the model alone are ${
        shown(onV100(courseCatalog, 25).modelRate / 1e15)
      } PFLOP/s`,
      `15 of 400 V100 are ${
        shown(100 * 15e15 / 400 / peakRate(v100(courseCatalog), "fp16"))
      } % of the peak`,
    ],
    by: [dataParallelStep, largestMicroBatch],
    derived: (catalog) => onV100(catalog, 25).rate / 1e15,
  }),
  derive("d-zero-superlinear", {
    assumptions: () => [
      `${setting60}; from 64 to 400 devices, each time with the largest batch that fits: ${
        [4, 8, 16, 25].map((groups) => onV100(courseCatalog, groups).sequences).join(", ")
      } sequences on 64, 128, 256 and 400`,
      "states shrink with more devices, batches grow into the room, and a larger batch hides more of the network; once states are small this ends",
    ],
    by: [dataParallelStep, largestMicroBatch],
    relation: "at least",
    derived: (catalog) =>
      Math.log(onV100(catalog, 25).rate / onV100(catalog, 4).rate) / Math.log(25 / 4),
  }),
  derive("d-zero-turing-17b", {
    assumptions: [
      "its published shape: 78 layers of width 4,256, recalled; that it was trained so is a report",
    ],
    by: [parameters],
    derived: () => parameters(studiedModels.turing).total / 1e9,
  }),
  derive("d-zero-vs-megatron-t5", {
    assumptions: [
      "the published shape of Megatron's GPT: 72 layers of width 3,072, recalled; T5 has an encoder, which the library does not model",
    ],
    by: [parameters],
    derived: () => parameters(studiedModels.megatron).total / 1e9,
  }),
  derive("d-zeroinf-1000x-model", {
    assumptions: [
      "GPT-3 of 2020 over the GPT of 2018, 117 million parameters, recalled; over ELMo's 94 million of that year it is a quarter more",
    ],
    by: [parameters],
    relation: "at least",
    derived: ({ model }) => parameters(model("gpt-3-175b")).total / 117e6,
  }),
  derive("d-zeroinf-gpu-memory-5x", {
    assumptions: [
      "A100 of 80 GB over V100 of 16 GB: how many times the parameters one device can train",
    ],
    by: [parametersThatFit],
    derived: ({ hardware }) =>
      parametersThatFit(hardware("nvidia-a100-sxm-80gb").memory[0].capacity) /
      parametersThatFit(hardware("nvidia-v100-sxm-16gb").memory[0].capacity),
  }),
  derive("d-zeroinf-800-v100", {
    assumptions: () => [
      "states alone, 20 bytes a parameter as the paper counts, on V100 of 32 GB",
      `with ZeRO's 16 bytes it is ${
        shown(16e12 / capacity(courseCatalog))
      } devices; 800 devices have ${
        shown(800 * capacity(courseCatalog) / 1e12)
      } bytes for each parameter`,
    ],
    by: [parametersThatFit, trainingFootprint],
    derived: (catalog) =>
      1e12 / parametersThatFit(capacity(catalog), { states: parameterStates.infinity }),
    otherwise: {
      condition:
        "one sequence of 1,024 tokens is in training on each group of 16 that splits the layers, with every layer computed again: 128 layers of 25,600",
      derived: (catalog) => devicesForTrillion(catalog),
    },
  }),
  derive("d-zeroinf-25-petaflops", {
    assumptions: [
      "32 DGX-2 train a trillion parameters, 5 sequences of 1,024 tokens on each device, states in HBM, DRAM and on SSDs as room is left, nothing overlapped; kernels reach 56 % of the peak, the 70 TFLOP/s that the paper measured; bandwidths as the paper has them",
      "operations that are done twice count twice, as in the paper; transfers between machines are not counted",
    ],
    by: [offloadTraffic, placeStates, offloadSeconds],
    relation: "at least",
    derived: (catalog) => 512 * offloadedRate(catalog, 32, 5) / 1e15,
  }),
  derive("d-zeroinf-40pct-peak", {
    assumptions: ["25 PFLOP/s of 512 V100, against 125 TFLOP/s of dense half precision each"],
    by: [peakRate],
    derived: (catalog) => 100 * 25e15 / 512 / peakRate(v100(catalog), "fp16"),
  }),
  derive("d-zeroinf-dgx2-1t", {
    assumptions: [
      "20 bytes a parameter in 16 V100 of 32 GB, 1.5 TB of DRAM and 28 TB of SSDs; whether it is fast is another question",
    ],
    by: [parametersThatFit, dgx2Tiers],
    relation: "at least",
    derived: (catalog) => machineParameters(catalog) / 1e12,
  }),
  derive("d-zeroinf-trillions", {
    assumptions: () => [
      `the 32 DGX-2 that the paper had, 20 bytes a parameter; 96 of them hold ${
        shown(96 * machineParameters(courseCatalog) / 1e12)
      } trillion`,
    ],
    by: [parametersThatFit, dgx2Tiers],
    derived: (catalog) => 32 * machineParameters(catalog) / 1e12,
  }),
  derive("d-zeroinf-superlinear", {
    assumptions: [
      "a trillion parameters on 4 and on 32 DGX-2, a sequence of 1,024 tokens on each device, nothing overlapped, no network counted",
      "with more devices each has less of the optimizer to move, and what is left lies in faster memories",
    ],
    by: [offloadTraffic, placeStates, offloadSeconds],
    relation: "at least",
    derived: (catalog) =>
      Math.log(8 * offloadedRate(catalog, 32, 1) / offloadedRate(catalog, 4, 1)) / Math.log(8),
  }),
];

/** Claims about ZeRO that no sum decides. */
export const chapter18StateCitations: readonly Citation[] = [
  cite("d-zero-400-gpus", "the size of the cluster of a run, a report"),
  cite(
    "d-zero-8x-size",
    "over the largest model that others had trained until then, a report; what one device holds is derived beside",
  ),
  cite(
    "d-zero-10x-perf",
    "over the throughput that others had reached until then, a report",
  ),
];

/** A step of 60 billion parameters on so many groups of 16 V100. */
function onV100(catalog: Catalog, groups: number) {
  const place = {
    model: studiedModels.zero60,
    hardware: v100(catalog),
    devices: 16,
    stage: 2,
    dataParallel: groups,
    ...classic,
  } as const;
  const sequences = Math.max(1, largestMicroBatch({ ...place, memoryShare: 0.95 }, 1024));
  const step = dataParallelStep({
    ...place,
    batch: { sequences, tokens: 1024 },
    formats: halfFormats,
    efficiency: kernels,
  }, { name: "InfiniBand, a device's share", bandwidth: 6.25e9 });
  const modelRate = 16 * groups * step.flopsPerDevice;
  return { sequences, modelRate, rate: modelRate * step.own.hardwareFlops / step.own.modelFlops };
}

/** V100 that hold a trillion parameters with the activations of one sequence; groups of 16 are the step. */
function devicesForTrillion(catalog: Catalog): number {
  const one = (groups: number) =>
    trainingFootprint({
      model: studiedModels.trillion,
      hardware: v100(catalog),
      batch: { sequences: 1, tokens: 1024 },
      devices: 16,
      dataParallel: groups,
      stage: 3,
      states: parameterStates.infinity,
      memoryShare: 1,
      ...classic,
    });
  const { activations, capacity, states } = one(1);
  return 16 * Math.ceil(states.total / (capacity - activations.total));
}

/** Parameters whose states fit into all memories of one DGX-2. */
function machineParameters(catalog: Catalog): number {
  const [memory] = v100(catalog).memory;
  const all = 16 * dgx2Tiers(memory, 0).reduce((sum, { capacity }) => sum + capacity, 0);
  return parametersThatFit(all, { states: parameterStates.infinity });
}

/** Operations a second of one device in a cluster of DGX-2 that trains a trillion parameters. */
function offloadedRate(catalog: Catalog, machines: number, sequences: number): number {
  const model: Model = studiedModels.trillion, devices = 16 * machines;
  const hardware = v100(catalog), tokens = 1024;
  const traffic = offloadTraffic({ model, batch: { sequences, tokens }, recompute: "layers" });
  const own = {
    parameters: traffic.parameters / devices,
    optimizer: traffic.optimizer / devices,
    activations: traffic.activations,
  };
  const count = parameters(model).total / devices;
  const { weights, gradients, optimizer } = parameterStates.infinity;
  const placed = placeStates(
    {
      parameters: (weights + gradients) * count,
      optimizer: optimizer * count,
      activations: traffic.activations / 2, // there and back
    },
    own,
    dgx2Tiers(hardware.memory[0]),
  );
  const waiting = [...offloadSeconds(placed, own, "HBM").values()].reduce((sum, s) => sum + s, 0);
  return traffic.flops / (waiting + traffic.flops / (0.56 * peakRate(hardware, "fp16")));
}
