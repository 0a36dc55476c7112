import {
  complete,
  type Deployment,
  footprint,
  operatorOptions,
  stepTime,
} from "../../roofline/mod.ts";
import { type Operator, operators, sumOperators } from "../../transformer/mod.ts";
import { type Bytes, requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";

/** One more technique, and what it changes of a deployment. */
export interface StackStep {
  readonly name: string;
  readonly change: Partial<Pick<Deployment, "formats" | "attention" | "cache" | "reads">>;
}

/** A deployment with some techniques on top of each other. */
export interface StackStage {
  readonly name: string;
  /** What must fit: storage. */
  readonly stored: { readonly weights: Bytes; readonly cache: Bytes };
  /** What moves for the next token: traffic. */
  readonly moved: Operator["bytes"];
  /** The time of that token at least. */
  readonly seconds: Seconds;
  readonly fits: boolean;
}

/**
 * What do techniques save together, in storage and in traffic?
 *
 * Each is applied to the deployment that the ones before it left, and the operator table is computed anew. Factors from
 * abstracts are never multiplied: one that shrinks reads leaves the storage as it was, or adds to it, and none of those
 * that shrink the cache shrinks the weights, which are read for every token too.
 *
 * @param deployment Where it starts.
 * @param context Tokens of the one sequence that is decoded.
 * @returns The start, and a stage for each step.
 * @throws {RangeError} unless the context is a whole number of at least 1.
 * @example Reading less is not storing less
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { stack } from "@fewer-bytes/cache";
 *
 * const start = { model: findModel("qwen3-8b"), hardware: findHardware("nvidia-b200") };
 * const reads = { name: "a tenth", attended: (visible: number) => Math.ceil(visible / 10) };
 * const [all, tenth] = stack(start, 1_000_000, [{ name: "sparse reads", change: { reads } }]);
 * assert(all!.stored.cache > 147e9 && tenth!.stored.cache === all!.stored.cache);
 * assert(tenth!.moved.cache < 15e9 && tenth!.moved.weights > 15e9);
 * ```
 */
export function stack(
  deployment: Deployment,
  context: Tokens,
  steps: readonly StackStep[],
): StackStage[] {
  requireInteger(context, 1, "stack techniques", "the context");
  const stages = [stage("as it is", deployment, context)];
  let current = deployment;
  for (const { name, change } of steps) {
    current = { ...current, ...change };
    stages.push(stage(name, current, context));
  }
  return stages;
}

function stage(name: string, deployment: Deployment, context: Tokens): StackStage {
  const full = complete(deployment);
  const table = operators(
    full.model,
    { phase: "decode", batch: 1, newTokens: 1, context },
    operatorOptions(full),
  );
  // The prompt is all but one token, so that cache and weights are those of this step.
  const { weights, cache, fits } = footprint(deployment, {
    promptTokens: Math.max(1, context - 1),
    outputTokens: 1,
  });
  return {
    name,
    stored: { weights, cache },
    moved: sumOperators(table).bytes,
    seconds: stepTime(table, full.hardware, full.efficiency).seconds,
    fits,
  };
}
