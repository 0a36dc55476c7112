import type { HeadAttention, LatentAttention } from "../../catalog/mod.ts";
import { headsPerDevice } from "../../transformer/mod.ts";
import type { Tokens } from "../../units/mod.ts";
import type { ActivationOptions } from "./kept_activations.ts";

/** Adds one thing that is kept: values of a token that one device has by itself, or that all devices of the group share. */
export type Keep = (
  operator: string,
  what: string,
  values: { readonly own?: number; readonly shared?: number; readonly size?: number },
) => void;

/** What the parts of a layer need to know. */
export type Kernel =
  & Required<Pick<ActivationOptions, "attention" | "dropout" | "devices" | "trained">>
  & {
    readonly tokens: Tokens;
  };

/** What attention with keys and values for each head keeps. */
export function keepHeads(
  keep: Keep,
  attention: HeadAttention,
  hiddenSize: number,
  kernel: Kernel,
): void {
  const { query, keyValue } = headsPerDevice(attention, kernel.devices);
  const { headDimension, sharesCache } = attention;
  if (["queries", "keys", "values"].some(kernel.trained)) {
    keep("queries, keys, values", "input", { shared: hiddenSize });
  }
  keep("attention", "queries", { own: query * headDimension });
  if (!sharesCache) keep("attention", "keys and values", { own: 2 * keyValue * headDimension });
  keepScores(keep, query, query * headDimension, kernel);
}

/** What latent attention keeps: in training its keys and values are made for every head. */
export function keepLatent(
  keep: Keep,
  attention: LatentAttention,
  hiddenSize: number,
  kernel: Kernel,
): void {
  const { query } = headsPerDevice(attention, kernel.devices);
  const { queryRank = 0, keyValueRank, keyDimension, rotaryDimension, valueDimension } = attention;
  keep("queries and latent down", "input", { shared: hiddenSize });
  // Each latent is kept before its norm and behind it, where the matrix that widens it begins.
  keep("queries up", "latent, twice", { shared: 2 * queryRank });
  keep("latent up", "latent, twice", { shared: 2 * keyValueRank });
  keep("attention", "queries", { own: query * (keyDimension + rotaryDimension) });
  const pair = keyDimension + rotaryDimension + valueDimension;
  keep("attention", "keys and values", { own: query * pair });
  keepScores(keep, query, query * valueDimension, kernel);
}

function keepScores(keep: Keep, heads: number, width: number, kernel: Kernel): void {
  const { attention, dropout, tokens, trained } = kernel;
  if (attention === "scores") {
    keep("attention", "scores after softmax", { own: heads * tokens });
    if (dropout) {
      keep("attention", "mask of scores", { own: heads * tokens, size: 1 });
      keep("attention", "scores after dropout", { own: heads * tokens });
    }
  } else keep("attention", "sums of exponentials", { own: heads, size: 4 });
  // A fused kernel needs its own output again, whether the matrix behind it is trained or not.
  if (attention === "fused" || trained("output")) {
    keep("attention output", "input", { own: width });
  }
}
