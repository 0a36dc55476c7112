import { Matrix, type Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type RotaryOptions, rotateRows } from "../positions/rotary.ts";
import type { HeadAttentionOptions } from "./head_weights.ts";
import { project } from "./columns.ts";
import { headAttention } from "./head_attention.ts";

/** The weights of one attention layer, each of `outputs` rows of `inputs` numbers. */
export interface AttentionLayer {
  readonly queries: Matrix;
  readonly keys: Matrix;
  readonly values: Matrix;
  readonly output: Matrix;
}

/** The keys and values of one layer: what a cache keeps of it. */
export interface KeysAndValues {
  readonly keys: Matrix;
  readonly values: Matrix;
}

/** How a layer is run. */
export interface AttentionLayerOptions extends HeadAttentionOptions {
  /** How queries and keys are turned; absent when the layer knows no positions (NoPE). */
  readonly rotary?: Omit<RotaryOptions, "heads">;
}

/** A layer with random weights that keep the size of what passes them. */
export function randomAttentionLayer(
  hiddenSize: number,
  { query, keyValue }: { readonly query: number; readonly keyValue: number },
  headDimension: number,
  random: Random,
): AttentionLayer {
  requireInteger(hiddenSize, 1, "make a layer", "hiddenSize");
  requireInteger(headDimension, 1, "make a layer", "headDimension");
  requireInteger(query, 1, "make a layer", "query heads");
  requireInteger(keyValue, 1, "make a layer", "keyValue heads");
  const matrix = (outputs: number, inputs: number) =>
    new Matrix(
      outputs,
      inputs,
      Float64Array.from({ length: outputs * inputs }, () => random.normal() / Math.sqrt(inputs)),
    );
  return {
    queries: matrix(query * headDimension, hiddenSize),
    keys: matrix(keyValue * headDimension, hiddenSize),
    values: matrix(keyValue * headDimension, hiddenSize),
    output: matrix(hiddenSize, query * headDimension),
  };
}

/** The keys, turned to their positions, and the values that a layer makes of its input. */
export function keysAndValues(
  layer: Pick<AttentionLayer, "keys" | "values">,
  x: Matrix,
  { rotary, queryHeads = 1, keyValueHeads = queryHeads }: AttentionLayerOptions = {},
): KeysAndValues {
  const keys = project(x, layer.keys);
  return {
    keys: rotary ? rotateRows(keys, { ...rotary, heads: keyValueHeads }) : keys,
    values: project(x, layer.values),
  };
}

/**
 * One layer of a stack: attention, its result added to what came in.
 *
 * @param x One token in each row.
 * @param cache The keys and values to look at: those that {@linkcode keysAndValues} makes of x, or an earlier layer's.
 */
export function runAttentionLayer(
  layer: Pick<AttentionLayer, "queries" | "output">,
  x: Matrix,
  cache: KeysAndValues,
  options: AttentionLayerOptions = {},
): Matrix<Float64Array> {
  const { rotary, queryHeads = 1 } = options;
  const projected = project(x, layer.queries);
  const queries = rotary ? rotateRows(projected, { ...rotary, heads: queryHeads }) : projected;
  const added = project(headAttention(queries, cache.keys, cache.values, options), layer.output);
  return added.map((value, i) => value + x.data[i]!);
}
