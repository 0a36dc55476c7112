import { findHardware, type Hardware } from "../catalog/mod.ts";
import {
  type AttentionInputs,
  blockedMultiply,
  fitTile,
  flashAttention,
  flashTraffic,
  lowerBoundFormula,
  plainAttention,
  smallCacheAttention,
  standardAttention,
  type StoredScoresResult,
  type Tile,
  TwoLevelMemory,
  unfusedTraffic,
} from "../attention/mod.ts";
import { Matrix, seeded } from "../numeric/mod.ts";
import { stepTime } from "../roofline/mod.ts";
import { operators } from "../transformer/mod.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";
import { exponent, prefillStep, shown } from "./measures.ts";

const [length, width] = [65_536, 64];
const counted = `${length.toLocaleString("en-US")} queries and keys of width ${width}`;
const sizes = [1, 2, 4, 8, 16, 32];

/** Chapter 07, traffic: what tiling moves, against what it could move at least. */
export const chapter07Traffic: readonly Derivation[] = [
  derive("a-flashattention-linear-memory", {
    assumptions: () => [
      "bytes of slow memory besides inputs and output, from 128 to 256 tokens; traffic stays quadratic",
      `where the scores are stored the exponent is ${
        shown(exponent((tokens) => extra(standardAttention, tokens), 128), 1)
      }`,
    ],
    by: [flashAttention, TwoLevelMemory],
    derived: () => exponent((tokens) => extra(flashAttention, tokens), 128),
  }),
  derive("a-flashattention-2-3x", {
    assumptions: () => [
      "a forward pass of GPT-2 in 16 bits over its longest context, on A100 40 GB, as a bound; scores and weights are each written and read where they are stored",
      `attention alone gains ${
        shown(fusedGain(courseCatalog, "attention"), 1)
      } x as a bound; in decode the whole step gains ${
        (100 * (fusedGain(courseCatalog, "decode") - 1)).toFixed(1)
      } %`,
    ],
    by: [operators, unfusedTraffic, stepTime],
    derived: (catalog) => fusedGain(catalog, "step"),
  }),
  derive("a-flashattention-exact", {
    assumptions: () => [
      "256 random tokens of width 32, causal, in tiles of 16 by 16; compared with attention in 64 bits",
      `rounded down to steps of 1e-6: in 32 bits the order of additions alone makes ${
        exactDifference().toExponential(0)
      }`,
    ],
    by: [flashAttention, plainAttention],
    derived: () => Math.floor(exactDifference() / 1e-6) * 1e-6,
  }),
  derive("b-data-locality", {
    assumptions: [
      "a product of two 64 x 64 matrices by way of a fast memory of 1 KiB; operations in the same number, in other order",
    ],
    by: [blockedMultiply, TwoLevelMemory],
    relation: "at least",
    proxy: {
      computes: "bytes moved value by value, over bytes moved tile by tile",
      unit: "x",
      threshold: 2,
    },
    derived: () => productTraffic({ rows: 1, columns: 1 }) / productTraffic(),
  }),
  derive("c-sram-10x-faster", {
    assumptions: () => [
      "shared memory of all multiprocessors against HBM; B200, the device of the document's other figures",
      `H100 ${shown(sramOverHbm(courseCatalog.hardware("nvidia-h100-sxm")), 1)} x`,
    ],
    by: [findHardware],
    derived: ({ hardware }) => sramOverHbm(hardware("nvidia-b200")),
    otherwise: {
      condition: "the device is an A100 80 GB",
      derived: ({ hardware }) => sramOverHbm(hardware("nvidia-a100-sxm-80gb")),
    },
  }),
  derive("c-flashattention-io", {
    assumptions: [
      `${counted}; fast memory of 16 d^2 and 32 d^2 values, all for one head, best tile; the claim names no M, and holds from d^2 to N d`,
      "N is squared in it: what is linear in N is the memory taken, not the traffic",
    ],
    by: [flashTraffic, fitTile],
    proxy: {
      computes: "exponent with which traffic changes with the fast memory M",
      unit: "exponent of M",
      threshold: -1,
    },
    derived: () => exponent((memory) => tiledValues(memory), 16 * width ** 2),
  }),
  derive("d-io-flash-upper-bound", {
    assumptions: [
      `${
        length.toLocaleString("en-US")
      } queries and keys of width 32 and 64, 65,536 values of fast memory, best tile`,
    ],
    by: [flashTraffic, fitTile],
    proxy: {
      computes: "exponent with which traffic changes with the width d",
      unit: "exponent of d",
      threshold: 2,
    },
    derived: () => exponent((d) => tiledValues(65_536, d), 32),
  }),
  derive("d-io-lower-bound-matches", {
    assumptions: [
      `${counted}; fast memory from d^2 to 32 d^2 values; the bound is a theorem that leaves its constant open, 1 is taken; "a constant factor" is read as: at most 8`,
    ],
    by: [flashTraffic, fitTile],
    relation: "at most",
    proxy: { computes: "largest ratio of traffic to the bound", unit: "x", threshold: 8 },
    derived: () =>
      Math.max(...sizes.map((times) => {
        const memory = times * width ** 2;
        return tiledValues(memory) / lowerBoundFormula.evaluate({ length, width, memory });
      })),
  }),
  derive("d-io-small-cache", {
    assumptions: [
      "256 queries and keys of width 64, fast memory of d^2/8 values; both run, every byte counted",
      "that it is optimal, too, is a theorem",
    ],
    by: [smallCacheAttention, flashAttention],
    relation: "at least",
    proxy: {
      computes: "bytes moved by FlashAttention, over those of the algorithm that stores the scores",
      unit: "x",
      threshold: 1,
    },
    derived: () => {
      const run = (attention: Attention) =>
        attention(zeros(256, width), { memory: new TwoLevelMemory(width ** 2 / 2) }).memory.traffic;
      return run(flashAttention) / run(smallCacheAttention);
    },
  }),
  derive("d-io-trivial-bound", {
    assumptions: ["128 queries and keys of width 32, a fast memory of 5 N d values"],
    by: [flashAttention, TwoLevelMemory],
    proxy: {
      computes: "values that FlashAttention writes, over the N d of the output",
      unit: "x",
      threshold: 1,
    },
    derived: () => {
      const memory = new TwoLevelMemory(4 * 5 * 128 * 32);
      return flashAttention(zeros(128, 32), { memory }).memory.bytesWritten / 4 / (128 * 32);
    },
  }),
];

