import { bytesPerValue, valueFormat, widerFormat } from "../../catalog/mod.ts";
import {
  expectedDistinctExperts,
  type Formats,
  halfPrecision,
  type Operator,
} from "../../transformer/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";

/** A layer that looks up values by product keys, beside or in place of a feed-forward network. */
export interface MemoryLayer {
  readonly hiddenSize: number;
  /** Left halves, and as many right ones: their square is the number of values. */
  readonly halfKeys: number;
  /** Width of a whole key. */
  readonly keyDimension: number;
  /** Queries that a token asks. Each has half keys of its own, and all share the values. */
  readonly heads: number;
  /** Values that each query finds. */
  readonly found: number;
  /** Width of a value; it is brought to the hidden size by one matrix when that differs. */
  readonly valueDimension: number;
  /** Vectors of a value: 1 for one that is added up, 2 for a neuron, which has one in and one out (PEER). Default 1. */
  readonly vectors?: 1 | 2;
}

/** The parameters of a memory layer. */
export interface MemoryParameters {
  readonly query: number;
  readonly keys: number;
  readonly values: number;
  readonly output: number;
  readonly total: number;
  /** Those that one token passes: all but the values that it did not find. */
  readonly active: number;
}

/**
 * How many parameters has a memory layer, and how many does a token pass?
 *
 * @throws {RangeError} when a size is no whole number from 1, or a query wants more values than there are.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryParameters } from "@fewer-bytes/experts";
 *
 * const layer = { hiddenSize: 64, halfKeys: 100, keyDimension: 32, heads: 1, found: 4, valueDimension: 64 };
 * const { values, active } = memoryParameters(layer);
 * assertEquals([values, active], [640_000, 64 * 32 + 100 * 32 + 4 * 64]);
 * ```
 */
export function memoryParameters(layer: MemoryLayer): MemoryParameters {
  requireLayer(layer);
  const { hiddenSize, halfKeys, keyDimension, heads, found, valueDimension, vectors = 1 } = layer;
  const query = hiddenSize * heads * keyDimension;
  const keys = heads * halfKeys * keyDimension; // two sets of halves
  const value = vectors * valueDimension;
  const values = halfKeys ** 2 * value;
  // A neuron has to meet the hidden state on both sides.
  const output = valueDimension === hiddenSize ? 0 : vectors * valueDimension * hiddenSize;
  const always = query + keys + output;
  return {
    query,
    keys,
    values,
    output,
    total: always + values,
    active: always + heads * found * value,
  };
}

/**
 * What does a memory layer compute and move in a step? Queries are projected, compared with all half keys, and the values
 * that they find are read: few, from anywhere in a large table.
 *
 * A row of values is read once in a step however many tokens find it; they are taken as found alike, so nearly all that is
 * found is different, and bytes of values grow with the tokens. That is the opposite of a dense layer, which reads all of
 * itself for one token and no more for many.
 *
 * @param tokens Of the step.
 * @param layers How many such layers there are. Default 1.
 * @returns Rows of the operator table, to be timed with what else the model does.
 * @throws {RangeError} as {@linkcode memoryParameters} does.
 * @example A token moves 4 MB to search a million values of 2 KB, and 131 KB of values
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { memoryOperators } from "@fewer-bytes/experts";
 *
 * const layer = {
 *   hiddenSize: 1024,
 *   halfKeys: 1024,
 *   keyDimension: 256,
 *   heads: 4,
 *   found: 16,
 *   valueDimension: 1024,
 * };
 * const bytes = Object.fromEntries(memoryOperators(layer, 1).map((row) => [row.name, row.bytes.weights]));
 * assertAlmostEquals((bytes["memory query"]! + bytes["memory keys"]!) / 1e6, 4.2, 0.01);
 * assertAlmostEquals(bytes["memory values"]! / 1e3, 131, 0.1);
 * ```
 */
export function memoryOperators(
  layer: MemoryLayer,
  tokens: Tokens,
  formats: Formats = halfPrecision,
  layers = 1,
): Operator[] {
  requireInteger(tokens, 1, "list a memory layer", "the tokens");
  requireInteger(layers, 1, "list a memory layer", "the layers");
  const { query, keys, output } = memoryParameters(layer);
  const { hiddenSize, keyDimension, heads, found, valueDimension, vectors = 1 } = layer;
  const row = (name: string, weights: number, macs: number, values: number): Operator => ({
    name,
    layers,
    flops: layers * 2 * macs,
    bytes: {
      weights: layers * weights * bytesPerValue(formats.weights),
      cache: 0,
      activations: layers * tokens * values * bytesPerValue(formats.activations),
    },
    transfer: 0,
    precision: widerFormat(valueFormat(formats.weights), formats.activations),
  });
  const read = distinctValues(layer, tokens) * vectors * valueDimension;
  const asked = heads * keyDimension;
  const rows = [
    row("memory query", query, tokens * query, hiddenSize + asked),
    row("memory keys", keys, tokens * keys, asked + 2 * heads * found),
    row(
      "memory values",
      read,
      tokens * heads * found * vectors * valueDimension,
      2 * heads * found + vectors * valueDimension,
    ),
  ];
  if (output > 0) {
    rows.push(row("memory output", output, tokens * output, valueDimension + hiddenSize));
  }
  return rows;
}

/** How many different values do some tokens find, when all are found alike? */
export function distinctValues(layer: MemoryLayer, tokens: Tokens): number {
  return expectedDistinctExperts(layer.halfKeys ** 2, layer.found, tokens * layer.heads);
}

function requireLayer(layer: MemoryLayer): void {
  const { vectors = 1, ...sizes } = layer;
  for (const [name, size] of Object.entries(sizes)) {
    requireInteger(size, 1, "size a memory layer", name);
  }
  requireInteger(vectors, 1, "size a memory layer", "vectors");
  if (layer.found > layer.halfKeys ** 2) {
    throw new RangeError(
      `Cannot size a memory layer as found must be <= its ${
        layer.halfKeys ** 2
      } values: current value is ${layer.found}`,
    );
  }
}
