import {
  bandwidthGain,
  busTrafficRatio,
  internalBandwidth,
  layerPipeline,
  rowEfficiency,
  scanRate,
  severalPims,
  withoutPowerLimit,
} from "../pim/mod.ts";
import { peakRate } from "../roofline/mod.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { shown } from "./measures.ts";

/** Banks of a stack of HBM-PIM: 16 in a pseudo channel, 4 of these in a die, 4 dies that compute. */
const hbmPimBanks = 16 * 4 * 4;

/** Chapter 15, what memories have inside: units, bandwidth, and what a scan gains. */
export const chapter15Inside: readonly Derivation[] = [
  derive("a-upmem-dpus-per-module", {
    assumptions: [
      "16 chips of 8 cores on a module; twenty modules, one server of the vendor's, have 2,560",
      'this is the low end of "hundreds"',
    ],
    by: [severalPims],
    derived: ({ pim }) => severalPims(pim("upmem-dimm"), 1).pim.units,
  }),
  derive("a-upmem-10x-speedup", {
    assumptions: () => [
      "twenty modules, as fast as measured: 2 bytes a cycle at 350 MHz, one addition in six cycles; against one socket of a Xeon 8480+ with 307 GB/s; one comparison of each number of 64 bits",
      `with an operation for each byte the modules are ${
        shown(1 / scanGain(courseCatalog, 1, "socket"))
      } times slower than that socket`,
      "reading alone; the host gets results over the modules' ordinary pins, and cannot read while cores run",
    ],
    by: [scanRate, severalPims],
    relation: "at least",
    derived: (catalog) => scanGain(catalog, 1 / 8, "socket"),
    otherwise: {
      condition:
        "a CPU of that time, with six channels of the same memory: the scan waits for arithmetic, the CPU for its pins",
      derived: (catalog) => scanGain(catalog, 1 / 8, "six channels"),
    },
  }),
  derive("a-hbmpim-1-2-tflops", {
    assumptions: [
      "one stack: a unit of 16 lanes for two of 256 banks, two operations in each lane and cycle, 300 MHz, fp16",
    ],
    by: [peakRate],
    derived: ({ pim }) => peakRate(pim("samsung-hbm-pim"), "fp16") / 1e12,
  }),
  derive("a-hbmpim-mac-per-bank", {
    assumptions: [
      "what all units read in a cycle, over what 256 banks could give: two banks share a unit, which reads one of them at a time; a unit in each bank is in GDDR6-AiM",
      "with 256 units of the same kind the stack would have twice the 1.2 TFLOP/s that another claim states",
    ],
    by: [internalBandwidth],
    derived: ({ pim }) => {
      const device = pim("samsung-hbm-pim");
      const { bytesPerCycle, clock } = device.pim;
      return internalBandwidth(device) / (hbmPimBanks * bytesPerCycle * clock);
    },
  }),
  derive("a-pim-10x-bandwidth", {
    assumptions: () => [
      "HBM-PIM, the memory of this kind that was built: bytes a second of all its units, over those of its own pins",
      `while rows are opened nothing is read, which leaves ${
        shown(
          bandwidthGain(courseCatalog.pim("samsung-hbm-pim")) *
            rowEfficiency(courseCatalog.pim("samsung-hbm-pim")),
        )
      } times; GDDR6-AiM promises 16 and keeps ${
        shown(
          bandwidthGain(courseCatalog.pim("sk-hynix-gddr6-aim")) *
            rowEfficiency(courseCatalog.pim("sk-hynix-gddr6-aim")),
        )
      }`,
      "usable by work with next to no arithmetic: one operation for each byte",
    ],
    by: [bandwidthGain, rowEfficiency, withoutPowerLimit],
    relation: "at least",
    derived: ({ pim }) => bandwidthGain(pim("samsung-hbm-pim")),
    otherwise: {
      condition:
        "a unit in every bank, all reading at once with no limit of power, and before rows are opened: AttAcc's design, of which 9 are left with the limit",
      derived: ({ pim }) => bandwidthGain(withoutPowerLimit(pim("attacc-bank"))),
    },
  }),
  derive("a-pim-cuts-data-movement", {
    assumptions: () => [
      "one square matrix as wide as Llama 3.1 8B, times one vector; bytes over the pins only, as the matrix leaves its cells all the same",
      `32 vectors at once would share one reading of the matrix: then it is ${
        shown(busRatio(courseCatalog, 32))
      } times`,
    ],
    by: [busTrafficRatio],
    relation: "at least",
    derived: (catalog) => busRatio(catalog, 1),
  }),
];

/** Claims about these memories that are only cited. */
export const chapter15InsideCitations: readonly Citation[] = [
  cite(
    "a-upmem-10x-energy",
    () =>
      `the vendor's figure, for a scan and a CPU that it does not name; twenty modules without the host that they need read ${
        shown(scanPerWatt(courseCatalog))
      } times as many bytes for a watt as one socket of today at its thermal design power`,
  ),
  cite(
    "a-cent-32-devices",
    () =>
      `a choice of the authors; with it the 80 layers of Llama 2 70B lie three to a device on ${
        centPipeline(courseCatalog).devicesUsed
      } of the 32, and the bound is ${
        centPipeline(courseCatalog).tokensPerSecond.toFixed(0)
      } tokens a second for 80 sequences of 2,304 tokens, where the authors' simulator finds 1,151`,
  ),
  cite(
    "b-cim-definition",
    "a definition, and not the usual one: computing in memory is arithmetic in or beside the arrays of cells, so that operands need not cross the pins; keeping data in a GPU's memory rather than on disk is caching",
  ),
];

/** Bytes a second that twenty modules scan, over those of a CPU. */
function scanGain(
  { pim, hardware }: Catalog,
  intensity: number,
  cpu: "socket" | "six channels",
): number {
  const module = pim("upmem-dimm");
  const socket = hardware("intel-xeon-8480plus");
  const [main, ...rest] = socket.memory;
  const baseline = cpu === "socket"
    ? socket
    : { ...socket, memory: [{ ...main, bandwidth: 6 * module.pim.external }, ...rest] as const };
  return scanRate(severalPims(module, 20), intensity) / scanRate(baseline, intensity);
}

function scanPerWatt(catalog: Catalog): number {
  const modules = severalPims(catalog.pim("upmem-dimm"), 20);
  const watts = catalog.hardware("intel-xeon-8480plus").power! / modules.power!;
  return scanGain(catalog, 1 / 16, "socket") * watts;
}

function busRatio({ model }: Catalog, batch: number): number {
  const { hiddenSize } = model("llama-3.1-8b");
  return busTrafficRatio(hiddenSize, hiddenSize, batch);
}

function centPipeline({ model, pim }: Catalog) {
  return layerPipeline({
    model: model("llama-2-70b"),
    device: pim("cent-device"),
    devices: 32,
    context: 2304,
    channels: 32,
  });
}
