import { type Hardware, type Model } from "../../catalog/mod.ts";
import { type Efficiency, ideal, stepTime, weightBytes } from "../../roofline/mod.ts";
import {
  cacheBytesPerToken,
  type Formats,
  halfPrecision,
  operators,
} from "../../transformer/mod.ts";
import { requirePositive, type Tokens, type TokensPerSecond } from "../../units/mod.ts";

/** A model that decodes as many sequences as fit. */
export interface FullDevice {
  readonly model: Model;
  readonly hardware: Hardware;
  /** Tokens that a running sequence has, on average. */
  readonly context: Tokens;
  /** The share of the memory for caches that holds tokens, such as `Occupancy.tokens`. */
  readonly occupied: number;
  readonly formats?: Formats;
  /** The share of memory that may be filled. Default 0.9. */
  readonly memoryShare?: number;
  readonly efficiency?: Efficiency;
}

/** How many sequences fit, and how fast they are together. */
export interface DecodeThroughput {
  /** Tokens that the memory for caches would hold if it were full. */
  readonly places: Tokens;
  readonly batch: number;
  readonly tokensPerSecond: TokensPerSecond;
}

/**
 * What is memory that is not wasted worth? More sequences fit, and all of them share one reading of the weights.
 *
 * The gain is smaller than that of the batch, as caches are read for each sequence alone.
 *
 * @throws {RangeError} when the weights do not fit, or no sequence does.
 * @example The figures of Kwon et al. 2023, for OPT-13B
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { decodeThroughput } from "@fewer-bytes/paging";
 *
 * const model = findModel("opt-13b");
 * const hardware = findHardware("nvidia-a100-sxm-40gb");
 * const device = { model, hardware, context: 450, memoryShare: 0.97 };
 * const reserved = decodeThroughput({ ...device, occupied: 0.204 }); // 7 sequences, as there
 * const paged = decodeThroughput({ ...device, occupied: 0.963 });
 * const gain = paged.tokensPerSecond / reserved.tokensPerSecond;
 * assert(gain > 3 && gain < 4);
 * assert(gain < paged.batch / reserved.batch);
 * ```
 */
export function decodeThroughput(device: FullDevice): DecodeThroughput {
  const { model, hardware, context, occupied, formats = halfPrecision, memoryShare = 0.9 } = device;
  const action = "fill a device";
  requirePositive(context, action, "the context");
  for (const [name, share] of Object.entries({ occupied, memoryShare })) {
    if (!(requirePositive(share, action, name) <= 1)) {
      throw new RangeError(`Cannot ${action} as ${name} must be <= 1: current value is ${share}`);
    }
  }
  const room = memoryShare * hardware.memory[0].capacity - weightBytes(model, formats);
  const places = Math.floor(room / cacheBytesPerToken(model, { storage: formats.cache }));
  const batch = Math.floor(places * occupied / context);
  if (!(batch >= 1)) {
    throw new RangeError(
      `Cannot ${action} as one sequence of ${context} tokens must fit on ${hardware.id} beside the weights of ${model.name}`,
    );
  }
  const rows = operators(model, { phase: "decode", batch, newTokens: 1, context }, { formats });
  const { seconds } = stepTime(rows, hardware, device.efficiency ?? ideal);
  return { places, batch, tokensPerSecond: batch / seconds };
}
