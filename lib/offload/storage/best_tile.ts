import { formula } from "../../numeric/mod.ts";
import { requireInteger, requirePositive, type Seconds } from "../../units/mod.ts";
import type { ComputingDrive } from "../../catalog/mod.ts";

/** The height of the best tile, as it is printed and computed. */
export const tileHeightFormula = formula("height = sqrt(cores * page)", {
  height: "rows of the tile, in values of one byte",
  cores: "that share a channel",
  page: "bytes that each core reads at once",
});

/** How a matrix of one-byte weights is cut for cores at the dies. */
export interface FlashTile {
  /** Results that come back, and inputs that are sent, by all channels together. */
  readonly height: number;
  readonly width: number;
  /** Bytes over one channel for a tile: its part of the inputs, and partial results. */
  readonly channelBytes: number;
  /** Until a tile is done: its page is read, and its inputs have come. */
  readonly seconds: Seconds;
  /** The share of a channel's time that tiles take; the rest can carry weights to the processor. */
  readonly channelShare: number;
}

/**
 * Which tile of a matrix do all cores compute at once, so that channels carry least? Each channel's cores hold cores × page
 * weights of a tile. A channel sends them width / channels inputs and brings back height results: their product is given,
 * and their sum is least when both are equal.
 *
 * @param drive With cores at its dies.
 * @param height Of another tile than the best, to compare; a whole number.
 * @throws {RangeError} when the drive computes in its controller, or a value is out of range.
 * @example Cambricon-LLM-S: tiles of 256 x 2,048, which take 1.7 % of the channels
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { findComputingDrive } from "@fewer-bytes/catalog";
 * import { bestTile } from "@fewer-bytes/offload";
 *
 * const { height, width, channelShare } = bestTile(findComputingDrive("cambricon-llm-s"));
 * assertEquals([height, width], [256, 2048]);
 * assertAlmostEquals(channelShare, 0.017, 0.001);
 * ```
 */
export function bestTile(drive: ComputingDrive, height?: number): FlashTile {
  const { id, channels, channelRate, array } = drive;
  if (drive.processor !== "die" || !array) {
    throw new RangeError(`Cannot cut tiles as ${id} must compute at its dies`);
  }
  requirePositive(channelRate, "cut tiles", "channelRate");
  requirePositive(array.read, "cut tiles", "the seconds of a page");
  const held = array.chips * array.dies * array.cores * array.page;
  if (height !== undefined) requireInteger(height, 1, "cut tiles", "the height");
  const rows = height ?? Math.sqrt(held);
  const inputs = held / rows;
  const channelBytes = rows + inputs;
  return {
    height: rows,
    width: channels * inputs,
    channelBytes,
    seconds: array.read + inputs / channelRate,
    channelShare: channelBytes / (array.read * channelRate),
  };
}
