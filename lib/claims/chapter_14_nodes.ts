import { findMemoryLink, findMemoryNode } from "../catalog/mod.ts";
import { ringAllReduce, tensorParallelStep } from "../disaggregation/mod.ts";
import {
  type AddingMemory,
  compositionTime,
  fusedChain,
  machinesFor,
  runForSpeedup,
  sharedMemoryAllReduce,
  smallestLocal,
  switchTime,
} from "../memory/mod.ts";
import { weightBytes } from "../roofline/mod.ts";
import { type Formats, halfPrecision, operators, parameters } from "../transformer/mod.ts";
import { once } from "../units/mod.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";
import { decodeStep, shown } from "./measures.ts";

const sn40l = once(() => findMemoryNode("sambanova-sn40l"));
const fengHuang = once(() => findMemoryNode("fenghuang-4"));
const capacity = () => sn40l().sockets * sn40l().tiers[2]!.capacity;
const ownWay = () => sn40l().sockets * sn40l().tiers[2]!.bandwidth!;
const oneLink = {
  h100: () => findMemoryLink("pcie-5-x16").bandwidth,
  a100: () => findMemoryLink("pcie-4-x16").bandwidth,
};
const published = { h100: 3.7, a100: 6.6 };
const eightBits = { weights: "fp8", cache: "fp8", activations: "bf16" } as const;

/** What FengHuang's remote memory is said to be; a way of its own for each GPU. */
const adding = once((): AddingMemory => ({
  bandwidth: fengHuang().tiers[1]!.bandwidth!,
  write: 90e-9,
  read: 220e-9,
  notify: 40e-9,
}));

