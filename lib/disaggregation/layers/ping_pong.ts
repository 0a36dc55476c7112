import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, requirePositive, type Seconds } from "../../units/mod.ts";

/** How many micro-batches hide the way between the two sides, as it is printed and computed. */
export const microBatchFormula = formula("m = 2 * (1 + Tc / Tf)", {
  m: "micro-batches at least; take the next whole number",
  Tc: "seconds to send one micro-batch from one side to the other",
  Tf: "seconds that either side computes on one micro-batch in one layer",
});

/** Seconds of one micro-batch in one layer: attention, the way to the other side, feed-forward; the way back is the same. */
export interface LayerTimes {
  readonly attention: Seconds;
  readonly feedForward: Seconds;
  readonly transfer: Seconds;
}

/** How attention and feed-forward take turns. */
export interface PingPong {
  /** From the beginning of the first micro-batch to the end of the last, through all layers. */
  readonly seconds: Seconds;
  /** One layer of all micro-batches, in the middle of it. */
  readonly period: Seconds;
  /** The share of that time in which each side computes. */
  readonly attentionUse: number;
  readonly feedForwardUse: number;
  /** Whether the slower side never waits. */
  readonly overlaps: boolean;
}

/**
 * How many micro-batches keep the slower side busy? As many as it can compute on while one makes its round:
 * m · max(Ta, Te) ≥ Ta + Te + 2 Tc. When both sides take equally long, that is MegaScale-Infer's m ≥ 2 (1 + Tc / Tf):
 * 2 without a network, 3 while it takes at most half as long as a side, 4 while it takes as long.
 *
 * Source: Zhu et al., "MegaScale-Infer" (SIGCOMM 2025), equations 1 to 3.
 *
 * @returns A whole number; Infinity when the transfer takes longer than the slower side, as the link itself is then the
 * slowest, and no number helps.
 * @throws {RangeError} when a time is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { microBatchesFor } from "@fewer-bytes/disaggregation";
 *
 * const side = { attention: 1e-3, feedForward: 1e-3 };
 * assertEquals([0, 0.4e-3, 0.9e-3, 2e-3].map((transfer) => microBatchesFor({ ...side, transfer })), [2, 3, 4, Infinity]);
 * ```
 */
export function microBatchesFor(times: LayerTimes): number {
  const { loop, slower } = check(times);
  if (times.transfer > slower) return Infinity;
  return Math.ceil(loop / slower * (1 - 1e-12));
}

/**
 * How busy are two sides that play ping-pong? One layer of all m micro-batches takes
 * max(m · slowest, Ta + Te + 2 Tc), where the slowest is a side or a direction of the link; all of it takes
 * (L − 1) periods, one round, and m − 1 turns of the slowest.
 *
 * Both sides are busy all the time only when they take equally long: else the faster one waits, with any number of
 * micro-batches.
 *
 * @param microBatches How many the batch is cut into.
 * @param layers Layers of the model.
 * @throws {RangeError} when a time or count is out of range.
 * @example One micro-batch leaves each side idle more than half of the time, three none of it
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { pingPong } from "@fewer-bytes/disaggregation";
 *
 * const times = { attention: 1e-3, feedForward: 1e-3, transfer: 0.3e-3 };
 * assert(pingPong(times, 1, 60).attentionUse < 0.4);
 * assertEquals(pingPong(times, 3, 60).attentionUse, 1);
 * ```
 */
export function pingPong(times: LayerTimes, microBatches: number, layers: number): PingPong {
  requireInteger(microBatches, 1, "play ping-pong", "microBatches");
  requireInteger(layers, 1, "play ping-pong", "layers");
  const { loop, slower } = check(times);
  const slowest = Math.max(slower, times.transfer);
  const period = Math.max(microBatches * slowest, loop);
  return {
    seconds: (layers - 1) * period + loop + (microBatches - 1) * slowest,
    period,
    attentionUse: microBatches * times.attention / period,
    feedForwardUse: microBatches * times.feedForward / period,
    overlaps: microBatches * slower >= period * (1 - 1e-12),
  };
}

/** A piece of work on a time line. */
export interface Turn {
  readonly unit: "attention" | "to feed-forward" | "feed-forward" | "to attention";
  readonly microBatch: number;
  readonly layer: number;
  readonly start: Seconds;
  readonly end: Seconds;
}

/**
 * The same, turn by turn, for a figure: each micro-batch goes around through four units, each of which does one thing at a
 * time, in the order in which they come.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pingPongTurns } from "@fewer-bytes/disaggregation";
 *
 * const turns = pingPongTurns({ attention: 2, feedForward: 1, transfer: 1 }, 1, 1);
 * assertEquals(turns.map(({ unit, end }) => [unit, end]), [
 *   ["attention", 2],
 *   ["to feed-forward", 3],
 *   ["feed-forward", 4],
 *   ["to attention", 5],
 * ]);
 * ```
 */
export function pingPongTurns(times: LayerTimes, microBatches: number, layers: number): Turn[] {
  requireInteger(microBatches, 1, "play ping-pong", "microBatches");
  requireInteger(layers, 1, "play ping-pong", "layers");
  check(times);
  const { attention, feedForward, transfer } = times;
  const units = [
    { unit: "attention", seconds: attention },
    { unit: "to feed-forward", seconds: transfer },
    { unit: "feed-forward", seconds: feedForward },
    { unit: "to attention", seconds: transfer },
  ] as const satisfies readonly { unit: Turn["unit"]; seconds: Seconds }[];
  const free = units.map(() => 0);
  const ready = new Float64Array(microBatches);
  const turns: Turn[] = [];
  for (let layer = 0; layer < layers; layer++) {
    for (let microBatch = 0; microBatch < microBatches; microBatch++) {
      units.forEach(({ unit, seconds }, at) => {
        const start = Math.max(ready[microBatch]!, free[at]!);
        const end = start + seconds;
        ready[microBatch] = free[at] = end;
        turns.push({ unit, microBatch, layer, start, end });
      });
    }
  }
  return turns;
}

function check({ attention, feedForward, transfer }: LayerTimes) {
  requirePositive(attention, "play ping-pong", "the time of attention");
  requirePositive(feedForward, "play ping-pong", "the time of feed-forward");
  requireAtLeast(transfer, 0, "play ping-pong", "the time of the transfer");
  return {
    loop: attention + feedForward + 2 * transfer,
    slower: Math.max(attention, feedForward),
  };
}
