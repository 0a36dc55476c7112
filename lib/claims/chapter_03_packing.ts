import type { Model } from "../catalog/mod.ts";
import { seeded } from "../numeric/mod.ts";
import {
  encodedRange,
  fromBitPlanes,
  multiplyBitPlanes,
  packCodes,
  packSherry,
  sherryBlock,
  sherryCode,
  sparseTernarize,
  ternarize,
  toBitPlanes,
} from "../quantization/mod.ts";
import { operators, traffic } from "../transformer/mod.ts";
import { type Derivation, derive } from "./derivation.ts";
import { decodeStep, movingWeights } from "./measures.ts";

/** Chapter 03, the fewest bits: ternary weights and how they are packed, and numbers of single bits. */
export const chapter03Packing: readonly Derivation[] = [
  derive("d-sherry-1-25-bit", {
    assumptions: [
      "4,096 Gaussian weights, packed; the one scale of a tensor or row is not counted",
    ],
    by: [sparseTernarize, packSherry],
    derived: () => 8 * packSherry(sparseTernarize(gaussian()).codes).length / gaussian().length,
  }),
  derive("d-sherry-5-bits-4-weights", {
    assumptions: ["all blocks of four with exactly one zero, counted by their codes"],
    by: [sherryBlock, sherryCode],
    derived: () => {
      const blocks = ternaryBlocks().filter((block) => block.filter((w) => w === 0).length === 1);
      return Math.log2(new Set(blocks.map(sherryCode)).size);
    },
  }),
  derive("d-sherry-1-67-bit-packing", {
    assumptions: [
      "three weights as one of 27 numbers, in 5 bits; the library packs five in a byte, 1.6 bits each",
    ],
    by: [packCodes],
    derived: denseTernaryBits,
  }),
  derive("d-sherry-2-bit-packing", {
    assumptions: ["each weight as a code of its own"],
    by: [ternarize, packCodes],
    derived: () => 8 * packCodes(ternarize(gaussian()).codes, 2).length / gaussian().length,
  }),
  derive("d-sherry-25pct-bit-saving", {
    assumptions: [
      "against three weights in 5 bits; against five in a byte, which is denser, it is less",
    ],
    by: [packSherry, packCodes],
    derived: () =>
      100 *
      (1 - 8 * packSherry(new Int8Array(96).map((_, i) => i % 4 && 1)).length / 96 /
          denseTernaryBits()),
  }),
  derive("d-sherry-3-4-sparsity", {
    assumptions: ["4,096 Gaussian weights"],
    by: [sparseTernarize],
    derived: () =>
      100 * sparseTernarize(gaussian()).codes.filter((code) => code !== 0).length /
      gaussian().length,
  }),
  derive("d-sherry-10pct-speedup", {
    assumptions: [
      "the bytes of a decode step at 5/3 bits over those at 5/4, one sequence of 512 tokens: the processor's bandwidth cancels",
      "the table of tokens, which is the head too, stays in 16 bits; that codes of 5 bits are easier to unpack is not counted",
    ],
    by: [operators, traffic],
    relation: "at least",
    derived: ({ model }) => sherrySpeedup(model("llama-3.2-1b"), 16),
    otherwise: {
      condition: "that table is stored in 8 bits",
      derived: ({ model }) => sherrySpeedup(model("llama-3.2-1b"), 8),
    },
  }),
  derive("d-apllm-bipolar-format", {
    assumptions: [
      "every number of 1 to 4 bipolar bits against the stated sum, the two ends of the range against each other, and products of bit planes against plain ones",
    ],
    by: [toBitPlanes, encodedRange, multiplyBitPlanes],
    relation: "at most",
    proxy: { computes: "largest difference", unit: "units", threshold: 0 },
    derived: () => Math.max(...[1, 2, 3, 4].map(bipolarDifference)),
  }),
];

function gaussian(): Float32Array<ArrayBuffer> {
  const source = seeded(7);
  return Float32Array.from({ length: 4096 }, () => source.normal());
}

/** The 81 ways to write four of -1, 0 and 1. */
function ternaryBlocks(): number[][] {
  return Array.from(
    { length: 3 ** 4 },
    (_, n) => [0, 1, 2, 3].map((i) => Math.floor(n / 3 ** i) % 3 - 1),
  );
}

/** Three ternary weights as one number below 27, in as few bits as that takes; so many a weight. */
function denseTernaryBits(): number {
  const [together, count] = [3, 96];
  const triples = new Uint8Array(count / together).fill(3 ** together - 1);
  return 8 * packCodes(triples, Math.ceil(Math.log2(3 ** together))).length / count;
}

/** How much less moves with Sherry than with dense ternary packing, in percent. */
function sherrySpeedup(model: Model, tableBits: number): number {
  const rows = operators(model, decodeStep(512));
  const moved = (bits: number) =>
    rows.map((row) => {
      const own = /^(embedding|head)$/.test(row.name) ? tableBits : bits;
      return traffic(movingWeights(row, (bytes) => bytes * own / 16));
    }).reduce((sum, bytes) => sum + bytes, 0);
  return 100 * (moved(denseTernaryBits()) / moved(5 / 4) - 1);
}

/** How far bipolar numbers of so many bits are from what is said of them, at most. */
function bipolarDifference(bits: number): number {
  const [low, high] = encodedRange(bits, "bipolar");
  const numbers = Array.from(
    { length: 2 ** bits },
    (_, code) =>
      Array.from({ length: bits }, (_, i) => (2 * (code >> i & 1) - 1) * 2 ** i).reduce((a, b) =>
        a + b
      ),
  );
  const planes = toBitPlanes(numbers, numbers.length, bits, "bipolar");
  const restored = fromBitPlanes(planes);
  const [product] = multiplyBitPlanes(planes, planes);
  const plain = numbers.reduce((sum, number) => sum + number * number, 0);
  return Math.max(
    Math.abs(low + high),
    Math.abs(product! - plain),
    ...numbers.map((number, i) => Math.abs(number - restored[i]!)),
  );
}
