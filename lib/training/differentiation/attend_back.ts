/** Attention of all heads of one sequence, forward and backward, by FlashAttention's kernels: no scores are kept. */
import { flashAttention, flashBackward } from "../../attention/mod.ts";
import { type LanguageModel, rotateHeads } from "../../lm/mod.ts";
import { Matrix } from "../../numeric/mod.ts";

/** What goes into attention, a row for each token; queries and keys are turned to their positions. */
export interface Attended {
  readonly queries: Float32Array;
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/** What comes out: a row for each token, and of each head one number for each token. */
export interface AttentionResult {
  readonly attended: Float32Array;
  readonly sums: Float32Array;
}

type Heads = Pick<LanguageModel, "queryHeads" | "keyValueHeads" | "headDimension" | "ropeTheta">;

/** Turns all rows to their positions, or, for derivatives, back. */
export function turn(x: Float32Array, heads: number, model: Heads, direction: 1 | -1): void {
  const { headDimension, ropeTheta } = model, width = heads * headDimension;
  for (let row = 0; row < x.length / width; row++) {
    rotateHeads(x, row * width, heads, headDimension, direction * row, ropeTheta);
  }
}

export function attendForward(model: Heads, inputs: Attended): AttentionResult {
  const { queryHeads, headDimension } = model;
  const attended = new Float32Array(inputs.queries.length);
  const tokens = attended.length / (queryHeads * headDimension);
  const sums = new Float32Array(queryHeads * tokens);
  for (let head = 0; head < queryHeads; head++) {
    const { output, logSumExp } = flashAttention(headOf(model, inputs, head), { causal: true });
    addHead(attended, queryHeads, head, output);
    sums.set(logSumExp, head * tokens);
  }
  return { attended, sums };
}

/** Derivatives by queries, keys and values. Query heads that share keys and values add up theirs. */
export function attendBackward(
  model: Heads,
  inputs: Attended,
  { attended, sums }: AttentionResult,
  slopes: Float32Array,
): Attended {
  const { queryHeads, keyValueHeads, headDimension } = model;
  const group = queryHeads / keyValueHeads, tokens = sums.length / queryHeads;
  const gradients = {
    queries: new Float32Array(inputs.queries.length),
    keys: new Float32Array(inputs.keys.length),
    values: new Float32Array(inputs.values.length),
  };
  for (let head = 0; head < queryHeads; head++) {
    const forward = {
      output: takeHead(attended, queryHeads, head, headDimension),
      logSumExp: sums.slice(head * tokens, (head + 1) * tokens),
    };
    const back = flashBackward(
      headOf(model, inputs, head),
      forward,
      takeHead(slopes, queryHeads, head, headDimension),
      { causal: true },
    );
    const shared = Math.floor(head / group);
    addHead(gradients.queries, queryHeads, head, back.queries);
    addHead(gradients.keys, keyValueHeads, shared, back.keys);
    addHead(gradients.values, keyValueHeads, shared, back.values);
  }
  return gradients;
}

function headOf(
  { queryHeads, keyValueHeads, headDimension }: Heads,
  { queries, keys, values }: Attended,
  head: number,
) {
  const shared = Math.floor(head * keyValueHeads / queryHeads);
  return {
    queries: takeHead(queries, queryHeads, head, headDimension),
    keys: takeHead(keys, keyValueHeads, shared, headDimension),
    values: takeHead(values, keyValueHeads, shared, headDimension),
  };
}

/** One head of each row. */
function takeHead(x: Float32Array, heads: number, head: number, dimension: number) {
  const rows = x.length / (heads * dimension), taken = Matrix.zeros(rows, dimension);
  for (let row = 0; row < rows; row++) {
    const start = (row * heads + head) * dimension;
    taken.data.set(x.subarray(start, start + dimension), row * dimension);
  }
  return taken;
}

function addHead(
  x: Float32Array,
  heads: number,
  head: number,
  { rows, columns, data }: Matrix<Float32Array>,
): void {
  for (let row = 0; row < rows; row++) {
    const start = (row * heads + head) * columns;
    for (let i = 0; i < columns; i++) x[start + i]! += data[row * columns + i]!;
  }
}
