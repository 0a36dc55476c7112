import {
  bytesPerValue,
  type Hardware,
  layerCount,
  type Model,
  type Storage,
} from "../../catalog/mod.ts";
import { stepTime, weightBytes } from "../../roofline/mod.ts";
import { cacheBytesPerToken, halfPrecision, operators } from "../../transformer/mod.ts";
import {
  type BytesPerSecond,
  requireInteger,
  requirePositive,
  type Seconds,
  type Tokens,
  type TokensPerSecond,
} from "../../units/mod.ts";
import { hostLink, recomputationCosts, recomputationSplit } from "./recomputation_split.ts";

/** A batch that is decoded on one device whose memory may be too small for its caches. */
export interface OffloadedBatch {
  readonly model: Model;
  readonly hardware: Hardware;
  readonly batch: number;
  readonly promptTokens: Tokens;
  readonly outputTokens: Tokens;
  /** The share of memory that may be filled. Default 0.9. */
  readonly memoryShare?: number;
}

/**
 * What is done with caches that do not fit.
 *
 * - "host": a part of every cache lies in the memory of the host, the same share from the first token on, and is loaded in
 *   every step (as FlexGen does with its caches).
 * - "wait": as many sequences run as fit, the others wait (as vLLM does, whose pages grow with the answers: sequences at all
 *   places of theirs take half an answer on average).
 * - "sparse": attention needs only a share of the tokens, half of them the newest; what does not fit lies on the host, and
 *   of that what is needed is loaded, or computed again where that is faster (as ALISA does).
 */
export type OffloadPolicy =
  | { readonly kind: "wait"; readonly storage?: Storage }
  | {
    readonly kind: "host";
    readonly storage?: Storage;
    /**
     * How fast the part on the host can be attended to. Default: as the link brings it; the bandwidth of the host's memory
     * when the host attends to it itself.
     */
    readonly rate?: BytesPerSecond;
  }
  | {
    readonly kind: "sparse";
    /** The share of tokens that attention needs. */
    readonly needed: number;
    /** How keys and values lie in memory. Default bf16. */
    readonly storage?: Storage;
    /** Whether tokens may be computed again. Default true. */
    readonly recompute?: boolean;
  };

/** The three phases, by what a step has to wait for. */
export type OffloadPhase = "all on the device" | "loads hidden" | "loads or recomputation";

/** What decoding takes. */
export interface OffloadedTime {
  readonly seconds: Seconds;
  readonly tokensPerSecond: TokensPerSecond;
  /** How many steps were in each phase. */
  readonly steps: Readonly<Record<OffloadPhase, number>>;
  /** Sequences that ran together. */
  readonly together: number;
}

/**
 * How fast is decoding when the caches of a batch do not fit on the device?
 *
 * A step takes as long as the slower of the device, by the operator table, and the link to the host: loads are taken to
 * overlap with arithmetic. First all fits; then what must be loaded hides behind the step; in the end it does not, and
 * what the sparse policy can compute again faster than load, it does. Prompts are not counted.
 *
 * Weights must fit. With "sparse" the tokens that are needed, but not among the newest, are taken to be spread evenly over
 * the older ones, of which the oldest lie on the host; nothing is kept from one step to the next.
 *
 * @throws {RangeError} when the weights do not fit, not even one sequence fits where sequences wait, or a number is out of
 *   range.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { offloadedDecode } from "@fewer-bytes/cache";
 *
 * const batch = {
 *   model: findModel("opt-6.7b"),
 *   hardware: findHardware("nvidia-v100-sxm-16gb"),
 *   batch: 16,
 *   promptTokens: 128,
 *   outputTokens: 512,
 * };
 * const host = offloadedDecode(batch, { kind: "host" });
 * const sparse = offloadedDecode(batch, { kind: "sparse", needed: 0.2 });
 * assert(sparse.tokensPerSecond > 3 * host.tokensPerSecond);
 * const small = { ...batch, batch: 4, outputTokens: 64 }; // fits: nothing to gain from the link
 * const [a, b] = (["host", "wait"] as const).map((kind) => offloadedDecode(small, { kind }));
 * assert(a!.tokensPerSecond === b!.tokensPerSecond);
 * ```
 */
