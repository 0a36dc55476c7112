import type { Attention, Model } from "../catalog/mod.ts";

/** One weight matrix: it takes vectors of one width to vectors of another. */
export interface Projection {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** How heads are spread over the devices of a tensor-parallel group. */
export interface Heads {
  readonly query: number;
  readonly keyValue: number;
}

/**
 * How many heads does each device hold? Query heads are split; key-value heads too while there are enough of them, and
 * beyond that every device keeps a whole one, so the cache stops shrinking.
 *
 * @throws {RangeError} when the query heads cannot be split evenly.
 */
export function headsPerDevice(attention: Attention, devices: number): Heads {
  if (attention.queryHeads % devices !== 0) {
    throw new RangeError(
      `Cannot split attention over ${devices} devices as its ${attention.queryHeads} query heads must divide evenly`,
    );
  }
  const keyValueHeads = attention.kind === "heads" ? attention.keyValueHeads : attention.queryHeads;
  return { query: attention.queryHeads / devices, keyValue: Math.ceil(keyValueHeads / devices) };
}

/**
 * Which weight matrices has one attention layer, on one device?
 *
 * Latent attention has more of them, each smaller: queries and keys go down to a latent, and up again per head.
 */
export function attentionProjections(
  model: Model,
  attention: Attention,
  devices = 1,
): Projection[] {
  const { hiddenSize } = model;
  const heads = headsPerDevice(attention, devices);
  if (attention.kind === "heads") {
    const { headDimension } = attention;
    const keyValues = attention.sharesCache ? [] : ["keys", "values"].map((name) => ({
      name,
      inputs: hiddenSize,
      outputs: heads.keyValue * headDimension,
    }));
    return [
      { name: "queries", inputs: hiddenSize, outputs: heads.query * headDimension },
      ...keyValues,
      { name: "output", inputs: heads.query * headDimension, outputs: hiddenSize },
    ];
  }
  const { queryRank, keyValueRank, rotaryDimension, keyDimension, valueDimension } = attention;
  const queryWidth = heads.query * (keyDimension + rotaryDimension);
  return [
    ...(queryRank
      ? [{ name: "queries down", inputs: hiddenSize, outputs: queryRank }, {
        name: "queries up",
        inputs: queryRank,
        outputs: queryWidth,
      }]
      : [{ name: "queries", inputs: hiddenSize, outputs: queryWidth }]),
    { name: "latent down", inputs: hiddenSize, outputs: keyValueRank + rotaryDimension },
    {
      name: "latent up",
      inputs: keyValueRank,
      outputs: heads.query * (keyDimension + valueDimension),
    },
    { name: "output", inputs: heads.query * valueDimension, outputs: hiddenSize },
  ];
}

/** The matrices of one feed-forward network: up and down, and a gate beside the way up in gated ones. */
export function feedForwardProjections(
  hiddenSize: number,
  intermediateSize: number,
  gated: boolean,
): Projection[] {
  const up = { name: "up", inputs: hiddenSize, outputs: intermediateSize };
  return [...(gated ? [{ ...up, name: "gate" }] : []), up, {
    name: "down",
    inputs: intermediateSize,
    outputs: hiddenSize,
  }];
}

/** The weights of some matrices together. */
export function weightCount(projections: readonly Projection[]): number {
  return projections.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0);
}
