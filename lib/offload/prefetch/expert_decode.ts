import { bytesPerValue, type ExpertFeedForward } from "../../catalog/mod.ts";
import { complete, type Deployment, operatorOptions, stepTime } from "../../roofline/mod.ts";
import {
  feedForwardParameters,
  type Operator,
  operators,
  parameters,
} from "../../transformer/mod.ts";
import { type Bytes, requirePositive, type Seconds, type Tokens } from "../../units/mod.ts";
import { type FlashReads, readThroughput } from "../flash/read_throughput.ts";
import { exposedLoad } from "./exposed_load.ts";

/** Experts that lie on a drive, and a memory for some of them. */
export interface StoredExperts {
  readonly drive: FlashReads;
  /** Reads under way at once. Default 1. */
  readonly depth?: number;
  /** Memory for weights. */
  readonly memory: Bytes;
  /** The share of wanted experts that is found in memory. Default: the share of all experts that fits, as if all were wanted alike. */
  readonly hits?: number;
  /** When it is known which experts a layer wants. */
  readonly routed: "before attention" | "after attention";
}

/** One token of a model whose experts come from a drive. */
export interface ExpertDecode {
  readonly seconds: Seconds;
  readonly tokensPerSecond: number;
  /** With all experts in memory. */
  readonly inMemory: Seconds;
  /** Of reading experts, before and after what attention hides. */
  readonly loading: Seconds;
  readonly exposed: Seconds;
  /** Read from the drive. */
  readonly bytes: Bytes;
  /** The share of experts that memory holds. */
  readonly resident: number;
  /** The share of all weights that memory holds. */
  readonly residentWeights: number;
}

const afterAttention = ["router", "experts", "shared experts"];
const outside = ["embedding", "final norm", "head"];

/**
 * How fast does a mixture of experts decode, when not all experts fit into memory? In each layer those that are wanted and
 * missing are read. If the router stands before attention, attention hides as much of the reading as it takes itself.
 *
 * Attention of one token is short: it reads some megabytes from memory, and experts come a hundred times more slowly. So
 * hiding helps where few experts are missing; a cache that knows a text's favorites does the rest.
 *
 * @param context Tokens in the cache.
 * @throws {RangeError} when the model has no experts, memory does not even hold what every token needs, or a value is out of
 *   range.
 * @example Qwen3-30B-A3B in 4 bits on an eighth less memory than it needs
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findMemory, findModel } from "@fewer-bytes/catalog";
 * import { expertDecode } from "@fewer-bytes/offload";
 *
 * const deployment = {
 *   model: findModel("qwen3-30b-a3b"),
 *   hardware: findHardware("apple-m4-max"),
 *   formats: { weights: "int4", cache: "fp16", activations: "fp16" },
 * } as const;
 * const drive = findMemory("samsung-990-pro");
 * const decode = (routed: "before attention" | "after attention") =>
 *   expertDecode(deployment, 1000, { drive, depth: 8, memory: 13.4e9, routed });
 * assert(decode("before attention").exposed < decode("after attention").exposed);
 * ```
 */
export function expertDecode(
  deployment: Deployment,
  context: Tokens,
  stored: StoredExperts,
): ExpertDecode {
  const { drive, depth = 1, memory, routed } = stored;
  requirePositive(memory, "decode with stored experts", "memory");
  const full = complete(deployment);
  const { model, hardware, efficiency, formats } = full;
  const size = bytesPerValue(formats.weights);
  const groups = model.layers.flatMap((group) =>
    group.feedForward.kind === "experts" ? [{ ...group, feedForward: group.feedForward }] : []
  );
  if (groups.length === 0) {
    throw new RangeError(`Cannot decode with stored experts as ${model.name} must have experts`);
  }
  const expertBytes = (network: ExpertFeedForward) =>
    feedForwardParameters(model, network).expert * size;
  const all = groups.reduce(
    (sum, { count, feedForward }) => sum + count * feedForward.experts * expertBytes(feedForward),
    0,
  );
  const weights = parameters(model).total * size;
  const others = weights - all;
  if (memory < others) {
    throw new RangeError(
      `Cannot decode with stored experts as memory must hold ${others} bytes that every token needs: current value is ${memory}`,
    );
  }
  const resident = Math.min(1, (memory - others) / all);
  const hits = stored.hits ?? resident;
  if (!(hits >= 0 && hits <= 1)) {
    throw new RangeError(
      `Cannot decode with stored experts as hits must be from 0 to 1: current value is ${hits}`,
    );
  }
  const step = { phase: "decode", batch: 1, newTokens: 1, context } as const;
  const time = (rows: readonly Operator[]) => stepTime(rows, hardware, efficiency).seconds;
  const inMemory = time(operators(model, step, operatorOptions(full)));
  let loading = 0, exposed = 0, bytes = 0;
  for (const group of groups) {
    const rows = operators({ ...model, layers: [group] }, step, operatorOptions(full))
      .filter(({ name }) => !outside.includes(name) && !afterAttention.includes(name));
    const attention = time(rows) / group.count;
    const one = expertBytes(group.feedForward);
    const missing = group.feedForward.expertsPerToken * (1 - hits) * one;
    const load = missing / readThroughput(drive, Math.ceil(one), depth);
    loading += group.count * load;
    exposed += group.count * exposedLoad(load, routed === "before attention" ? attention : 0);
    bytes += group.count * missing;
  }
  const seconds = inMemory + exposed;
  return {
    seconds,
    tokensPerSecond: 1 / seconds,
    inMemory,
    loading,
    exposed,
    bytes,
    resident,
    residentWeights: Math.min(1, memory / weights),
  };
}

/**
 * How many of the wanted experts must be found in memory, so that a token takes no longer than this? Found by halving, as a
 * token only gets faster with what is found.
 *
 * @returns From 0 to 1; undefined when even with all experts in memory a token takes longer.
 * @throws {RangeError} as {@linkcode expertDecode}.
 */
export function hitsFor(
  seconds: Seconds,
  deployment: Deployment,
  context: Tokens,
  stored: Omit<StoredExperts, "hits">,
): number | undefined {
  requirePositive(seconds, "find the hits", "the seconds");
  const at = (hits: number) => expertDecode(deployment, context, { ...stored, hits }).seconds;
  if (at(1) > seconds) return undefined;
  if (at(0) <= seconds) return 0;
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 50; turn++) {
    const middle = (low + high) / 2;
    if (at(middle) <= seconds) high = middle;
    else low = middle;
  }
  return high;
}