export function offloadedDecode(request: OffloadedBatch, policy: OffloadPolicy): OffloadedTime {
  const { model, hardware, batch, promptTokens, outputTokens, memoryShare = 0.9 } = request;
  requireInteger(batch, 1, "decode with offloading", "batch");
  requireInteger(promptTokens, 1, "decode with offloading", "promptTokens");
  requireInteger(outputTokens, 1, "decode with offloading", "outputTokens");
  const needed = policy.kind === "sparse" ? requireShare(policy.needed, "needed") : 1;
  const { storage = "bf16" } = policy;
  const room = requireShare(memoryShare, "memoryShare") * hardware.memory[0].capacity -
    weightBytes(model);
  if (room <= 0) {
    throw new RangeError(
      `Cannot decode with offloading as the weights of ${model.name} must fit on ${hardware.id}`,
    );
  }
  const perToken = cacheBytesPerToken(model, { storage });
  const total = promptTokens + outputTokens;
  const together = policy.kind === "wait"
    ? Math.min(batch, Math.floor(room / (perToken * (promptTokens + outputTokens / 2))))
    : batch;
  if (together === 0) {
    throw new RangeError(
      `Cannot decode with offloading as one sequence of ${total} tokens must fit on ${hardware.id}`,
    );
  }
  const fits = room / (perToken * together); // tokens of each sequence
  const staticShare = Math.max(0, 1 - fits / total);
  const rate = requirePositive(
    policy.kind === "host" && policy.rate !== undefined ? policy.rate : hostLink(hardware),
    "decode with offloading",
    "the rate",
  );
  const formats = { ...halfPrecision, cache: storage };
  const steps = { "all on the device": 0, "loads hidden": 0, "loads or recomputation": 0 };
  let seconds = 0;
  for (let context = promptTokens; context < total; context++) {
    const attended = Math.ceil(needed * context);
    const device = stepTime(
      operators(model, { phase: "decode", batch: together, newTokens: 1, context: attended }, {
        formats,
      }),
      hardware,
    ).seconds;
    const away = policy.kind === "host"
      ? staticShare * context
      : policy.kind === "wait"
      ? 0
      : awayAndNeeded(context, fits, attended);
    const link = away * perToken * together / rate;
    const recompute = policy.kind === "sparse" && (policy.recompute ?? true) && link > device
      ? recomputed(request, storage, Math.ceil(away))
      : Infinity;
    seconds += Math.max(device, Math.min(link, recompute));
    steps[
      away === 0 ? "all on the device" : link <= device ? "loads hidden" : "loads or recomputation"
    ]++;
  }
  seconds *= batch / together;
  return { seconds, tokensPerSecond: batch * outputTokens / seconds, steps, together };
}

/** Tokens that are needed and lie on the host. The newer half of the needed ones is newest, so always on the device. */
function awayAndNeeded(context: Tokens, fits: Tokens, attended: Tokens): Tokens {
  const older = context - attended / 2;
  return Math.max(0, Math.min(1, (context - fits) / older)) * attended / 2;
}

/** Seconds to bring tokens of all layers by loading some and computing others again, from inputs on the host. */
function recomputed(
  { model, hardware, batch }: OffloadedBatch,
  storage: Storage,
  tokens: Tokens,
): Seconds {
  const costs = recomputationCosts(model, hardware, { batch, format: "fp16" });
  const load = costs.load * bytesPerValue(storage) / bytesPerValue("fp16");
  return layerCount(model) * recomputationSplit(tokens, { ...costs, load }).seconds;
}

function requireShare(share: number, name: string): number {
  requirePositive(share, "decode with offloading", name);
  if (share > 1) {
    throw new RangeError(
      `Cannot decode with offloading as ${name} must be <= 1: current value is ${share}`,
    );
  }
  return share;
}
