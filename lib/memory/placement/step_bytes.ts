import {
  complete,
  completeRequest,
  type Deployment,
  footprint,
  operatorOptions,
  type Request,
} from "../../roofline/mod.ts";
import { type Operator, operators, sumOperators } from "../../transformer/mod.ts";
import type { Bytes } from "../../units/mod.ts";

/** One kind of bytes: what must fit, and what moves in a step. */
export interface KindOfBytes {
  readonly footprint: Bytes;
  readonly traffic: Bytes;
}

/** The bytes of a deployment, by kind, and the decode step that moves them. */
export interface StepBytes {
  readonly weights: KindOfBytes;
  readonly cache: KindOfBytes;
  readonly activations: KindOfBytes;
  /** The table of the decode step in the middle of the answer, of one device. */
  readonly operators: readonly Operator[];
}

/**
 * The two sums of a deployment, kind by kind: what each device must hold for the longest sequence, and what it moves in the
 * decode step in the middle of the answer.
 *
 * Traffic over footprint says how hard a byte works. Dense weights work once a step, all but the embedding; experts less,
 * since a step asks for some of them; a cache once for each step, and a little less, since it is read before it is full.
 *
 * @throws {RangeError} when a value of the deployment or of the request is out of range.
 * @example A mixture of experts holds much and reads little
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { stepBytes } from "@fewer-bytes/memory";
 *
 * const hardware = findHardware("nvidia-h200-sxm");
 * const density = (name: string) => {
 *   const { weights } = stepBytes({ model: findModel(name), hardware }, { promptTokens: 500, outputTokens: 500 });
 *   return weights.traffic / weights.footprint;
 * };
 * assert(density("llama-3.1-70b") > 0.97);
 * assert(density("qwen3-235b-a22b") < 0.1);
 * ```
 */
export function stepBytes(deployment: Deployment, request: Request): StepBytes {
  const full = complete(deployment);
  const { promptTokens, outputTokens, batch } = completeRequest(request);
  const held = footprint(deployment, request);
  const context = promptTokens + Math.floor((outputTokens - 1) / 2);
  const table = operators(
    full.model,
    { phase: "decode", batch, newTokens: 1, context },
    operatorOptions(full),
  );
  const { bytes } = sumOperators(table.filter(({ transfer }) => transfer === 0));
  return {
    weights: { footprint: held.weights, traffic: bytes.weights },
    cache: { footprint: held.cache, traffic: bytes.cache },
    activations: { footprint: held.activations, traffic: bytes.activations },
    operators: table,
  };
}
