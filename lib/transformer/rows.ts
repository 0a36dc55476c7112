import {
  bytesPerValue,
  type Model,
  type NumberFormat,
  valueFormat,
  widerFormat,
} from "../catalog/mod.ts";
import { type CacheMethod, type CompleteCacheMethod, completeCacheMethod } from "./cache_method.ts";
import type { Formats, Operator, Step } from "./operator.ts";
import type { Projection } from "./projections.ts";
import { weightCount } from "./projections.ts";
import type { Reads } from "./reads.ts";

/** What every row of a table needs to know, worked out once. */
export interface Shape {
  readonly model: Model;
  readonly step: Step;
  readonly formats: Formats;
  readonly devices: number;
  /** Tokens computed in the step, over all sequences. */
  readonly tokens: number;
  readonly weightBytes: number;
  readonly method: CacheMethod | undefined;
  readonly stored: CompleteCacheMethod;
  readonly reads: Reads | undefined;
  readonly activationBytes: number;
  /** What multiplications with weights are computed in: the wider of weights and activations. */
  readonly precision: NumberFormat;
}

/** Prepares the rows of one step. */
export function shapeOf(
  model: Model,
  step: Step,
  formats: Formats,
  devices: number,
  method?: CacheMethod,
  reads?: Reads,
): Shape {
  return {
    model,
    step,
    formats,
    devices,
    tokens: step.batch * step.newTokens,
    weightBytes: bytesPerValue(formats.weights),
    method,
    stored: completeCacheMethod(formats.cache, method),
    reads,
    activationBytes: bytesPerValue(formats.activations),
    precision: widerFormat(valueFormat(formats.weights), formats.activations),
  };
}

/**
 * Multiplication of some tokens with matrices that are read once: two operations a weight a token.
 *
 * Matrices with the same input, such as query, key and value, read it once. That is how they are computed.
 */
export function multiplication(
  shape: Shape,
  name: string,
  layers: number,
  matrices: readonly Projection[],
  tokens: number,
  extraParameters = 0,
): Operator {
  const weights = weightCount(matrices);
  let values = 0;
  matrices.forEach((matrix, index) => {
    const sameInput = index > 0 && matrices[index - 1]!.inputs === matrix.inputs;
    values += (sameInput ? 0 : matrix.inputs) + matrix.outputs;
  });
  return {
    name,
    layers,
    flops: layers * 2 * tokens * weights,
    bytes: {
      weights: layers * (weights + extraParameters) * shape.weightBytes,
      cache: 0,
      activations: layers * tokens * values * shape.activationBytes,
    },
    transfer: 0,
    precision: shape.precision,
  };
}

/**
 * Work on each value by itself: every value is read and written once, for a handful of operations. It runs on the
 * ordinary units, not on the matrix units, so its precision is fp32.
 */
export function elementwise(
  shape: Shape,
  name: string,
  layers: number,
  values: number,
  flopsEach: number,
  parameters = 0,
): Operator {
  return {
    name,
    layers,
    flops: layers * values * flopsEach,
    bytes: {
      weights: layers * parameters * shape.weightBytes,
      cache: 0,
      activations: layers * 2 * values * shape.activationBytes,
    },
    transfer: 0,
    precision: "fp32",
  };
}
