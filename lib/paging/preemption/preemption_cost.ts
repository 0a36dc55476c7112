import type { Hardware, Model, Storage } from "../../catalog/mod.ts";
import { hostLink } from "../../cache/mod.ts";
import { type Efficiency, ideal, stepTime } from "../../roofline/mod.ts";
import { cacheBytes, halfPrecision, operators } from "../../transformer/mod.ts";
import { type Bytes, requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";
import type { Tokens } from "../../units/mod.ts";

/** A sequence that has to make room. */
export interface PreemptedSequence {
  readonly model: Model;
  readonly hardware: Hardware;
  /** Tokens that it has. */
  readonly tokens: Tokens;
  /** Tokens in a block. Default 16. */
  readonly blockSize?: Tokens;
  /**
   * Pieces in which the blocks lie, as {@linkcode contiguousRuns} counts them: each is copied at once. Default: every
   * block is a piece of its own.
   */
  readonly runs?: number;
  /** What it takes to start one copy. Default 10 microseconds: what is typical of a copy that is issued alone. */
  readonly copyOverhead?: Seconds;
  /** How keys and values are stored. Default bf16. */
  readonly storage?: Storage;
  readonly efficiency?: Efficiency;
}

/** What each way costs, in seconds of the device or of its link. */
export interface PreemptionCost {
  /** To the host and back. */
  readonly swap: Seconds;
  /** To compute keys and values of all tokens again, in one pass, as a prompt. */
  readonly recompute: Seconds;
  /** One way. */
  readonly bytes: Bytes;
  /** One way: each run, its keys and its values, in every layer. */
  readonly copies: number;
}

/**
 * Memory is full. Is it cheaper to swap a sequence out and in again, or to throw its cache away and compute it again?
 *
 * A swap moves whole blocks over the link twice; keys and values of each layer lie in arrays of their own, so a block of
 * 16 tokens is many small copies, and starting them can take longer than the bytes. Recomputation reads the weights once,
 * however few the tokens. So small blocks speak for recomputation, large ones for swapping. (Kwon et al. 2023, section
 * 7.3; Shen et al. 2024, FastSwitch, who copy whole runs of blocks at once.)
 *
 * Neither is overlapped with other work here; a pass that recomputes can decode for others besides.
 *
 * @throws {RangeError} when the hardware has no PCIe link, there are no tokens, or more runs than blocks.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { preemptionCost } from "@fewer-bytes/paging";
 *
 * const model = findModel("opt-13b");
 * const hardware = findHardware("nvidia-a100-sxm-40gb");
 * const small = preemptionCost({ model, hardware, tokens: 512, blockSize: 1 });
 * const large = preemptionCost({ model, hardware, tokens: 512, blockSize: 256 });
 * assert(small.recompute < small.swap && large.swap < large.recompute);
 * ```
 */
export function preemptionCost(sequence: PreemptedSequence): PreemptionCost {
  const { model, hardware, tokens, blockSize = 16, storage = "bf16" } = sequence;
  const action = "cost a preemption";
  requireInteger(tokens, 1, action, "tokens");
  requireInteger(blockSize, 1, action, "blockSize");
  const blocks = Math.ceil(tokens / blockSize);
  const { runs = blocks, copyOverhead = 10e-6 } = sequence;
  requireInteger(runs, 1, action, "runs");
  requireAtLeast(copyOverhead, 0, action, "copyOverhead");
  if (runs > blocks) {
    throw new RangeError(
      `Cannot ${action} as runs must be <= the ${blocks} blocks: current value is ${runs}`,
    );
  }
  const bytes = cacheBytes(model, blocks * blockSize, { storage });
  const arrays = model.layers.reduce(
    (sum, { count, attention }) =>
      sum + count * (attention.kind === "latent" ? 1 : attention.sharesCache ? 0 : 2),
    0,
  );
  const copies = runs * arrays;
  const step = { phase: "prefill", batch: 1, newTokens: tokens, context: 0 } as const;
  const rows = operators(model, step, { formats: { ...halfPrecision, cache: storage } });
  return {
    swap: 2 * (bytes / hostLink(hardware) + copies * copyOverhead),
    recompute: stepTime(rows, hardware, sequence.efficiency ?? ideal).seconds,
    bytes,
    copies,
  };
}
