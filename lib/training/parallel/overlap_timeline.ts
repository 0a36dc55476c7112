import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";

/** When the last chunk is summed, as it is printed and computed. */
export const overlapFormula = formula("seconds = wave + (n - 1) * max(wave, turn)", {
  seconds: "from the start of the multiplication until all sums are there",
  wave: "seconds to multiply one chunk",
  turn: "seconds to send one chunk",
  n: "devices, and chunks",
});

/** Something that one device does. */
export interface TimelineEvent {
  readonly lane: "multiply" | "send";
  /** From 0, in the order in which the device makes them. */
  readonly chunk: number;
  readonly from: Seconds;
  readonly to: Seconds;
}

/** A multiplication and the ring that spreads its sum. */
export interface OverlapTimeline {
  readonly events: readonly TimelineEvent[];
  readonly seconds: Seconds;
  /** One after the other. */
  readonly sequential: Seconds;
}

/**
 * How much of a reduce-scatter hides behind the multiplication that feeds it? The multiplication makes its result chunk by
 * chunk, in waves; a chunk can be sent on as soon as it is made, the sum of the devices before has come in, and the link
 * is free. All devices are equal and each begins with another chunk, so one of them shows all.
 *
 * The last chunk is the device's own and is not sent. So the end comes at `wave + (n − 1) · max(wave, turn)`: the shorter
 * of the two disappears, but for one part of n.
 *
 * @param setup `multiply`: seconds of the whole multiplication; `turn`: seconds to send a chunk.
 * @throws {RangeError} when a value is out of range.
 * @example Balanced, eight devices take little longer than for one of the two
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { overlapTimeline } from "@fewer-bytes/training";
 *
 * const { seconds, sequential } = overlapTimeline({ devices: 8, multiply: 8, turn: 1 });
 * assertAlmostEquals(sequential / seconds, 15 / 8, 1e-12);
 * ```
 */
export function overlapTimeline(setup: {
  readonly devices: number;
  readonly multiply: Seconds;
  readonly turn: Seconds;
}): OverlapTimeline {
  const { devices, multiply, turn } = setup;
  requireInteger(devices, 2, "draw an overlap", "the devices");
  requireAtLeast(multiply, 0, "draw an overlap", "the seconds of the multiplication");
  requireAtLeast(turn, 0, "draw an overlap", "the seconds of a turn");
  const wave = multiply / devices, events: TimelineEvent[] = [];
  let linkFree = 0, arrived = 0;
  for (let chunk = 0; chunk < devices; chunk++) {
    const made = (chunk + 1) * wave;
    events.push({ lane: "multiply", chunk, from: made - wave, to: made });
    if (chunk === devices - 1) break;
    // What the neighbor sent in the turn before is the sum that this chunk is added to.
    const from = Math.max(made, linkFree, chunk === 0 ? 0 : arrived);
    events.push({ lane: "send", chunk, from, to: from + turn });
    linkFree = arrived = from + turn;
  }
  return {
    events,
    seconds: Math.max(multiply, arrived),
    sequential: multiply + (devices - 1) * turn,
  };
}
