import { type MultiplyRows, multiplyRows, type Weight } from "../lm/mod.ts";
import type { Bytes } from "../units/mod.ts";
import { density } from "./mask.ts";

/** What was read while gates were thresholded. */
export interface GateReads {
  /** Share of gates that stayed open, over all tokens. */
  readonly open: number;
  /** Bytes of the feed-forward matrices that one token at a time has to read. */
  readonly read: Bytes;
  /** The same with all gates open. */
  readonly total: Bytes;
}

/**
 * Which parts of a SwiGLU network need not be read, once the gate is known? Where `silu(gate)` is small it is taken for
 * zero, and with it the product: neither the row of the way up nor the column of the way down matters then. The gate
 * itself is always read, so at most two thirds of the network can be saved.
 *
 * Source: Lee et al., "CATS: Contextually-Aware Thresholding for Sparsity in Large Language Models" (2024).
 *
 * @param threshold Of |silu(gate)|, for each gate matrix.
 * @returns `multiply` for `forward`, `score` or `generate`, and `reads`, which tells what was read so far.
 * @example Every gate below the threshold: only the gates were read
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { denseCache, forward, loadModel } from "@fewer-bytes/lm";
 * import { thresholdGates } from "@fewer-bytes/sparsity";
 *
 * const model = await loadModel("target");
 * const { multiply, reads } = thresholdGates(() => Infinity);
 * forward(model, [{ tokens: [1, 2], cache: denseCache(model) }], { multiply });
 * assertAlmostEquals(reads().read / reads().total, 1 / 3);
 * ```
 */
export function thresholdGates(
  threshold: (gate: Weight) => number,
): { multiply: MultiplyRows; reads: () => GateReads } {
  let gates = new Float32Array();
  let [open, count, read, total] = [0, 0, 0, 0];
  /** Counts a feed-forward matrix: of the given share of its bytes for each token. */
  const note = ({ data }: Weight, rows: number, share: number) => {
    read += rows * share * data.byteLength;
    total += rows * data.byteLength;
  };
  const multiply: MultiplyRows = (x, rows, weight, y) => {
    multiplyRows(x, rows, weight, y);
    if (weight.name.endsWith("gate_proj.weight")) {
      const limit = threshold(weight);
      // silu(0) is 0, so a gate that is set to zero closes its channel by itself.
      for (let i = 0; i < y.length; i++) {
        if (Math.abs(y[i]! / (1 + Math.exp(-y[i]!))) < limit) y[i] = 0;
      }
      gates = y.slice();
      open += density(gates) * gates.length;
      count += gates.length;
      note(weight, rows, 1);
    } else if (/(up|down)_proj\.weight$/.test(weight.name)) {
      note(weight, rows, density(gates));
    }
  };
  return { multiply, reads: () => ({ open: open / count, read, total }) };
}
