import { findModel } from "../catalog/mod.ts";
import { seeded } from "../numeric/mod.ts";
import {
  BlockAllocator,
  BlockTable,
  decodeThroughput,
  drawLengths,
  pagedWaste,
  prefixSharingBlocks,
  type ReservationPolicy,
  reservationWaste,
  shareGpt,
  simulatePaging,
  simulateReservation,
  tokensPerPage,
} from "../paging/mod.ts";
import { once } from "../units/mod.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";

/** The memory for caches of the paper: OPT-13B on an A100 of 40 GB. */
const slots = 15_700;
const longest = 2048;
/** Tokens of prompt and answer together: the means of the paper. */
const mean = 161 + 338;
const [twoMebibytes, smallPage] = [2 ** 21, 2 ** 16];
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const played =
  "500 requests of the lengths of ShareGPT's conversations, all waiting, in the 15,700 places of OPT-13B on an A100 of 40 GB";
const requests = once(() => drawLengths(shareGpt, 500, seeded(11)));
const occupancies = once(() =>
  Object.fromEntries(
    (["maximum", "power of two", "oracle"] as const).map((policy) => [
      policy,
      simulateReservation(requests(), { places: slots, policy, maximum: longest }),
    ]),
  )
);
const reserved = (policy: ReservationPolicy) => occupancies()[policy]!;
const paged = once(() => simulatePaging(requests(), { places: slots }));
const device = { hardware: "nvidia-a100-sxm-80gb", model: "opt-13b", context: 440 };

/** Chapter 11, blocks: who reserves what, and what stays empty. */
export const chapter11Blocks: readonly Derivation[] = [
  derive("c-kv-waste-80pct", {
    assumptions: () => [
      `${played}; ${longest.toLocaleString("en-US")} places reserved for each by a buddy allocator`,
      `most of it is over-reservation and not fragmentation: ${
        percent(reserved("maximum").internal)
      } is set aside for tokens that never come, ${
        percent(reserved("maximum").reserved)
      } for those that will come, ${percent(reserved("maximum").external)} lies in rests too small`,
      `a conversation of ${mean} tokens leaves ${
        percent(reservationWaste(mean, longest))
      } of its own reservation empty in the end`,
    ],
    by: [simulateReservation],
    derived: () => 100 * (1 - reserved("maximum").tokens),
  }),
  derive("a-paged-waste-40pct", {
    assumptions: () => [
      `${played}; the longest sequence reserved for each`,
      `no policy of the paper is as good as 40 %: with powers of two it is ${
        percent(1 - reserved("power of two").tokens)
      }, and when the length is known in advance ${percent(1 - reserved("oracle").tokens)}`,
    ],
    by: [simulateReservation],
    derived: () => 100 * (1 - reserved("maximum").tokens),
    otherwise: {
      condition:
        "each length is known in advance, and what rounding to powers of two loses is not counted",
      derived: () => {
        const { tokens, reserved: later } = reserved("oracle");
        return 100 * later / (tokens + later);
      },
    },
  }),
  derive("a-paged-near-zero-fragmentation", {
    assumptions: [
      "200 blocks of 16 tokens; sequences grow by one token at random, and one ends when a block is refused",
      "external fragmentation: blocks that are free when one is refused, in percent, at most; any free block will do, so it is nothing at all",
    ],
    by: [BlockAllocator, BlockTable],
    derived: freeWhenRefused,
  }),
  derive("c-paged-near-zero", {
    assumptions: () => [
      `${played}, in blocks of 16; what stays empty is ${percent(1 - paged().tokens)}: ${
        percent(paged().reserved)
      } at the ends of last blocks, the rest kept free so that others can grow`,
      `of a conversation of ${mean} tokens half a block is empty in the end, ${
        percent(pagedWaste(mean, 16))
      }; rounded down to steps of 4 %, as the paper says "under 4 %"`,
    ],
    by: [simulatePaging],
    derived: () => 4 * Math.floor(100 * (1 - paged().tokens) / 4),
  }),
  derive("a-paged-2-4x-throughput", {
    assumptions: () => [
      "tokens a second of a full A100 of 80 GB with OPT-13B at 440 tokens each, about what a running request has: what fits with paging over what fits with the longest reserved, by the shares of memory that hold tokens, as played with 500 requests; at best, and without prompts",
      `on the 40 GB of the paper, where less is left for caches, ${
        gain(courseCatalog, "maximum", "nvidia-a100-sxm-40gb").toFixed(1)
      } x, and ${
        gain(courseCatalog, "oracle", "nvidia-a100-sxm-40gb").toFixed(1)
      } x over one that knows all lengths`,
    ],
    by: [decodeThroughput, simulatePaging, simulateReservation],
    derived: (catalog) => gain(catalog, "maximum"),
  }),
  derive("a-paged-prefix-sharing", {
    assumptions: () => [
      "prefixes of 1 to 100 tokens, shared by 1 to 8 sequences that go on for 0 to 40 tokens each, in blocks of 16, played with tables that copy on write",
      `full blocks are stored once; a last block that is half full is copied by all who go on but one. 4 answers of 64 tokens to 1,000: ${
        prefixSharingBlocks(1000, [64, 64, 64, 64]).shared
      } blocks, and ${prefixSharingBlocks(1000, [64, 64, 64, 64]).separate} without sharing`,
    ],
    by: [BlockTable, prefixSharingBlocks],
    proxy: {
      computes: "blocks that tables take over those of the formula, all cases together",
      unit: "x",
      threshold: 1,
    },
    derived: sharedOverFormula,
  }),
  derive("d-vattention-page-waste", {
    assumptions: () => [
      `Llama 3.1 8B in 16 bits, pages of 2 MiB, each for the keys or the values of one layer: ${
        tokensOf(twoMebibytes)
      } tokens; conversations of ${mean} tokens, the mean of the paper on paging`,
      `nothing is reserved, and kernels stay as they are; but a page that large is a reservation again. At 16,000 tokens it wastes ${
        percent(pagedWaste(16_000, tokensOf(twoMebibytes)))
      }`,
    ],
    by: [tokensPerPage, pagedWaste],
    relation: "at most",
    proxy: {
      computes: "share of the mapped memory that stays empty",
      unit: "%",
      threshold: 4,
    },
    derived: () => 100 * pagedWaste(mean, tokensOf(twoMebibytes)),
    otherwise: {
      condition: () =>
        `pages have 64 KiB, which are ${tokensOf(smallPage)} tokens and need another driver`,
      derived: () => 100 * pagedWaste(mean, tokensOf(smallPage)),
    },
  }),
];

