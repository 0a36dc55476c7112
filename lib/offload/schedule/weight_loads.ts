import { requireInteger } from "../../units/mod.ts";

/** In which order batches and layers are computed. */
export type BlockOrder = "row by row" | "zigzag";

/** Sequences, and how they are computed. */
export interface WeightLoadRequest {
  readonly sequences: number;
  /** Sequences that the device computes at once. */
  readonly gpuBatch: number;
  /** Such batches that share a layer's weights. */
  readonly batches: number;
  readonly outputTokens: number;
}

/**
 * How often must all weights be loaded? Row by row a batch runs through all layers for each of its tokens, and then the next
 * batch does: once for each batch and token. In a zig-zag all batches of a block pass a layer before the next is loaded: once
 * for each block and token.
 *
 * @throws {RangeError} when a count is not a whole number from 1.
 * @example 256 sequences, 32 tokens each: FlexGen's block of eight batches of 32
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { weightLoads } from "@fewer-bytes/offload";
 *
 * const request = { sequences: 256, gpuBatch: 32, batches: 8, outputTokens: 32 };
 * assertEquals([weightLoads("row by row", request), weightLoads("zigzag", request)], [256, 32]);
 * ```
 */
export function weightLoads(order: BlockOrder, request: WeightLoadRequest): number {
  const { sequences, gpuBatch, batches, outputTokens } = request;
  for (const [name, value] of Object.entries({ sequences, gpuBatch, batches, outputTokens })) {
    requireInteger(value, 1, "count loads of weights", name);
  }
  return outputTokens * Math.ceil(sequences / (order === "zigzag" ? gpuBatch * batches : gpuBatch));
}

/** What is kept for sequences in the midst of their answers. */
export interface KeptCaches {
  readonly sequences: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Tokens of cache that all tiers have room for. */
  readonly room: number;
}

/**
 * How often must all weights be loaded at the least, and how often in a zig-zag? Each load of a layer serves the sequences
 * whose caches fit at that moment. A diagonal order, in which sequences are at all places of their answers, fills the room
 * with caches of average length; the zig-zag must leave room for all to reach their full length. So it loads at most twice
 * as often, and that only where prompts are short beside answers.
 *
 * @returns Loads for each output token, of all sequences; fractions, for many sequences.
 * @throws {RangeError} when not even one cache fits, or a count is out of range.
 * @example Prompts of 512, answers of 32: three percent. Answers alone: nearly twice
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { loadsAtLeast } from "@fewer-bytes/offload";
 *
 * const ratio = (promptTokens: number, outputTokens: number) => {
 *   const { zigzag, least } = loadsAtLeast({ sequences: 1000, promptTokens, outputTokens, room: 1e5 });
 *   return zigzag / least;
 * };
 * assertAlmostEquals(ratio(512, 32), 1.03, 0.001);
 * assertAlmostEquals(ratio(1, 1000), 1.998, 0.001);
 * ```
 */
export function loadsAtLeast(
  { sequences, promptTokens, outputTokens, room }: KeptCaches,
): { readonly zigzag: number; readonly least: number } {
  for (
    const [name, value] of Object.entries({ sequences, promptTokens, outputTokens, room })
  ) requireInteger(value, 1, "count loads of weights", name);
  const full = promptTokens + outputTokens - 1;
  if (room < full) {
    throw new RangeError(
      `Cannot count loads of weights as the room must hold one cache of ${full} tokens: current value is ${room}`,
    );
  }
  const average = promptTokens + (outputTokens - 1) / 2;
  return { zigzag: sequences * full / room, least: sequences * average / room };
}
