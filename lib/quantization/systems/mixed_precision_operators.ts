import type { Model, NumberFormat } from "../../catalog/mod.ts";
import { type Formats, type Operator, operators, type Step } from "../../transformer/mod.ts";
import { requireShare } from "./mixed_matrix_speedup.ts";

/** Four-bit weights, and four-bit keys and values, in groups of 128 with what they share: a 16-bit scale, and a zero point. */
export const mixedPrecisionFormats = {
  weights: { format: "int4", groupSize: 128, scaleBits: 16 },
  cache: { format: "int4", groupSize: 128, scaleBits: 16, zeroPointBits: 4 },
} as const satisfies Pick<Formats, "weights" | "cache">;

/**
 * What is computed and moved in a step of W4A4KV4 serving with a share of W4A8 (COMET, Liu et al. 2024)? The operator
 * table, with each multiplication of the layers split along its inputs into a 4-bit and an 8-bit part. Embedding and head
 * stay in 16 bits; norms and attention compute in 16 bits, attention from a 4-bit cache. What a multiplication reads and
 * writes counts at its rounded width, as if rounding were fused with it.
 *
 * @throws {RangeError} when the share is not from 0 to 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { mixedPrecisionOperators } from "@fewer-bytes/quantization";
 *
 * const step = { phase: "decode", batch: 8, newTokens: 1, context: 100 } as const;
 * const rows = mixedPrecisionOperators(findModel("llama-3.1-8b"), step, 0.25);
 * const up = rows.filter(({ name }) => name.startsWith("feed-forward up"));
 * assertEquals(up.map(({ precision }) => precision), ["int4", "int8"]);
 * assertEquals(up[0]!.flops, 3 * up[1]!.flops);
 * ```
 */
export function mixedPrecisionOperators(model: Model, step: Step, share8: number): Operator[] {
  requireShare(share8);
  const table = (activations: NumberFormat) =>
    operators(model, step, { formats: { ...mixedPrecisionFormats, activations } });
  const [four, eight, sixteen, plain] = [
    table("int4"),
    table("int8"),
    table("bf16"),
    operators(model, step),
  ];
  return four.flatMap((row, index) => {
    if (row.name === "embedding" || row.name === "head") return plain[index]!;
    if (row.flops === 0 || row.bytes.weights === 0 || row.precision !== "int4") {
      return sixteen[index]!;
    }
    return [part(row, 1 - share8, "4-bit"), part(eight[index]!, share8, "8-bit")];
  });
}

function part(row: Operator, share: number, width: string): Operator {
  const { weights, cache, activations } = row.bytes;
  return {
    ...row,
    name: `${row.name}, ${width}`,
    flops: row.flops * share,
    bytes: { weights: weights * share, cache: cache * share, activations: activations * share },
  };
}
