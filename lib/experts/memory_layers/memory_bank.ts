import { type Tier, tierBandwidth } from "../../memory/mod.ts";
import { type Bytes, requireInteger, requirePositive, type Seconds } from "../../units/mod.ts";

/** Blocks of one level of a hierarchy. Each belongs to one block of the level above, as a cluster of texts to a larger one. */
export interface BankLevel {
  readonly blocks: number;
  /** Parameters of one block. */
  readonly parameters: number;
  /** Where the blocks of the level lie. */
  readonly tier: Tier;
}

/** A small model with a bank of blocks, of which it carries one of each level at a time. */
export interface MemoryBank {
  /** Parameters that always work. */
  readonly anchor: number;
  /** From the most general level to the most special. */
  readonly levels: readonly BankLevel[];
  /** Of one parameter. Default 2. */
  readonly bytesPerParameter?: number;
}

/** What a bank takes. */
export interface BankCosts {
  /** Parameters of all blocks, of those fetched for a context, and of those that then work. */
  readonly bank: number;
  readonly fetched: number;
  readonly active: number;
  /** The share of the bank that is fetched, and how much larger the model is for it. */
  readonly fetchedShare: number;
  readonly activeOverAnchor: number;
  /** Bytes in the memory that computes; and elsewhere, for each level. */
  readonly resident: Bytes;
  readonly stored: readonly Bytes[];
  /** Bytes that move for a new context, and how long that takes, one level after another. */
  readonly moved: Bytes;
  readonly seconds: Seconds;
}

/**
 * What does a model cost that fetches its knowledge by context? It computes and holds little more than its anchor, while the
 * bank lies where memory is cheap, and one block of each level is brought when the context changes. A mixture asks anew at
 * each token and layer; a bank asks once for a text, so that even flash is fast enough.
 *
 * Contexts that are near share their general blocks: then only the levels from `changed` on are brought.
 *
 * Source: Pouransari et al., "Pretraining with Hierarchical Memories" (arXiv 2510.02375).
 *
 * @param changed The first level whose block differs from the one carried. Default 0: all are brought.
 * @throws {RangeError} when a size is out of range.
 * @example An anchor of 160 million, 18 million fetched of 4.6 billion; how the levels share them is made up here
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findMemory } from "@fewer-bytes/catalog";
 * import { bankCosts } from "@fewer-bytes/experts";
 *
 * const tier = findMemory("ufs-3.1");
 * const levels = [{ blocks: 16, parameters: 13e6, tier }, { blocks: 878, parameters: 5e6, tier }];
 * const { fetchedShare, activeOverAnchor, moved, seconds } = bankCosts({ anchor: 160e6, levels });
 * assertAlmostEquals(fetchedShare, 0.0039, 1e-4);
 * assertAlmostEquals(activeOverAnchor, 1.11, 0.005);
 * assertAlmostEquals(moved, 36e6);
 * assertAlmostEquals(seconds, 17.3e-3, 0.1e-3);
 * ```
 */
export function bankCosts(
  { anchor, levels, bytesPerParameter = 2 }: MemoryBank,
  changed = 0,
): BankCosts {
  requirePositive(anchor, "size a memory bank", "the anchor");
  requirePositive(bytesPerParameter, "size a memory bank", "bytesPerParameter");
  requireInteger(levels.length, 1, "size a memory bank", "the number of levels");
  requireInteger(changed, 0, "size a memory bank", "the first changed level");
  let bank = 0, fetched = 0, moved = 0, seconds = 0;
  levels.forEach(({ blocks, parameters, tier }, level) => {
    requireInteger(blocks, 1, "size a memory bank", "the blocks of a level");
    requirePositive(parameters, "size a memory bank", "the parameters of a block");
    bank += blocks * parameters;
    fetched += parameters;
    if (level < changed) return;
    const bytes = parameters * bytesPerParameter;
    moved += bytes;
    seconds += (tier.latency ?? 0) + bytes / tierBandwidth(tier);
  });
  const active = anchor + fetched;
  return {
    bank,
    fetched,
    active,
    fetchedShare: fetched / bank,
    activeOverAnchor: active / anchor,
    resident: active * bytesPerParameter,
    stored: levels.map(({ blocks, parameters }) => blocks * parameters * bytesPerParameter),
    moved,
    seconds,
  };
}

/**
 * How many tokens must a context last, until fetching is a small part of all time?
 *
 * @param fetch Seconds to bring the blocks.
 * @param token Seconds of one token.
 * @param share The part of all time that may go into fetching. Default 0.1.
 * @returns A number of tokens, not rounded.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { tokensToRepay } from "@fewer-bytes/experts";
 *
 * assertAlmostEquals(tokensToRepay(0.018, 0.002), 81, 1e-9);
 * ```
 */
export function tokensToRepay(fetch: Seconds, token: Seconds, share = 0.1): number {
  requirePositive(token, "repay a fetch", "the time of a token");
  if (!(fetch >= 0 && Number.isFinite(fetch))) {
    throw new RangeError(
      `Cannot repay a fetch as its time must be at least 0: current value is ${fetch}`,
    );
  }
  if (!(share > 0 && share < 1)) {
    throw new RangeError(
      `Cannot repay a fetch as the share must be between 0 and 1: current value is ${share}`,
    );
  }
  return fetch * (1 - share) / share / token;
}