/** Chapter 14, nodes of several tiers: SambaNova's SN40L, and FengHuang. */
export const chapter14Nodes: readonly Derivation[] = [
  derive("d-sn40l-150-experts", {
    assumptions: [
      "models of the size of Llama 2 7B in BF16, whole, in the DDR of a node of eight sockets: as many as fit",
      "150 is what the authors put in",
    ],
    by: [machinesFor, weightBytes],
    relation: "at least",
    derived: (catalog) => Math.floor(capacity() / expertBytes(catalog)),
  }),
  derive("d-sn40l-1t-parameters", {
    assumptions: ["150 models of the size of Llama 2 7B"],
    by: [parameters],
    derived: ({ model }) => 150 * parameters(model("llama-2-7b")).total / 1e12,
  }),
  derive("d-sn40l-fusion-speedup", {
    assumptions: [
      "the operators of a decoder layer of Llama 2 7B as one chain, one sequence, weights split over eight devices with the bandwidth of an H100, as that of the chip was not read; kernels start in no time",
      "a chain without weights gains as many times as it has operators, 13 of them 13 times; one with weights gains next to nothing for one token",
    ],
    by: [fusedChain, operators],
    derived: (catalog) => fusion(catalog, 0),
    otherwise: {
      condition: "each of the unfused kernels takes 5 µs to start",
      derived: (catalog) => fusion(catalog, 5e-6),
    },
  }),
  derive("d-sn40l-footprint-19x", {
    assumptions: () => [
      "as many models of the size of Llama 2 7B as fill the DDR of a node, against machines of eight H100 that hold whole models in HBM",
      `for the 150 of Samba-CoE it is ${
        machinesFor(150, expertBytes(courseCatalog), dgx(courseCatalog))
      }; an A100 machine has as much memory, and the DRAM of the host is not counted`,
    ],
    by: [machinesFor],
    derived: (catalog) => {
      const bytes = expertBytes(catalog);
      return machinesFor(Math.floor(capacity() / bytes), bytes, dgx(catalog));
    },
  }),
  derive("d-sn40l-model-switch", {
    assumptions: () => [
      "7 billion parameters in BF16 from DDR to HBM in a node of eight sockets, 125 GB/s each; in a DGX H100 each GPU loads its part over a link of its own",
      `over one link an A100, on PCIe 4.0, needs ${
        shown(ownWay() / oneLink.a100())
      } times as long: the upper end is one generation of the link`,
    ],
    by: [switchTime],
    derived: () => switching(8 * oneLink.h100()) / switching(ownWay()),
    otherwise: {
      condition: "a DGX H100 loads the whole model over one link of PCIe 5.0 x16",
      derived: () => switching(oneLink.h100()) / switching(ownWay()),
    },
  }),
  ...(["h100", "a100"] as const).map((device) =>
    derive(`d-sn40l-vs-dgx-${device}`, {
      assumptions: () => [
        `every request switches to another model of 14 GB, and runs equally long on both; each GPU of a DGX ${device.toUpperCase()} loads its part over a link of its own: the most that any run can give`,
        `with a link of its own for each GPU the DGX switches ${
          shown(switching(8 * oneLink[device]()) / switching(ownWay()))
        } times as slowly; over one link ${
          shown(switching(oneLink[device]()) / switching(ownWay()))
        } times`,
      ],
      by: [compositionTime, runForSpeedup, switchTime],
      derived: () => coeSpeedup(0, 8 * oneLink[device]()),
      otherwise: {
        condition: () =>
          `the DGX loads over one link, and a request runs ${
            shown(1e3 * otherRun(device))
          } ms: what the other figure, ${
            device === "h100" ? "6.6 over a DGX A100" : "3.7 over a DGX H100"
          }, asks for`,
        derived: () => coeSpeedup(otherRun(device), oneLink[device]()),
      },
    })
  ),
  derive("d-sn40l-three-tiers", {
    assumptions: ["one socket: SRAM on the chip, HBM in the package, DDR5 beside it"],
    by: [findMemoryNode],
    derived: () => sn40l().tiers.length,
  }),
  derive("d-fenghuang-93pct", {
    assumptions: () => [
      "simulated: Qwen3-235B in FP8 on four H200, 8 sequences of 4,000 + 1,000 tokens; layers are paged in from remote memory through two buffers, which may cost a tenth of the time; the least local memory, against all of it local",
      "remote memory as fast as HBM, 4.8 TB/s for each GPU, and experts known a layer ahead",
      `with half of that bandwidth ${
        shown(savedLocally(courseCatalog, 2.4e12))
      } % are saved, with a quarter ${shown(savedLocally(courseCatalog, 1.2e12))} %`,
      `the figure itself is a ratio of two configurations: four GPUs with 20 GB each, in place of eight with 144 GB, is ${
        shown(100 * (1 - fengHuang().sockets * fengHuang().tiers[0]!.capacity / (8 * 144e9)))
      } % less`,
    ],
    by: [smallestLocal],
    relation: "at least",
    derived: (catalog) => savedLocally(catalog, adding().bandwidth),
  }),
  derive("d-fenghuang-50pct-gpus", {
    assumptions: () => [
      "Qwen3-235B in FP8, a decode step of 8 sequences with 2,000 tokens; as few H200 that add up in remote memory as are no slower than eight with NVLink 4, as if parts of a GPU could be had",
      "reads from remote memory hide, and messages take no time: then nothing is saved, as half of the GPUs read half as fast",
      `GPT-3 in BF16, a dense model, saves ${
        shown(savedDevices(courseCatalog, 1.75e-6, "gpt-3-175b", halfPrecision))
      } % with messages of 1.75 µs: the more bytes a step reads, the less there is to save`,
    ],
    by: [tensorParallelStep, sharedMemoryAllReduce],
    relation: "at least",
    derived: (catalog) => savedDevices(catalog, 0),
    otherwise: {
      condition:
        "each message of the ring takes 1.75 µs to start, as the 70 times of the other claim ask for",
      derived: (catalog) => savedDevices(catalog, 1.75e-6),
    },
  }),
  derive("d-fenghuang-comm-16-70x", {
    assumptions: () => [
      "1 GB on four GPUs: a ring over NVLink 4, 450 GB/s, against a write and a read of remote memory at 4.8 TB/s, which overlap; messages count for nothing",
      `1 KB on eight GPUs, where only messages count: ${
        shown(reduceSpeedup(courseCatalog, 1024, 8, 1.75e-6))
      } times, if a message of the ring takes 1.75 µs to start, which is the free parameter`,
    ],
    by: [ringAllReduce, sharedMemoryAllReduce],
    derived: (catalog) => reduceSpeedup(catalog, 1e9, 4, 0),
  }),
];

