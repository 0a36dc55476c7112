import {
  type HeadAttention,
  type LatentAttention,
  type Layers,
  valueFormat,
  widerFormat,
} from "../catalog/mod.ts";
import { cachedValues } from "./cache.ts";
import type { Operator } from "./operator.ts";
import { attentionProjections, headsPerDevice } from "./projections.ts";
import { multiplication, type Shape } from "./rows.ts";
import { visibleKeys, visiblePairs } from "./visible_pairs.ts";

/** The rows of one attention layer: projections, the attention itself, the output. */
export function attentionOperators({ attention, count }: Layers, shape: Shape): Operator[] {
  return attention.kind === "heads"
    ? headOperators(attention, count, shape)
    : latentOperators(attention, count, shape);
}

function headOperators(attention: HeadAttention, count: number, shape: Shape): Operator[] {
  const { tokens, devices } = shape;
  const projections = attentionProjections(shape.model, attention, devices);
  const heads = headsPerDevice(attention, devices).query;
  const { headDimension } = attention;
  return [
    multiplication(
      shape,
      "queries, keys, values",
      count,
      projections.slice(0, -1),
      tokens,
      attention.extraParameters / devices,
    ),
    core(shape, "attention", count, {
      heads,
      scoreWidth: headDimension,
      valueWidth: headDimension,
      cached: cachedValues(attention, devices),
      written: attention.sharesCache ? 0 : cachedValues(attention, devices),
      window: attention.window ?? Infinity,
    }),
    multiplication(shape, "attention output", count, projections.slice(-1), tokens),
  ];
}

function latentOperators(attention: LatentAttention, count: number, shape: Shape): Operator[] {
  const { tokens, step, devices } = shape;
  const projections = attentionProjections(shape.model, attention, devices);
  const named = (...names: string[]) => projections.filter(({ name }) => names.includes(name));
  const heads = headsPerDevice(attention, devices).query;
  const { keyValueRank, rotaryDimension, keyDimension, valueDimension } = attention;
  const cached = cachedValues(attention);
  const down = multiplication(
    shape,
    "queries and latent down",
    count,
    named("queries", "queries down", "latent down"),
    tokens,
    attention.extraParameters,
  );
  const up = attention.queryRank
    ? [multiplication(shape, "queries up", count, named("queries up"), tokens)]
    : [];
  const output = multiplication(shape, "attention output", count, named("output"), tokens);

  if (step.phase === "prefill") {
    // Every latent, new or cached, is expanded into keys and values per head; attention then is the ordinary one.
    const latents = step.batch * (step.newTokens + step.context);
    const widths = heads * (keyDimension + valueDimension);
    const expand = multiplication(shape, "latent up", count, named("latent up"), latents);
    const attend = core(shape, "attention", count, {
      heads,
      scoreWidth: keyDimension + rotaryDimension,
      valueWidth: valueDimension,
      cached: 0,
      written: cached,
      window: Infinity,
    });
    const { activationBytes, cacheBytes } = shape;
    const expandBytes = {
      weights: expand.bytes.weights,
      cache: count * step.batch * step.context * cached * cacheBytes,
      activations: count * (tokens * keyValueRank + latents * widths) * activationBytes,
    };
    const readBack = attend.bytes.activations + count * latents * widths * activationBytes;
    return [
      down,
      ...up,
      { ...expand, bytes: expandBytes },
      { ...attend, bytes: { ...attend.bytes, activations: readBack } },
      output,
    ];
  }
  // The way up is multiplied into the queries before, and into the result after, so keys and values are never formed.
  const absorb = [
    {
      name: "absorb keys",
      inputs: heads * keyDimension,
      outputs: heads * keyValueRank,
      weights: heads * keyDimension * keyValueRank,
    },
    {
      name: "absorb values",
      inputs: heads * keyValueRank,
      outputs: heads * valueDimension,
      weights: heads * keyValueRank * valueDimension,
    },
  ].map(({ name, inputs, outputs, weights }): Operator => ({
    name,
    layers: count,
    flops: count * 2 * tokens * weights,
    bytes: {
      weights: count * weights * shape.weightBytes,
      cache: 0,
      activations: count * tokens * (inputs + outputs) * shape.activationBytes,
    },
    transfer: 0,
    precision: shape.precision,
  }));
  const attend = core(shape, "attention", count, {
    heads,
    scoreWidth: keyValueRank + rotaryDimension,
    valueWidth: keyValueRank,
    cached,
    written: cached,
    window: Infinity,
  });
  return [down, ...up, absorb[0]!, attend, absorb[1]!, output];
}

interface Core {
  heads: number;
  scoreWidth: number;
  valueWidth: number;
  /** Values that a token has in the cache of this layer. */
  cached: number;
  written: number;
  window: number;
}

/** Scores and their weighted sum, the scores kept on the chip: each key that is seen is read once, each new one written. */
function core(
  shape: Shape,
  name: string,
  count: number,
  { heads, scoreWidth, valueWidth, cached, written, window }: Core,
): Operator {
  const { step, tokens, formats } = shape;
  const pairs = step.batch * visiblePairs(step.newTokens, step.context, window);
  const keys = step.batch * visibleKeys(step.newTokens, step.context, window);
  return {
    name,
    layers: count,
    flops: count * 2 * heads * (scoreWidth + valueWidth) * pairs,
    bytes: {
      weights: 0,
      cache: count * (keys * cached + tokens * written) * shape.cacheBytes,
      activations: count * tokens * heads * (scoreWidth + valueWidth) * shape.activationBytes,
    },
    transfer: 0,
    precision: widerFormat(valueFormat(formats.cache), formats.activations),
  };
}