const kernels =
  "measured with kernels of one year; a block table adds four bytes to those of each block, so the difference is in how kernels were written and not in what they move";

/** Claims about blocks that are only cited. */
export const chapter11BlockCitations: readonly Citation[] = [
  cite("c-page-size-16", "what an engine chose; what follows of it is derived"),
  cite("d-vattention-decode", kernels),
  cite("d-vattention-prefill-fa", kernels),
  cite("d-vattention-prefill-fi", kernels),
];

function tokensOf(pageBytes: number): number {
  return tokensPerPage(findModel("llama-3.1-8b"), pageBytes);
}

/** Tokens a second with paging over those with a reservation, on a device that is full either way. */
function gain(
  { model, hardware }: Catalog,
  policy: ReservationPolicy,
  card = device.hardware,
): number {
  const full = {
    model: model(device.model),
    hardware: hardware(card),
    context: device.context,
    memoryShare: 0.97,
  };
  const rate = (occupied: number) => decodeThroughput({ ...full, occupied }).tokensPerSecond;
  return rate(paged().tokens) / rate(reserved(policy).tokens);
}

/** The most blocks, in percent, that were free when a sequence was refused one. */
function freeWhenRefused(): number {
  const random = seeded(11);
  const allocator = new BlockAllocator(200, 16);
  const tables = Array.from({ length: 12 }, () => new BlockTable(allocator));
  let most = 0;
  for (let step = 0; step < 20_000; step++) {
    if (tables[random.integer(tables.length)]!.append() >= 0) continue;
    most = Math.max(most, allocator.free);
    tables[random.integer(tables.length)]!.release();
  }
  return 100 * most / allocator.blocks;
}

function sharedOverFormula(): number {
  const random = seeded(12);
  let [played, formula] = [0, 0];
  for (let round = 0; round < 100; round++) {
    const prefix = 1 + random.integer(100);
    const suffixes = Array.from({ length: 1 + random.integer(8) }, () => random.integer(41));
    const allocator = new BlockAllocator(200, 16);
    const first = new BlockTable(allocator);
    for (let token = 0; token < prefix; token++) first.append();
    const tables = suffixes.map((_, index) => index === 0 ? first : first.fork());
    tables.forEach((table, index) => {
      for (let token = 0; token < suffixes[index]!; token++) table.append();
    });
    played += allocator.blocks - allocator.free;
    formula += prefixSharingBlocks(prefix, suffixes).shared;
  }
  return played / formula;
}
