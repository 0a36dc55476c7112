import type { FeedForward, Layers, Model } from "../../catalog/mod.ts";
import {
  cacheBytes,
  type CacheOptions,
  feedForwardParameters,
  halfPrecision,
  type Operator,
  type OperatorOptions,
  operators,
  parameters,
  type Step,
} from "../../transformer/mod.ts";
import type { Bytes, Tokens } from "../../units/mod.ts";
import { stateBytes, type StateSpace, stateSpaceParameters } from "./state_space.ts";
import { stateSpaceOperators } from "./state_space_operators.ts";

/** Some layers that remember in a state. */
export interface StateSpaceLayers {
  readonly count: number;
  readonly stateSpace: StateSpace;
  /** Absent in Mamba, whose layers are the state-space part alone. */
  readonly feedForward?: FeedForward;
  readonly norms: number;
}

/** A stack of attention layers and state-space layers. With none of the one or of the other it is Mamba or a transformer. */
export interface HybridModel {
  readonly name: string;
  /** Embedding, attention layers with their feed-forward parts, and head. */
  readonly transformer: Model;
  readonly recurrent: readonly StateSpaceLayers[];
}

/** What is kept and what is passed: all parameters, and those that one token meets. */
export function hybridParameters(
  { transformer, recurrent }: HybridModel,
): { readonly total: number; readonly active: number } {
  let { total, active } = parameters(transformer);
  for (const { count, stateSpace, feedForward, norms } of recurrent) {
    const own = stateSpaceParameters(stateSpace) + norms * transformer.normParameters;
    const network = feedForward && feedForwardParameters(transformer, feedForward);
    total += count * (own + (network?.total ?? 0));
    active += count * (own + (network?.active ?? 0));
  }
  return { total, active };
}

/**
 * How much does a stack remember of one sequence? Caches that grow with the context, and states that do not.
 *
 * @example One attention layer in eight: an eighth of the cache
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hybridCacheBytes, stateSpaceModels } from "@fewer-bytes/attention";
 *
 * const jamba = stateSpaceModels["jamba-v0.1"];
 * const perToken = (hybridCacheBytes(jamba, 262_144) - hybridCacheBytes(jamba, 0)) / 262_144;
 * assertEquals(perToken, 4 * 2 * 8 * 128 * 2); // 4 layers with 8 heads: 4 GiB at 256 Ki tokens
 * ```
 */
export function hybridCacheBytes(
  { transformer, recurrent }: HybridModel,
  context: Tokens,
  options: Pick<CacheOptions, "storage"> = {},
): Bytes {
  return recurrent.reduce(
    (sum, { count, stateSpace }) => sum + count * stateBytes(stateSpace, options.storage),
    cacheBytes(transformer, context, options),
  );
}

/** What does one step of a stack compute and move? The table of its attention layers, and the rows of the others. */
export function hybridOperators(
  { transformer, recurrent }: HybridModel,
  step: Step,
  options: Pick<OperatorOptions, "formats"> = {},
): Operator[] {
  const rows = operators(transformer, step, options);
  const inner = recurrent.flatMap(({ count, stateSpace, feedForward, norms }) => [
    ...stateSpaceOperators(stateSpace, count, step, options.formats ?? halfPrecision),
    ...otherRows(transformer, { count, feedForward: feedForward ?? nothing, norms }, step, options)
      .filter(({ name }) => feedForward || name === "norms"),
  ]);
  return [...rows.slice(0, -2), ...inner, ...rows.slice(-2)]; // before the final norm and the head
}

const nothing: FeedForward = {
  kind: "dense",
  intermediateSize: 0,
  gated: false,
  extraParameters: 0,
};

/** The rows that a layer has besides its attention: lib/transformer lists whole layers, so one is made and taken apart. */
function otherRows(
  model: Model,
  layer: Omit<Layers, "attention">,
  step: Step,
  options: Pick<OperatorOptions, "formats">,
): Operator[] {
  const attention = {
    kind: "heads",
    queryHeads: 1,
    keyValueHeads: 1,
    headDimension: 1,
    extraParameters: 0,
  } as const;
  const rows = operators({ ...model, layers: [{ ...layer, attention }] }, step, options);
  return rows.slice(1, -2).filter(({ name }) => !/queries|attention/.test(name));
}
