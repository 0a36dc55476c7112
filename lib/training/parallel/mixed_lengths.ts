import {
  type Bytes,
  type BytesPerSecond,
  requireInteger,
  requirePositive,
  type Seconds,
  type Tokens,
} from "../../units/mod.ts";

/** Sequences of many lengths, and devices to train on them. */
export interface MixedLengths {
  readonly lengths: readonly Tokens[];
  readonly devices: number;
  /** Tokens whose activations one device can keep. */
  readonly tokensPerDevice: Tokens;
  /** The longest sequence that must be possible: static groups are made for it. */
  readonly context: Tokens;
  /** Of one sequence, forward and backward, on one device. */
  readonly seconds: (tokens: Tokens) => Seconds;
  /** Keys and values of a token in all layers, which go around in a ring. */
  readonly exchangedBytes: Bytes;
  readonly bandwidth: BytesPerSecond;
}

/** How a step went. */
export interface MixedStep {
  /** Until the last device is done. */
  readonly seconds: Seconds;
  /** The mean over devices of what they computed, over that. */
  readonly utilization: number;
  /** Sent by all devices together. */
  readonly exchanged: Bytes;
}

/**
 * Static groups: all as large as the longest sequence asks, all sequences packed to the context's length and cut into as
 * many pieces. Short ones travel the ring for nothing, and packs of equal length differ in work, since attention grows
 * with the square of each sequence in them.
 *
 * @throws {RangeError} when a sequence is longer than the context, or no group fits on the devices.
 */
export function staticGroups(work: MixedLengths): MixedStep {
  requireMixed(work);
  const { lengths, devices, tokensPerDevice, context, seconds, exchangedBytes, bandwidth } = work;
  const size = Math.ceil(context / tokensPerDevice), groups = Math.floor(devices / size);
  if (groups === 0) {
    throw new RangeError(
      `Cannot train in groups of ${size} as there must be as many devices: current value is ${devices}`,
    );
  }
  const packs: { tokens: Tokens; seconds: Seconds }[] = [];
  for (const tokens of lengths) {
    let pack = packs.find((other) => other.tokens + tokens <= context);
    if (!pack) packs.push(pack = { tokens: 0, seconds: 0 });
    pack.tokens += tokens;
    pack.seconds += seconds(tokens);
  }
  const ring = (size - 1) / size * context * exchangedBytes;
  const loads = new Float64Array(groups);
  packs.forEach((pack, index) => {
    loads[index % groups]! += Math.max(pack.seconds / size, ring / bandwidth);
  });
  return result(Math.max(...loads), packs.length * size * ring, work);
}

/**
 * Groups by need: each sequence takes as many devices as its length asks, a short one a single device and no ring. With
 * `balanced`, the longest go first, each to the devices that are free earliest; without, in the order they come.
 *
 * Source: Ge et al., "ByteScale" (2025), hybrid data parallelism and its balance scheduler.
 *
 * @throws {RangeError} when a sequence needs more devices than there are.
 * @example Where one of a hundred sequences is long, static groups mostly wait
 * ```ts
 * import { assert } from "@std/assert";
 * import { groupsByNeed, staticGroups } from "@fewer-bytes/training";
 *
 * const work = {
 *   lengths: [262_144, ...Array.from({ length: 99 }, () => 4096)],
 *   devices: 64,
 *   tokensPerDevice: 8192,
 *   context: 262_144,
 *   seconds: (tokens: number) => tokens * 1e-4 + tokens ** 2 * 1e-9,
 *   exchangedBytes: 524_288,
 *   bandwidth: 25e9,
 * };
 * assert(staticGroups(work).seconds > 1.9 * groupsByNeed(work).seconds);
 * ```
 */
export function groupsByNeed(work: MixedLengths, balanced = true): MixedStep {
  requireMixed(work);
  const { lengths, devices, tokensPerDevice, seconds, exchangedBytes, bandwidth } = work;
  const tasks = lengths.map((tokens) => {
    const size = Math.ceil(tokens / tokensPerDevice);
    if (size > devices) {
      throw new RangeError(
        `Cannot train on ${tokens} tokens as ${size} devices must be there: current value is ${devices}`,
      );
    }
    const ring = (size - 1) * tokens / size * exchangedBytes;
    const took = Math.max(seconds(tokens) / size, ring / bandwidth);
    return { size, took, sent: size * ring };
  });
  if (balanced) tasks.sort((a, b) => b.size - a.size || b.took - a.took);
  const loads = new Float64Array(devices); // in balance, in order: who is free earliest comes first
  let turn = 0;
  for (const { size, took } of tasks) {
    if (balanced) {
      const end = loads[size - 1]! + took;
      let later = size;
      while (later < devices && loads[later]! <= end) later++;
      loads.copyWithin(0, size, later).fill(end, later - size, later);
      continue;
    }
    const chosen = Array.from({ length: size }, () => turn++ % devices);
    const end = Math.max(...chosen.map((device) => loads[device]!)) + took;
    for (const device of chosen) loads[device] = end;
  }
  return result(Math.max(...loads), tasks.reduce((sum, { sent }) => sum + sent, 0), work);
}

function result(seconds: Seconds, exchanged: Bytes, work: MixedLengths): MixedStep {
  const worked = work.lengths.reduce((sum, tokens) => sum + work.seconds(tokens), 0);
  return { seconds, utilization: worked / (work.devices * seconds), exchanged };
}

function requireMixed(work: MixedLengths): void {
  const { lengths, devices, tokensPerDevice, context, exchangedBytes, bandwidth } = work;
  requireInteger(devices, 1, "train on mixed lengths", "the devices");
  requirePositive(tokensPerDevice, "train on mixed lengths", "tokensPerDevice");
  requirePositive(context, "train on mixed lengths", "the context");
  requirePositive(bandwidth, "train on mixed lengths", "the bandwidth");
  requirePositive(exchangedBytes, "train on mixed lengths", "exchangedBytes");
  if (lengths.length === 0) {
    throw new RangeError(
      "Cannot train on mixed lengths as there must be a sequence: there is none",
    );
  }
  for (const tokens of lengths) {
    requireInteger(tokens, 1, "train on mixed lengths", "a length");
    if (tokens > context) {
      throw new RangeError(
        `Cannot train on mixed lengths as each must be <= the context, ${context}: current value is ${tokens}`,
      );
    }
  }
}
