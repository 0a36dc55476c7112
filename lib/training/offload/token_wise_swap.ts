import { layerCount } from "../../catalog/mod.ts";
import { type Bytes, requirePositive, type Seconds } from "../../units/mod.ts";
import { layerSwap, type SwapWork } from "./layer_swap.ts";

/** How activations are divided between host and recomputation. */
export interface TokenWiseSwap {
  /** The share of tokens whose other activations are sent; the rest is computed again. */
  readonly share: number;
  readonly limit: "link" | "host" | "none";
  /** On the host, for all layers but the last two. */
  readonly hostBytes: Bytes;
  /** On the device: two layers at a time. */
  readonly deviceBytes: Bytes;
  /** Spent on computing again, over the whole model. */
  readonly recomputed: Seconds;
}

/**
 * MEMO's answer where the link is too slow to take everything, or the host too small: of each layer its input and
 * attention's output always go; of what the rest keeps, which each token has for itself, a share of the tokens goes and
 * the others are computed again. The largest share that hides behind the layer's computation and fits in the host.
 *
 * Source: Zhao et al., "Memo: Fine-grained Tensor Management for Ultra-long Context LLM Training" (2024).
 *
 * @param hostMemory Bytes of the host that this device may use.
 * @throws {RangeError} when the host has no room even for inputs and outputs.
 * @example The longer, the more is swapped and the less computed again
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { tokenWiseSwap } from "@fewer-bytes/training";
 *
 * const share = (tokens: number) =>
 *   tokenWiseSwap({
 *     model: findModel("llama-2-7b"),
 *     hardware: findHardware("nvidia-a100-sxm-80gb"),
 *     batch: { sequences: 1, tokens },
 *     devices: 8,
 *   }, 250e9).share;
 * assert(share(16_384) < share(65_536) && share(65_536) < share(131_072));
 * ```
 */
export function tokenWiseSwap(work: SwapWork, hostMemory: Bytes): TokenWiseSwap {
  requirePositive(hostMemory, "swap activations", "the memory of the host");
  const { compute, tokenCompute, transfer, bytes, always } = layerSwap(work);
  const swapped = Math.max(1, layerCount(work.model) - 2), others = bytes - always;
  const byLink = (compute * bytes / transfer - always) / others;
  const byHost = (hostMemory / swapped - always) / others;
  if (byHost < 0) {
    throw new RangeError(
      `Cannot swap activations as the host must hold ${
        swapped * always
      } bytes: current value is ${hostMemory}`,
    );
  }
  const share = Math.max(0, Math.min(1, byLink, byHost));
  return {
    share,
    limit: share === 1 ? "none" : byLink < byHost ? "link" : "host",
    hostBytes: swapped * (always + share * others),
    deviceBytes: 2 * bytes,
    recomputed: swapped * (1 - share) * tokenCompute,
  };
}