type Attention = (
  inputs: AttentionInputs,
  options: { readonly memory: TwoLevelMemory },
) => StoredScoresResult;

function zeros(tokens: number, d: number): AttentionInputs {
  const matrix = () => Matrix.zeros(tokens, d);
  return { queries: matrix(), keys: matrix(), values: matrix() };
}

/** Bytes that an attention places in slow memory besides its inputs and its output. */
function extra(attention: Attention, tokens: number): number {
  const { memory } = attention(zeros(tokens, 16), { memory: new TwoLevelMemory(16_384) });
  return memory.arrays.filter(({ name }) => !["queries", "keys", "values", "output"].includes(name))
    .reduce((sum, { data }) => sum + data.byteLength, 0);
}

/** How many times longer a step takes at best, or its attention, when scores are stored. */
function fusedGain(
  { model, hardware }: Catalog,
  what: "step" | "attention" | "decode",
): number {
  const [gpt2, device] = [model("gpt2"), hardware("nvidia-a100-sxm-40gb")];
  const step = what === "decode"
    ? { phase: what, batch: 1, newTokens: 1, context: gpt2.maximumContext }
    : prefillStep(gpt2.maximumContext);
  const fused = operators(gpt2, step).filter(({ name }) =>
    what !== "attention" || name === "attention"
  );
  const { scores } = unfusedTraffic(gpt2, step);
  const stored = fused.map((row) =>
    row.name === "attention"
      ? { ...row, bytes: { ...row.bytes, activations: row.bytes.activations + scores } }
      : row
  );
  return stepTime(stored, device).seconds / stepTime(fused, device).seconds;
}

function exactDifference(): number {
  const random = seeded(7);
  const matrix = () => Matrix.zeros(256, 32).map(() => random.normal());
  const inputs = { queries: matrix(), keys: matrix(), values: matrix() };
  const wide = ({ rows, columns, data }: Matrix<Float32Array>) =>
    new Matrix(rows, columns, Float64Array.from(data));
  const { output } = flashAttention(inputs, { causal: true, tile: { rows: 16, columns: 16 } });
  const reference = plainAttention({
    queries: wide(inputs.queries),
    keys: wide(inputs.keys),
    values: wide(inputs.values),
  }, { causal: true });
  return Math.max(...output.data.map((value, i) => Math.abs(value - reference.data[i]!)));
}

/** Bytes that a small matrix product moves, with some of its outputs held; default: as many as fit. */
function productTraffic(size?: Tile): number {
  const memory = new TwoLevelMemory(1024);
  const matrix = (name: string) => ({
    array: memory.place(name, new Float32Array(64 * 64)),
    rowStride: 64,
    columnStride: 1,
  });
  const product = memory.place("product", new Float32Array(64 * 64));
  const [left, right] = [matrix("left"), matrix("right")];
  blockedMultiply(memory, {
    left,
    right,
    product,
    rows: 64,
    inner: 64,
    columns: 64,
    ...(size ? { size } : {}),
  });
  return memory.traffic;
}

function sramOverHbm({ memory, name }: Hardware): number {
  const shared = memory.find((tier) => tier.name.includes("shared memory"))?.bandwidth;
  if (!shared) {
    throw new RangeError(`Cannot compare memories as the catalog has no shared memory for ${name}`);
  }
  return shared / memory[0].bandwidth;
}

/** Values that FlashAttention moves with its best tile in a fast memory of so many values. */
function tiledValues(memory: number, d = width): number {
  const shape = { queries: length, keys: length, width: d, valueWidth: d };
  return Math.min(
    ...[1, 2, 4, 8, 16].map((short) =>
      flashTraffic(shape, fitTile(4 * memory, shape, "queries outer", short), "queries outer", 1)
    ),
  );
}
