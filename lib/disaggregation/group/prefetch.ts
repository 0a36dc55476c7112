import { complete, type Deployment, operatorOptions, operatorTime } from "../../roofline/mod.ts";
import { type Operator, operators, type Step } from "../../transformer/mod.ts";
import { type Bytes, requireAtLeast, type Seconds } from "../../units/mod.ts";
import { isFeedForward } from "../layers/split_layers.ts";

/** A step with and without prefetch. */
export interface PrefetchedStep {
  readonly without: Seconds;
  readonly seconds: Seconds;
  readonly speedup: number;
  /** Bytes that are read ahead in one communication, on average over the two of a layer. */
  readonly bytes: Bytes;
}

/**
 * What is gained by reading ahead while devices talk? During an all-reduce the main memory has nothing to do. PRESERVE
 * uses the time to bring weights and cache of the next operators into the on-chip cache, from where they are read for
 * nothing.
 *
 * In each of the two communications of a layer, so many bytes are read ahead as the time allows, as the chip holds, and as
 * the next operators read from memory: feed-forward after attention, attention after feed-forward. An operator that waits
 * for its arithmetic gains nothing.
 *
 * Source: Yüzügüler et al., "PRESERVE: Prefetching Model Weights and KV-Cache in Distributed LLM Serving" (2025).
 *
 * @param onChip Bytes of on-chip cache that are free for it.
 * @param latency Seconds that each communication takes besides its bytes. Default 0.
 * @throws {RangeError} when a value is out of range.
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { prefetchedStep } from "@fewer-bytes/disaggregation";
 *
 * const deployment = { model: findModel("llama-3.1-70b"), hardware: findHardware("nvidia-h100-sxm"), devices: 8 };
 * const step = { phase: "decode", batch: 16, newTokens: 1, context: 4000 } as const;
 * assertEquals(prefetchedStep(deployment, step, 0, 30e-6).speedup, 1);
 * assert(prefetchedStep(deployment, step, 50e6, 30e-6).speedup > 1.1);
 * ```
 */
export function prefetchedStep(
  deployment: Deployment,
  step: Step,
  onChip: Bytes,
  latency: Seconds = 0,
): PrefetchedStep {
  requireAtLeast(onChip, 0, "prefetch", "onChip");
  requireAtLeast(latency, 0, "prefetch", "latency");
  const full = complete(deployment);
  const { hardware, efficiency } = full;
  const bandwidth = hardware.memory[0].bandwidth * efficiency.memory;
  let without = 0, saved = 0, bytes = 0, communications = 0;
  for (const group of full.model.layers) {
    const model = { ...full.model, layers: [group] };
    const rows = operators(model, step, operatorOptions(full)).filter(inLayer);
    const time = (row: Operator) => operatorTime(row, hardware, efficiency).seconds;
    const sent = rows.find(({ name }) => name === "all-reduce");
    const talk = sent ? time(sent) / (2 * group.count) + latency : 0;
    without += rows.reduce((sum, row) => sum + (row === sent ? 0 : time(row)), 0) +
      2 * group.count * talk;
    for (const next of [rows.filter(isFeedForward), rows.filter((row) => !isFeedForward(row))]) {
      let room = Math.min(onChip, talk * bandwidth);
      for (const row of next) {
        if (row === sent) continue;
        const { compute, memory } = operatorTime(row, hardware, efficiency);
        const stored = (row.bytes.weights + row.bytes.cache) / row.layers;
        const taken = Math.min(room, stored);
        room -= taken;
        bytes += group.count * taken;
        saved += row.layers *
          Math.min(taken / bandwidth, Math.max(0, memory - compute) / row.layers);
      }
    }
    communications += 2 * group.count;
  }
  const outer = operators(full.model, step, operatorOptions(full)).filter((row) => !inLayer(row))
    .reduce((sum, row) => sum + operatorTime(row, hardware, efficiency).seconds, 0);
  without += outer;
  return {
    without,
    seconds: without - saved,
    speedup: without / (without - saved),
    bytes: bytes / communications,
  };
}

function inLayer({ name }: Operator): boolean {
  return !["embedding", "final norm", "head"].includes(name);
}
