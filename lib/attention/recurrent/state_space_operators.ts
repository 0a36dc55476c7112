import { bytesPerValue } from "../../catalog/mod.ts";
import {
  type Formats,
  halfPrecision,
  type Operator,
  type Projection,
  type Step,
  weightCount,
} from "../../transformer/mod.ts";
import {
  convolutionWeights,
  convolvedChannels,
  scanWeights,
  type StateSpace,
  stateSpaceProjections,
} from "./state_space.ts";

/**
 * The rows of state-space layers in the table of a step. The state stands where the cache stands: it is read and written
 * once in a step for each sequence, whatever the context.
 *
 * The scan counts six operations for each state, token after token; exponentials are not counted, as elsewhere in the
 * table. Mamba scans on the ordinary units, in fp32; Mamba-2 turns most of a prompt's scan into matrix products of about
 * as many operations.
 */
export function stateSpaceOperators(
  layer: StateSpace,
  count: number,
  step: Step,
  formats: Formats = halfPrecision,
): Operator[] {
  const [weightSize, stateSize, size] = [formats.weights, formats.cache, formats.activations].map(
    (storage) => bytesPerValue(storage),
  ) as [number, number, number];
  const { innerSize: inner, convolution } = layer;
  const { input, selection, output } = stateSpaceProjections(layer);
  const tokens = step.batch * step.newTokens;
  const convolved = convolvedChannels(layer);
  const row = (
    name: string,
    operations: number,
    weights: number,
    kept: number,
    values: number,
    precision = formats.activations,
  ): Operator => ({
    name,
    layers: count,
    flops: count * tokens * operations,
    bytes: {
      weights: count * weights * weightSize,
      cache: count * 2 * step.batch * kept * stateSize,
      activations: count * tokens * values * size,
    },
    transfer: 0,
    precision,
  });
  const product = (name: string, matrices: Projection[]) => {
    const weights = weightCount(matrices);
    const values = matrices.reduce((sum, { inputs, outputs }) => sum + inputs + outputs, 0);
    return row(name, 2 * weights, weights, 0, values);
  };
  const scanned = inner * layer.stateSize;
  const steps = layer.heads ?? inner;
  const scanPrecision = layer.heads !== undefined && step.phase === "prefill"
    ? formats.activations
    : "fp32";
  return [
    product("state-space input", input),
    row(
      "convolution",
      2 * convolved * convolution,
      convolutionWeights(layer),
      convolved * convolution,
      2 * convolved,
      "fp32",
    ),
    ...(selection.length > 0 ? [product("selection", selection)] : []),
    row(
      "selective scan",
      6 * scanned,
      scanWeights(layer),
      scanned,
      3 * inner + steps + 2 * layer.stateSize,
      scanPrecision,
    ),
    product("state-space output", output),
  ];
}
