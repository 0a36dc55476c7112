import { bytesPerValue, type Model, type Storage } from "../../catalog/mod.ts";
import { parameters } from "../../transformer/mod.ts";
import type { Bytes, BytesPerSecond, Seconds } from "../../units/mod.ts";
import { type FlashReads, readThroughput } from "../flash/read_throughput.ts";
import { neuronBytes } from "./neuron_bytes.ts";
import type { WindowReads } from "./window_reads.ts";

/** What is tried, one thing added after the other. */
export type FlashStep = "everything" | "half stays" | "active neurons" | "window" | "bundles";

/** What a token reads from flash. */
export interface FlashLoad {
  readonly step: FlashStep;
  readonly bytes: Bytes;
  /** Of one read; undefined where the file is read in one go. */
  readonly chunk: Bytes | undefined;
  readonly throughput: BytesPerSecond;
  readonly seconds: Seconds;
}

/** A model on flash. */
export interface FlashModel {
  readonly model: Model;
  /** How weights are stored. */
  readonly storage: Storage;
  readonly flash: FlashReads;
  /** Reads under way at once. Default 1. */
  readonly depth?: number;
  /** The share of neurons that is predicted to be active for a token. */
  readonly activity: number;
  /** What a window leaves to read; see {@linkcode windowReads}. */
  readonly window: WindowReads;
  /** The share of the weights that memory holds, when nothing is known of neurons. Default 0.5. */
  readonly held?: number;
}

/**
 * What does each idea of "LLM in a flash" save? For one token, added one after the other: read everything; keep half of it;
 * keep what every token needs and read the active neurons; read only those that the last tokens had not; read them in
 * bundles.
 *
 * The first three read less. They also read in small pieces, so throughput falls to a fifth; bundles win a part of it back,
 * less than the double of their size.
 *
 * @throws {RangeError} when a value is out of range.
 * @example OPT-6.7B on an M1 Max, 32 threads. Reported: 2196, 1090, 738, 164 and 87 ms
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { fitReads, flashLoads } from "@fewer-bytes/offload";
 *
 * const flash = fitReads([[8192, 1.25e9], [16_384, 2.25e9], [2 ** 30, 6.1e9]].map(([bytes, rate]) => (
 *   { bytes: bytes!, seconds: bytes! / rate! }
 * )));
 * const loads = flashLoads({
 *   model: findModel("opt-6.7b"), storage: "fp16", flash, activity: 0.1, window: { loaded: 0.024, resident: 0.24 },
 * });
 * assertEquals(loads.map(({ seconds }) => Math.round(1000 * seconds)), [2165, 1082, 659, 158, 96]);
 * ```
 */
export function flashLoads(setup: FlashModel): FlashLoad[] {
  const { model, storage, flash, depth = 1, activity, window, held = 0.5 } = setup;
  for (const [name, share] of Object.entries({ activity, loaded: window.loaded, held })) {
    if (!(share >= 0 && share <= 1)) {
      throw new RangeError(
        `Cannot load from flash as ${name} must be from 0 to 1: current value is ${share}`,
      );
    }
  }
  const { total, feedForward } = parameters(model);
  const size = bytesPerValue(storage);
  const { alone, bundled } = neuronBytes(model, storage);
  const load = (step: FlashStep, bytes: Bytes, chunk?: Bytes): FlashLoad => {
    const throughput = chunk ? readThroughput(flash, chunk, depth) : flash.bandwidth;
    return { step, bytes, chunk, throughput, seconds: bytes / throughput };
  };
  return [
    load("everything", total * size),
    load("half stays", (1 - held) * total * size),
    load("active neurons", activity * feedForward * size, alone),
    load("window", window.loaded * feedForward * size, alone),
    load("bundles", window.loaded * feedForward * size, bundled),
  ];
}
