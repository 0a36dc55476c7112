import { type Bytes, requireInteger } from "../../units/mod.ts";

/** One step of decode attention, as its units see it. */
export interface DecodeWork {
  /** Sequences. */
  readonly batch: number;
  /** Key-value heads: the queries that share one are computed together. */
  readonly keyValueHeads: number;
  /** Tokens in the cache of each sequence. */
  readonly context: number;
  /** Keys in a tile; the cache is split between tiles only. Default 128. */
  readonly tileKeys?: number;
  /** Processors that can work at once, such as the 132 SMs of an H100. */
  readonly units: number;
}

/** What splitting does. */
export interface DecodeParallelism {
  readonly splits: number;
  /** Pieces of work. */
  readonly pieces: number;
  /** Times that the units are filled, the last one perhaps not wholly. */
  readonly waves: number;
  /** Units that work, averaged over the waves: from 0 to 1. */
  readonly efficiency: number;
  /** Tiles that the busiest unit reads, one after another: the time, in tiles. */
  readonly tilesInSequence: number;
}

/**
 * How many units are busy in decode? Without splits as many as there are sequences times heads; with splits as many times
 * more. What does not divide evenly leaves some idle in the last wave.
 *
 * The model takes a tile's time as fixed, so it leaves out that few units cannot fill the bandwidth, nor can each use more
 * than its share.
 *
 * @param work The step.
 * @param splits Pieces that each sequence's cache is cut into.
 * @example One sequence, 8 heads, 64 Ki tokens on an H100: 8 of 132 units work, or all
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeParallelism } from "@fewer-bytes/attention";
 *
 * const work = { batch: 1, keyValueHeads: 8, context: 65536, units: 132 };
 * assertEquals(decodeParallelism(work, 1).efficiency, 8 / 132);
 * assertEquals(decodeParallelism(work, 16).efficiency, 128 / 132);
 * assertEquals([1, 16].map((splits) => decodeParallelism(work, splits).tilesInSequence), [512, 32]);
 * ```
 */
export function decodeParallelism(work: DecodeWork, splits: number): DecodeParallelism {
  const { batch, keyValueHeads, context, tileKeys = 128, units } = work;
  for (const [name, value] of Object.entries({ ...work, tileKeys, splits })) {
    requireInteger(value, 1, "count busy units", name);
  }
  const tiles = Math.ceil(context / tileKeys);
  const each = Math.ceil(tiles / splits);
  const filled = Math.ceil(tiles / each); // pieces that have any tile
  const pieces = batch * keyValueHeads * filled;
  const waves = Math.ceil(pieces / units);
  return {
    splits,
    pieces,
    waves,
    efficiency: pieces / (waves * units),
    tilesInSequence: waves * each,
  };
}

/**
 * Into how many pieces should the cache be cut? The fewest that come within a twentieth of the least time: more of them only
 * add parts to merge.
 *
 * @returns From 1 to the number of tiles.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bestSplits } from "@fewer-bytes/attention";
 *
 * assertEquals(bestSplits({ batch: 1, keyValueHeads: 8, context: 65536, units: 132 }), 16);
 * assertEquals(bestSplits({ batch: 132, keyValueHeads: 8, context: 65536, units: 132 }), 1);
 * ```
 */
export function bestSplits(work: DecodeWork): number {
  const most = Math.min(Math.ceil(work.context / (work.tileKeys ?? 128)), work.units);
  const times = Array.from(
    { length: most },
    (_, i) => decodeParallelism(work, i + 1).tilesInSequence,
  );
  const least = Math.min(...times);
  return 1 + times.findIndex((time) => time <= least * 1.05);
}

/**
 * What do splits cost in traffic? Each piece but a lone one writes a vector, a maximum and a sum for each query, in 32 bits,
 * and the merge reads them.
 *
 * @param queries Queries in the step: sequences times query heads.
 * @param valueWidth Width of a value.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { splitTraffic } from "@fewer-bytes/attention";
 *
 * assertEquals([1, 16].map((splits) => splitTraffic(32, 128, splits)), [0, 32 * 16 * 2 * 4 * 130]);
 * ```
 */
export function splitTraffic(queries: number, valueWidth: number, splits: number): Bytes {
  return splits === 1 ? 0 : queries * splits * 2 * 4 * (valueWidth + 2);
}
