import type { Model } from "../../catalog/mod.ts";
import { ideal, operatorTime } from "../../roofline/mod.ts";
import {
  arithmeticIntensity,
  type Formats,
  type Operator,
  operators,
  sumOperators,
} from "../../transformer/mod.ts";
import { type FlopPerByte, requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";
import { pimTime } from "../device/pim_time.ts";
import type { AssignmentOptions, PimPair } from "./assign_operators.ts";

/** What is compared: the attention itself, or the products with weights behind it. */
export type WorkKind = "attention" | "feed-forward";

const namesOf: Record<WorkKind, readonly string[]> = {
  attention: ["attention"],
  "feed-forward": ["feed-forward up", "feed-forward down", "experts", "shared experts"],
};

/** One point of the figure. */
export interface SpeedupPoint {
  readonly batch: number;
  readonly kind: WorkKind;
  readonly intensity: FlopPerByte;
  /** How many times as fast it is in memory, transfers included; below 1 it loses. */
  readonly speedup: number;
}

/** A model that decodes. */
export interface DecodingModel {
  readonly model: Model;
  readonly context: Tokens;
  /** Default: 16 bits for everything. */
  readonly formats?: Formats;
}

/**
 * What does a batch do to the break-even? It leaves attention where it is, since each sequence reads its own cache; and it
 * moves the feed-forward, whose weights serve all sequences, to an intensity of the batch: it wins in memory for the
 * first few sequences only. A mixture of experts moves more slowly, as its tokens share few experts.
 *
 * @param batches Whole numbers from 1.
 * @example With eight queries on each key, attention gains a little; alone, one sequence's feed-forward gains all
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel, findPim } from "@fewer-bytes/catalog";
 * import { speedupByBatch } from "@fewer-bytes/pim";
 *
 * const pair = { processor: findHardware("nvidia-h100-sxm"), device: findPim("attacc-bank") };
 * const points = speedupByBatch({ model: findModel("llama-3.1-70b"), context: 4096 }, pair, [1, 64]);
 * const at = (batch: number, kind: string) =>
 *   points.find((point) => point.batch === batch && point.kind === kind)!.speedup;
 * assert(at(1, "feed-forward") > 6 && at(64, "feed-forward") < 0.2);
 * assert(at(1, "attention") > 1 && at(1, "attention") < 1.2);
 * ```
 */
export function speedupByBatch(
  { model, context, formats }: DecodingModel,
  { processor, device }: PimPair,
  batches: readonly number[],
  { efficiency = ideal, layout }: Omit<AssignmentOptions, "together"> = {},
): SpeedupPoint[] {
  return batches.flatMap((batch) => {
    requireInteger(batch, 1, "compare by batch", "the batch");
    const table = operators(
      model,
      { phase: "decode", batch, newTokens: 1, context },
      formats ? { formats } : {},
    );
    const time = (rows: readonly Operator[], each: (row: Operator) => Seconds) =>
      rows.reduce((sum, row) => sum + each(row), 0);
    return (Object.keys(namesOf) as WorkKind[]).map((kind) => {
      const rows = table.filter(({ name }) => namesOf[kind].includes(name));
      return {
        batch,
        kind,
        intensity: arithmeticIntensity(sumOperators(rows)),
        speedup: time(rows, (row) => operatorTime(row, processor, efficiency).seconds) /
          time(rows, (row) => pimTime(row, device, layout).seconds),
      };
    });
  });
}