/** Weights of one of Samba-CoE's models. */
function expertBytes({ model }: Catalog): number {
  return weightBytes(model("llama-2-7b"));
}

/** Memory of a machine with eight H100. */
function dgx({ hardware }: Catalog): number {
  return 8 * hardware("nvidia-h100-sxm").memory[0].capacity;
}

function fusion({ model, hardware }: Catalog, launch: number): number {
  const llama = model("llama-2-7b");
  const layers = llama.layers.reduce((sum, { count }) => sum + count, 0);
  const rows = operators(llama, decodeStep(500)).filter((row) => row.layers === layers);
  const weights = rows.reduce((sum, { bytes }) => sum + bytes.weights + bytes.cache, 0) / layers;
  const { bandwidth } = hardware("nvidia-h100-sxm").memory[0];
  return fusedChain(rows.length, 2 * llama.hiddenSize, { bandwidth, launch }, weights / 8).speedup;
}

/** Seconds to switch to a model of 7 billion parameters. */
function switching(bandwidth: number): number {
  return switchTime(14e9, bandwidth);
}

/** The run that explains the published speedup over the other machine, when everything goes over one link. */
function otherRun(device: "h100" | "a100"): number {
  const other = device === "h100" ? "a100" : "h100";
  return runForSpeedup(published[other], switching(oneLink[other]()), switching(ownWay()));
}

/** How many times as fast the node is as a machine that loads over a way of its own, when every request switches. */
function coeSpeedup(run: number, bandwidth: number): number {
  const seconds = (way: number) =>
    compositionTime({ models: 150, bytes: 14e9, fast: 512e9, bandwidth: way, run }, 1).seconds;
  return seconds(bandwidth) / seconds(ownWay());
}

/** Percent of local memory that can be done without, if a step may be a tenth slower. */
function savedLocally({ model, hardware }: Catalog, bandwidth: number): number {
  const remote = { name: "remote", capacity: 1e12, bandwidth };
  return 100 * smallestLocal(
    {
      model: model("qwen3-235b-a22b"),
      hardware: hardware("nvidia-h200-sxm"),
      devices: fengHuang().sockets,
      formats: eightBits,
    },
    { promptTokens: 4000, outputTokens: 1000, batch: 8 },
    remote,
    1.1,
  ).saved;
}

/** Percent of eight GPUs that can be done without when their sums are made in memory; below zero when more are needed. */
function savedDevices(
  { model, hardware }: Catalog,
  latency: number,
  name = "qwen3-235b-a22b",
  formats: Formats = eightBits,
): number {
  const large = model(name);
  const group = { model: large, hardware: hardware("nvidia-h200-sxm"), devices: 8, formats };
  const step = decodeStep(2000, 8);
  const layers = large.layers.reduce((sum, { count }) => sum + count, 0);
  const sums = 2 * layers * sharedMemoryAllReduce(8 * 2 * large.hiddenSize, adding());
  const { own, seconds } = tensorParallelStep(group, step, latency);
  return 100 * (1 - own / (seconds - sums));
}

function reduceSpeedup(
  { hardware }: Catalog,
  bytes: number,
  devices: number,
  latency: number,
): number {
  const { bandwidth } = hardware("nvidia-h200-sxm").links[0]!;
  return ringAllReduce(bytes, { devices, bandwidth, latency }) /
    sharedMemoryAllReduce(bytes, adding());
}
