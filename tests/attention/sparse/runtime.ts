/** Feeding choosers with random tokens, and asking them. */
import type { Chooser, Choosing, Heads } from "@fewer-bytes/attention";
import type { CachedTokens } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";

/** Four query heads in two groups, four wide. */
export const heads: Heads = { queryHeads: 4, keyValueHeads: 2, headDimension: 4 };
export const width = heads.keyValueHeads * heads.headDimension;

export interface Asked extends Choosing {
  readonly query: Float32Array;
  readonly tokens: CachedTokens;
}

/** Appends so many random tokens to one layer and asks after each. */
export function askAll(chooser: Chooser, count: number, seed = 1): Asked[] {
  const random = seeded(seed);
  const normal = (length: number) => Float32Array.from({ length }, () => random.normal());
  const keys = new Float32Array(count * width);
  return Array.from({ length: count }, (_, position) => {
    keys.set(normal(width), position * width);
    const own = keys.subarray(position * width, (position + 1) * width);
    chooser.append?.(0, { position, keys: own, values: own.slice(), hidden: own });
    const query = normal(heads.queryHeads * heads.headDimension);
    const tokens = { count: position + 1, keys: keys.slice(), values: keys.slice() };
    return { query, tokens, ...chooser.choose(0, query, tokens) };
  });
}

/** The query of a head. */
export function queryOf({ query }: Asked, head: number): Float32Array {
  return query.subarray(head * heads.headDimension, (head + 1) * heads.headDimension);
}

/** The keys that a query head shares, a row for each token. */
export function keysOf({ tokens }: Asked, head: number): number[][] {
  const shared = Math.floor(head / 2) * heads.headDimension;
  return Array.from({ length: tokens.count }, (_, token) => {
    const from = token * width + shared;
    return [...tokens.keys.subarray(from, from + heads.headDimension)];
  });
}
