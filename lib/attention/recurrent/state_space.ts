import { bytesPerValue, type Storage } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { type Projection, weightCount } from "../../transformer/mod.ts";
import type { Bytes } from "../../units/mod.ts";

/** The shape of one state-space layer, as Mamba has it. */
export interface StateSpace {
  readonly hiddenSize: number;
  /** Channels: the hidden size times its "expand". */
  readonly innerSize: number;
  /** States of each channel. */
  readonly stateSize: number;
  /** Tokens that the short convolution before the scan looks at. */
  readonly convolution: number;
  /** Mamba: the width through which each channel gets a step of its own. */
  readonly stepRank?: number;
  /** Mamba-2: heads, in each of which channels share their step and decay. One of the two is given. */
  readonly heads?: number;
}

/** The memory of one layer, as it is printed and computed. */
export const stateBytesFormula = formula(
  "bytes = (channels * states + convolved * taps) * size",
  {
    bytes: "bytes for each sequence in one layer, at any context",
    channels: "channels of the layer",
    states: "states of each channel",
    convolved: "channels of the short convolution: in Mamba-2 also what is written and read",
    taps: "tokens that the convolution looks at",
    size: "bytes of one value",
  },
);

/** How many bytes does one layer remember of a sequence? They do not depend on how long it is. */
export function stateBytes(layer: StateSpace, storage: Storage = "bf16"): Bytes {
  return stateValues(layer) * bytesPerValue(storage);
}

/** The matrices of one layer. */
export function stateSpaceProjections(layer: StateSpace): {
  readonly input: Projection[];
  readonly selection: Projection[];
  readonly output: Projection[];
} {
  const { hiddenSize: hidden, innerSize: inner, stateSize, stepRank, heads } = layer;
  if ((stepRank === undefined) === (heads === undefined)) {
    throw new TypeError(
      `Cannot describe a state-space layer as it must have either stepRank or heads: current values are ${stepRank} and ${heads}`,
    );
  }
  const output = [{ name: "output", inputs: inner, outputs: hidden }];
  // Both begin with the channels and their gate; Mamba-2 gets steps, writing and reading from the same product.
  if (heads !== undefined) {
    const outputs = 2 * inner + 2 * stateSize + heads;
    return { input: [{ name: "input", inputs: hidden, outputs }], selection: [], output };
  }
  return {
    input: [{ name: "input", inputs: hidden, outputs: 2 * inner }],
    selection: [
      { name: "step, write, read", inputs: inner, outputs: stepRank! + 2 * stateSize },
      { name: "step up", inputs: stepRank!, outputs: inner },
    ],
    output,
  };
}

/** The parameters of one layer, its norms aside but for the one inside Mamba-2. */
export function stateSpaceParameters(layer: StateSpace): number {
  const { input, selection, output } = stateSpaceProjections(layer);
  return weightCount([...input, ...selection, ...output]) + convolutionWeights(layer) +
    scanWeights(layer) + (layer.heads === undefined ? 0 : layer.innerSize);
}

function stateValues(layer: StateSpace): number {
  return layer.innerSize * layer.stateSize + convolvedChannels(layer) * layer.convolution;
}

/** The channels that pass the short convolution: in Mamba-2 also what is written and read. */
export function convolvedChannels({ innerSize, stateSize, heads }: StateSpace): number {
  return innerSize + (heads === undefined ? 0 : 2 * stateSize);
}

/** The weights of the short convolution, with a bias for each channel. */
export function convolutionWeights(layer: StateSpace): number {
  return convolvedChannels(layer) * (layer.convolution + 1);
}

/** The weights of the scan: decay, skip and the bias of the step. */
export function scanWeights({ innerSize, stateSize, heads }: StateSpace): number {
  return heads === undefined ? innerSize * (stateSize + 2) : 3 * heads;
}
