import { pimTime, severalPims } from "../../pim/mod.ts";
import { complete, type Deployment, operatorOptions, operatorTime } from "../../roofline/mod.ts";
import { type Operator, operators } from "../../transformer/mod.ts";
import {
  type Bytes,
  type BytesPerSecond,
  requireInteger,
  requirePositive,
  type Seconds,
  type Tokens,
} from "../../units/mod.ts";
import type { ComputingDrive } from "../../catalog/mod.ts";
import { driveAsMemory } from "./flash_rates.ts";

/** Caches on drives, and how they come to the device when drives do not compute. */
export interface StoredCaches {
  readonly drive: ComputingDrive;
  /** Drives that share the heads. Default 1. */
  readonly drives?: number;
  /** Bytes per second that reach the device from all drives, through the host and its file system. */
  readonly path: BytesPerSecond;
  /** The share of each cache that attention reads. Default 1; SparQ and its like read an eighth. */
  readonly read?: number;
}

/** A decode step, whose caches lie on drives. */
export interface StoredAttention {
  /** Everything but attention, on the device. */
  readonly device: Seconds;
  /** With attention on the device: all caches come over the path. */
  readonly loaded: Seconds;
  /** With attention in the drives. */
  readonly stored: Seconds;
  readonly speedup: number;
  /** What crosses to and from drives in a step. */
  readonly crossing: { readonly loaded: Bytes; readonly stored: Bytes };
}

/**
 * What is gained by attention inside the drives that hold the caches? Instead of all keys and values only queries, new keys
 * and values, and results cross the link: some vectors for each sequence. The drive then reads at the rate of its channels,
 * and that is all it gains: drives win over a slow path, not over memory.
 *
 * Attention waits for the projections before it and the output after it for attention, so the parts add up.
 *
 * @throws {RangeError} when a value is out of range.
 * @example InstInfer: OPT-13B, 64 sequences of 1,024 to 2,048 tokens; FlexGen's path gives some 1.6 GB/s
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { findComputingDrive, findHardware, findModel } from "@fewer-bytes/catalog";
 * import { storedAttention } from "@fewer-bytes/offload";
 *
 * const deployment = {
 *   model: findModel("opt-13b"),
 *   hardware: findHardware("nvidia-rtx-a6000"),
 *   formats: { weights: "fp16", cache: "fp16", activations: "fp16" },
 * } as const;
 * const drive = findComputingDrive("instinfer-csd");
 * const { speedup, crossing } = storedAttention(deployment, 64, 1536, { drive, path: 1.6e9 });
 * assertAlmostEquals(speedup, 6.98, 0.01); // reported: 6.85
 * assert(crossing.stored < crossing.loaded / 500);
 * ```
 */
export function storedAttention(
  deployment: Deployment,
  batch: number,
  context: Tokens,
  { drive, drives = 1, path, read = 1 }: StoredCaches,
): StoredAttention {
  requireInteger(drives, 1, "attend in storage", "drives");
  requirePositive(path, "attend in storage", "the path");
  if (!(read > 0 && read <= 1)) {
    throw new RangeError(
      `Cannot attend in storage as the share that is read must be above 0 and at most 1: current value is ${read}`,
    );
  }
  const full = complete(deployment);
  const step = { phase: "decode", batch, newTokens: 1, context } as const;
  const pim = severalPims(driveAsMemory(drive), drives);
  const sums = { device: 0, loaded: 0, stored: 0, whole: 0, vectors: 0 };
  for (const row of operators(full.model, step, operatorOptions(full))) {
    if (row.bytes.cache === 0) {
      sums.device += operatorTime(row, full.hardware, full.efficiency).seconds;
      continue;
    }
    const part = partly(row, read);
    sums.loaded += part.bytes.cache / path +
      operatorTime(part, full.hardware, full.efficiency).seconds;
    sums.stored += pimTime(part, pim).seconds;
    sums.whole += part.bytes.cache;
    sums.vectors += part.bytes.activations;
  }
  const loaded = sums.device + sums.loaded;
  const stored = sums.device + sums.stored;
  return {
    device: sums.device,
    loaded,
    stored,
    speedup: loaded / stored,
    crossing: { loaded: sums.whole, stored: sums.vectors },
  };
}

/**
 * Which path explains a speedup that is reported? The rate at which caches must have come to the device, so that attention
 * in the drives was so many times as fast.
 *
 * @param speedup Above 1.
 * @returns Bytes per second.
 * @throws {RangeError} when no path is so slow, or a value is out of range.
 * @example InstInfer's 6.85 times FlexGen: a quarter of what the drive's link carries
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findComputingDrive, findHardware, findModel } from "@fewer-bytes/catalog";
 * import { explainingPath } from "@fewer-bytes/offload";
 *
 * const deployment = {
 *   model: findModel("opt-13b"),
 *   hardware: findHardware("nvidia-rtx-a6000"),
 *   formats: { weights: "fp16", cache: "fp16", activations: "fp16" },
 * } as const;
 * const path = explainingPath(deployment, 64, 1536, { drive: findComputingDrive("instinfer-csd") }, 6.85);
 * assertAlmostEquals(path / 1e9, 1.63, 0.01);
 * ```
 */
export function explainingPath(
  deployment: Deployment,
  batch: number,
  context: Tokens,
  caches: Omit<StoredCaches, "path">,
  speedup: number,
): BytesPerSecond {
  requirePositive(speedup, "explain a speedup", "the speedup");
  const fast = storedAttention(deployment, batch, context, { ...caches, path: Number.MAX_VALUE });
  const seconds = speedup * fast.stored - fast.loaded;
  if (seconds <= 0) {
    throw new RangeError(
      `Cannot explain a speedup as it must be more than ${
        fast.loaded / fast.stored
      }, that of a path which takes no time: current value is ${speedup}`,
    );
  }
  return fast.crossing.loaded / seconds;
}

/** Attention that reads a part of the cache. */
function partly(row: Operator, read: number): Operator {
  return {
    ...row,
    flops: row.flops * read,
    bytes: { ...row.bytes, cache: row.bytes.cache * read },
  };
}
