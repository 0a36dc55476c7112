import { bytesPerValue, type Storage } from "../../catalog/mod.ts";
import { type CountedTier, scatteredBandwidth } from "../../memory/mod.ts";
import { expectedDistinctExperts, halfPrecision } from "../../transformer/mod.ts";
import {
  type Bytes,
  requireInteger,
  requirePositive,
  type Seconds,
  type Tokens,
} from "../../units/mod.ts";
import { type MemoryLayer, memoryOperators, memoryParameters } from "./memory_layer.ts";

/** A memory layer and its equals, at one number of tokens. */
export interface MemoryComparison {
  readonly tokens: Tokens;
  /** Bytes of weights that each reads in the step. */
  readonly memory: Bytes;
  readonly dense: Bytes;
  readonly mixture: Bytes;
  /** The part of the memory layer's bytes that are values, from anywhere in the table. */
  readonly values: Bytes;
}

/** Experts that have a memory layer's parameters and arithmetic. They need not be whole. */
export interface EqualMixture {
  readonly experts: number;
  readonly expertsPerToken: number;
  /** Parameters of one expert. */
  readonly expert: number;
}

/**
 * The mixture that a memory layer is compared with: k experts at a time do as many operations for a token as the memory layer, and
 * all of them together have as many parameters.
 *
 * @throws {RangeError} when the memory is too small for that: it needs more active than total parameters.
 */
export function equalMixture(layer: MemoryLayer, expertsPerToken: number): EqualMixture {
  requireInteger(expertsPerToken, 1, "find an equal mixture", "expertsPerToken");
  const { total, active } = memoryParameters(layer);
  const expert = active / expertsPerToken; // two operations for each parameter that a token passes, in both
  const experts = Math.round(total / expert);
  if (experts < expertsPerToken) {
    throw new RangeError(
      `Cannot find an equal mixture as there must be at least ${expertsPerToken} experts: current number is ${experts}`,
    );
  }
  return { experts, expertsPerToken, expert };
}

/**
 * What does a memory layer read, next to a dense layer and a mixture of the same arithmetic? For one token all three read the
 * same: two operations for each weight. With more, the dense layer reads no more; the mixture reads experts until it has read
 * all of them, which is as much as the whole memory; the memory layer reads its queries and keys once and a few more rows for
 * each token. So it is between the batch of one and the batch that fills everything where memory layers save bytes.
 *
 * UltraMem and UltraMemV2 claim quality like a mixture's at far less memory access; quality needs training, and this is the rest.
 *
 * @returns A point for each number of tokens.
 * @throws {RangeError} when a size is out of range.
 * @example 64 tokens: the mixture has read nearly all, the memory a percent
 * ```ts
 * import { assert } from "@std/assert";
 * import { compareMemory } from "@fewer-bytes/experts";
 *
 * const layer = { hiddenSize: 2048, halfKeys: 1024, keyDimension: 512, heads: 2, found: 16, valueDimension: 2048 };
 * const [one, many] = compareMemory(layer, 8, [1, 64]);
 * assert(Math.abs(one!.memory / one!.mixture - 1) < 0.01 && many!.mixture > 20 * many!.memory);
 * ```
 */
export function compareMemory(
  layer: MemoryLayer,
  expertsPerToken: number,
  tokens: readonly Tokens[],
  weights: Storage = "bf16",
): MemoryComparison[] {
  const mixture = equalMixture(layer, expertsPerToken);
  const value = bytesPerValue(weights);
  return tokens.map((count) => {
    const rows = memoryOperators(layer, count, { ...halfPrecision, weights });
    const read = (some: typeof rows) => some.reduce((sum, { bytes }) => sum + bytes.weights, 0);
    return {
      tokens: count,
      memory: read(rows),
      dense: memoryParameters(layer).active * value,
      mixture: value * mixture.expert *
        expectedDistinctExperts(mixture.experts, expertsPerToken, count),
      values: read(rows.filter(({ name }) => name === "memory values")),
    };
  });
}

/**
 * How long do the found values take from a memory that gives no less than a granule at a time? A value that is narrower than a
 * granule brings its neighbors along in vain, and a drive answers only so many requests a second. Nothing can be fetched
 * before the query is there.
 *
 * @param tier Where the table of values lies.
 * @param values Bytes of values that the step reads: `values` of {@linkcode compareMemory}.
 * @param record Bytes of one value.
 * @throws {RangeError} when a value is out of range.
 * @example Values of 4 KB come from a drive as fast as it reads, and values of 256 bytes at a sixteenth of that
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findMemory } from "@fewer-bytes/catalog";
 * import { valueSeconds } from "@fewer-bytes/experts";
 *
 * const drive = findMemory("samsung-pm1743");
 * assertAlmostEquals(valueSeconds(drive, 1e9, 256) / valueSeconds(drive, 1e9, 4096), 16, 0.05);
 * ```
 */
export function valueSeconds(tier: CountedTier, values: Bytes, record: Bytes): Seconds {
  requirePositive(values, "read values", "the bytes");
  return (tier.latency ?? 0) + values / scatteredBandwidth(tier, record);
}
